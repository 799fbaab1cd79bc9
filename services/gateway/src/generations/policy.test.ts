import {
  CyclePolicySchema,
  OnDisconnect,
  PromptMode,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { effectivePolicy, planOf } from './policy.ts';

const policy = (init: Parameters<typeof create<typeof CyclePolicySchema>>[1]) =>
  create(CyclePolicySchema, init);

test('every field is filled in: the call goes before the project, the project before the platform', () => {
  const call = policy({ maxRounds: 1, refine: false });
  const project = policy({
    maxRounds: 5,
    plateauRounds: 4,
    fallbackModels: ['models/b'],
    crossRefusal: true,
  });
  expect(effectivePolicy(call, project, 1)).toMatchObject({
    maxRounds: 1,
    candidatesPerRound: 1,
    maxDuration: { seconds: 600n },
    plateauRounds: 4,
    fallbackModels: ['models/b'],
    crossRefusal: true,
    allowExperimental: false,
    promptMode: PromptMode.EXPAND,
    onDisconnect: OnDisconnect.CONTINUE,
    refine: false,
  });
});

test('false and zero of the call are values', () => {
  const call = policy({ crossRefusal: false, maxCostMicroUsd: 0n });
  const project = policy({ crossRefusal: true, maxCostMicroUsd: 9n });
  expect(effectivePolicy(call, project, 1)).toMatchObject({ crossRefusal: false, maxCostMicroUsd: 0n });
});

test('candidates are at least as many as results; what the call itself says must fit', () => {
  expect(effectivePolicy(undefined, policy({ candidatesPerRound: 2 }), 4).candidatesPerRound).toBe(4);
  expect(() => effectivePolicy(policy({ candidatesPerRound: 2 }), undefined, 4)).toThrow(
    expect.objectContaining({
      reason: 'CONTRADICTORY_FIELDS',
      fieldViolations: [expect.objectContaining({ field: 'generation.policy.candidates_per_round' })],
    }),
  );
});

test('no model is in the plan twice', () => {
  const of = effectivePolicy(policy({ fallbackModels: ['models/b', 'models/a', 'models/b'] }), undefined, 1);
  const plan = planOf(of, { model: 'models/a', count: 1, seed: 1, judged: true });
  expect(plan.models).toEqual(['models/a', 'models/b']);
});
