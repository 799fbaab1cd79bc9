import { type Atelier, createAtelier, type GenerationInput } from '@atelier/client';
import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type Generation,
  LadderStep,
  Outcome,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  CandidateState,
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { launchTestMesh, type TestMesh } from '../src/index.ts';

// Each model of the sandbox behaves as its name says: here is what a caller sees of it at the end of a cycle.

const sharp = { id: 'sharp', text: 'Is it sharp?', required: true, check: { kind: 'sharpness' } };

let mesh: TestMesh;
let atelier: Atelier;

beforeAll(async () => {
  mesh = await launchTestMesh();
  atelier = createAtelier({ address: mesh.mesh.address, defaults: { project: 'sandbox' } });
  await atelier.services.projects.createProject({
    project: { name: 'projects/sandbox', questions: [sharp], parameters: { seed: 7n } },
  });
}, 120_000);

afterAll(async () => {
  atelier?.close();
  await mesh?.[Symbol.asyncDispose]();
});

function run(model: string, more: Partial<GenerationInput> = {}): Promise<Generation> {
  return atelier.generate({ model, brief: 'a red ball', ...more } as GenerationInput);
}

/** How the candidates of each round ended. */
const ends = ({ rounds }: Generation) => rounds.map((round) => round.candidates.map(({ state }) => state));

const { SUCCEEDED, REFUSED, FAILED } = CandidateState;

test('approve', async () => {
  const generation = await run('sandbox-approve', { parameters: { count: 2 } });
  expect(generation).toMatchObject({
    outcome: Outcome.APPROVED,
    stopReason: StopReason.ENOUGH_PASS,
    message: 'Every result passes all required questions.',
    warnings: [],
    failedQuestions: [],
    results: [
      { approved: true, round: 0, index: 0, failedQuestionIds: [] },
      { approved: true, round: 0, index: 1, failedQuestionIds: [] },
    ],
    cost: { microUsd: 10_000n, basis: CostBasis.ACTUAL, incomplete: false },
  });
  expect(atelier.approvedImage(generation).name).toBe(generation.results[0]?.image?.name);
});

test('exhaust', async () => {
  const generation = await run('sandbox-exhaust');
  expect(generation).toMatchObject({
    outcome: Outcome.EXHAUSTED,
    stopReason: StopReason.MAX_ROUNDS,
    failedQuestions: [{ questionId: 'sharp' }],
    results: [{ approved: false, failedQuestionIds: ['sharp'] }],
  });
  expect(generation.message).toContain('The best image fails sharp. All rounds are used.');
  expect(generation.rounds.map(({ step }) => step)).toEqual([
    LadderStep.UNSPECIFIED,
    LadderStep.REWRITE,
    LadderStep.RESAMPLE,
  ]);
  expect(() => atelier.approvedImage(generation)).toThrow();
});

test('review', async () => {
  const generation = await run('sandbox-review', { policy: { maxRounds: 1 } as never });
  expect(generation).toMatchObject({
    outcome: Outcome.NEEDS_REVIEW,
    stopReason: StopReason.MAX_ROUNDS,
    results: [{ approved: false, failedQuestionIds: ['sharp'] }],
  });
  expect(generation.message).toContain('a person decides. The best image leaves sharp open.');
  const queue = await atelier.services.reviews.listReviewQueue({});
  expect(queue.generations[0]?.name).toBe(generation.name);
});

test('refuse, which is not sent to another model', async () => {
  const generation = await run('sandbox-refuse', {
    policy: { fallbackModels: ['models/sandbox-approve'] } as never,
  });
  expect(generation).toMatchObject({
    outcome: Outcome.REFUSED,
    stopReason: StopReason.REFUSED,
    message: "The provider's moderation refused the input. The sandbox refuses every prompt.",
    refusal: { stage: RefusalStage.INPUT, categories: ['sandbox'] },
    results: [],
    cost: { microUsd: 0n },
  });
  expect(ends(generation)).toEqual([[REFUSED]]);
});

test('refuse, where the project lets others be asked', async () => {
  const policy = { fallbackModels: ['models/sandbox-approve'], crossRefusal: true } as never;
  const generation = await run('sandbox-refuse', { policy });
  expect(generation).toMatchObject({
    outcome: Outcome.APPROVED,
    warnings: [
      'models/sandbox-refuse brought no image in round 0: candidate 0 refused (INPUT): The sandbox refuses every prompt.',
    ],
  });
});

test('refuse-output, where other seeds are tried before it is given up', async () => {
  const generation = await run('sandbox-refuse-output');
  expect(generation).toMatchObject({
    outcome: Outcome.FAILED,
    stopReason: StopReason.NO_GAIN,
    results: [],
    cost: { microUsd: 0n },
  });
  expect(generation.message).toContain('The sandbox refuses what it made.');
  expect(ends(generation)).toEqual([[REFUSED], [REFUSED]]);
  const stages = generation.rounds.flatMap((round) => round.candidates.map(({ refusal }) => refusal?.stage));
  expect(stages).toEqual([RefusalStage.OUTPUT, RefusalStage.OUTPUT]);
});

