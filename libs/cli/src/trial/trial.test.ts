import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { GenerationSchema, LadderStep, Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { summarise } from './trial.ts';

const candidates = [{ image: { name: 'images/1' } }, { image: { name: 'images/2' } }];

test('rounds and images are those of the cycle, and the cost is that of the control arm too', () => {
  const generation = create(GenerationSchema, {
    outcome: Outcome.APPROVED,
    results: [{ round: 1, approved: true }],
    cost: { microUsd: 60n, basis: CostBasis.ACTUAL },
    rounds: [
      { number: 0, candidates },
      { number: 1, step: LadderStep.REWRITE, candidates: [candidates[0] ?? {}, {}] },
      { number: 2, step: LadderStep.CONTROL, candidates },
    ],
  });
  const trial = { id: 'apples', seed: 1, generation, error: undefined };
  expect(summarise([trial, { ...trial, generation: undefined, error: new Error('refused') }])).toEqual({
    trials: 2,
    approved: 1,
    approvedAtFirst: 0,
    errors: 1,
    rounds: 2,
    images: 3,
    microUsd: 60n,
  });
});