test('partial, where what is missing is made in another round', async () => {
  const generation = await run('sandbox-partial', { parameters: { count: 4 } });
  expect(generation).toMatchObject({ outcome: Outcome.APPROVED, stopReason: StopReason.ENOUGH_PASS });
  expect(generation.results).toHaveLength(4);
  const round = [SUCCEEDED, SUCCEEDED, SUCCEEDED, FAILED];
  expect(ends(generation)).toEqual([round, round]);
  expect(generation.cost?.microUsd).toBe(30_000n);
});

test('partial, where there is no other round', async () => {
  const generation = await run('sandbox-partial', {
    parameters: { count: 4 },
    policy: { maxRounds: 1 } as never,
  });
  expect(generation).toMatchObject({
    outcome: Outcome.APPROVED,
    stopReason: StopReason.MAX_ROUNDS,
    warnings: ['3 of 4 images could be made.'],
    cost: { microUsd: 15_000n },
  });
  expect(generation.results).toHaveLength(3);
});

/** Models that bring nothing: what became of the candidate, and what it may have cost, which is not known of a timeout. */
const failing = [
  ['sandbox-fail', 'UNAVAILABLE', 'The sandbox is down on purpose.', 0n, CostBasis.ACTUAL],
  [
    'sandbox-timeout',
    'TIMEOUT',
    'models/sandbox-timeout did not answer within 2000 ms.',
    5_000n,
    CostBasis.ESTIMATED,
  ],
] as const;

test.each(failing)('%s, alone', async (model, failure, message, microUsd, basis) => {
  const generation = await run(model);
  expect(generation).toMatchObject({
    outcome: Outcome.FAILED,
    stopReason: StopReason.PROVIDER_FAILED,
    cost: { microUsd, basis, incomplete: false },
  });
  expect(generation.message).toContain(message);
  expect(generation.rounds[0]?.candidates).toMatchObject([
    { failure: { class: FailureClass[failure], message } },
  ]);
});

test.each(failing)(
  '%s, with another model to go on with',
  async (model, failure, message, microUsd, basis) => {
    const generation = await run(model, { policy: { fallbackModels: ['models/sandbox-approve'] } as never });
    expect(generation).toMatchObject({
      outcome: Outcome.APPROVED,
      model: 'models/sandbox-approve',
      rounds: [{ number: 0, model: 'models/sandbox-approve' }],
      warnings: [`models/${model} brought no image in round 0: candidate 0 failed (${failure}): ${message}`],
      cost: { microUsd: microUsd + 5_000n, basis },
    });
  },
);

test('unknown-outcome, which is neither repeated nor forgotten as a cost', async () => {
  const generation = await run('sandbox-unknown-outcome', {
    policy: { fallbackModels: ['models/sandbox-approve'] } as never,
  });
  expect(generation).toMatchObject({
    outcome: Outcome.FAILED,
    stopReason: StopReason.PROVIDER_FAILED,
    cost: { microUsd: 5_000n, basis: CostBasis.ESTIMATED },
  });
  expect(generation.rounds).toHaveLength(1);
  expect(generation.rounds[0]?.candidates).toMatchObject([
    { failure: { class: FailureClass.UNKNOWN_OUTCOME } },
  ]);
});

test('bad-answer, which is no picture', async () => {
  const generation = await run('sandbox-bad-answer');
  expect(generation).toMatchObject({
    outcome: Outcome.FAILED,
    stopReason: StopReason.NO_GAIN,
    results: [],
  });
  expect(generation.message).toContain('The bytes are application/zip, not PNG, JPEG or WebP.');
  const classes = generation.rounds.flatMap((round) => round.candidates.map(({ failure }) => failure?.class));
  expect(classes).toEqual([FailureClass.BAD_ANSWER, FailureClass.BAD_ANSWER]);
});

test('slow, which tells how far it is', async () => {
  const fractions: number[] = [];
  let outcome: Outcome | undefined;
  const providerOptions = { sandbox: { delay_ms: 400 } };
  const events = atelier.stream({
    model: 'sandbox-slow',
    brief: 'a red ball',
    parameters: { providerOptions },
  });
  for await (const { event } of events) {
    if (event.case === 'progress' && event.value.fraction !== undefined) fractions.push(event.value.fraction);
    if (event.case === 'finished') outcome = event.value.generation?.outcome;
  }
  expect(fractions).toContain(0.5);
  expect(fractions).toEqual(fractions.toSorted());
  expect(outcome).toBe(Outcome.APPROVED);
});

test('unpriced, whose cost is unknown and not zero', async () => {
  const { outcome, cost } = await run('sandbox-unpriced');
  expect(outcome).toBe(Outcome.APPROVED);
  expect(cost?.incomplete).toBe(true);
  const usage = await atelier.services.usage.queryUsage({ query: { model: 'models/sandbox-unpriced' } });
  expect(usage.total).toMatchObject({ images: 1n, unpricedEvents: 1n, cost: { incomplete: true } });
});
