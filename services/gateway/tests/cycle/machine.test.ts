import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { AnswerSchema, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { ExpectedAnswer } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { LadderStep, Outcome, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { PromptSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { apply, begin } from '../../src/cycle/apply.ts';
import type { CyclePlan } from '../../src/cycle/plan.ts';
import { refinement } from '../../src/cycle/refinement.ts';
import type { PromptReady } from '../../src/cycle/transitions.ts';
import { toGeneration } from '../../src/cycle/view.ts';
import { type Fate, Play, plan, type World } from './world.ts';

const { PASS, FAIL, UNCERTAIN, CANNOT_JUDGE, JUDGE_ERROR, NOT_APPLICABLE } = Verdict;

/** A fate for each round; the last one repeats. */
function byRound(...fates: readonly Fate[]): World {
  return { fate: ({ round }) => fates[Math.min(round, fates.length - 1)] as Fate };
}

function byModel(fates: Readonly<Record<string, Fate>>): World {
  return { fate: ({ model }) => fates[model] as Fate };
}

interface Row {
  readonly name: string;
  readonly plan?: Partial<CyclePlan>;
  readonly world: World;
  readonly outcome: Outcome;
  readonly stop: StopReason;
  readonly rounds: number;
}

const cheap = { microUsd: 40n };

const ENDINGS: readonly Row[] = [
  {
    name: 'the first image passes',
    world: byRound({ subject: PASS }),
    outcome: Outcome.APPROVED,
    stop: StopReason.ENOUGH_PASS,
    rounds: 1,
  },
  {
    name: 'a rewrite mends it',
    world: byRound({ subject: PASS, count: FAIL }, { subject: PASS, count: PASS }),
    outcome: Outcome.APPROVED,
    stop: StopReason.ENOUGH_PASS,
    rounds: 2,
  },
  {
    name: 'all rounds are used',
    plan: { maxRounds: 2 },
    world: byRound({ subject: FAIL }),
    outcome: Outcome.EXHAUSTED,
    stop: StopReason.MAX_ROUNDS,
    rounds: 2,
  },
  {
    name: 'two rounds bring no gain',
    plan: { maxRounds: 10 },
    world: byRound({ subject: FAIL }),
    outcome: Outcome.EXHAUSTED,
    stop: StopReason.NO_GAIN,
    rounds: 3,
  },
  {
    name: 'a plateau goes to the next model, which passes',
    plan: { maxRounds: 10, models: ['models/a', 'models/b'] },
    world: byModel({ 'models/a': { subject: FAIL }, 'models/b': { subject: PASS } }),
    outcome: Outcome.APPROVED,
    stop: StopReason.ENOUGH_PASS,
    rounds: 4,
  },
  {
    name: 'the ladder is climbed to its top',
    plan: { maxRounds: 10, plateauRounds: 10 },
    world: byRound({ subject: FAIL }),
    outcome: Outcome.EXHAUSTED,
    stop: StopReason.LADDER_TOP,
    rounds: 3,
  },
  {
    name: 'the second round could exceed the cap',
    plan: { maxCostMicroUsd: 60n },
    world: { ...byRound({ subject: FAIL }), ...cheap },
    outcome: Outcome.EXHAUSTED,
    stop: StopReason.MAX_COST,
    rounds: 1,
  },
  {
    name: 'the first round could exceed the cap',
    plan: { maxCostMicroUsd: 30n },
    world: { ...byRound({ subject: PASS }), ...cheap },
    outcome: Outcome.FAILED,
    stop: StopReason.MAX_COST,
    rounds: 0,
  },
  {
    name: 'a cap cannot be kept without a price',
    plan: { maxCostMicroUsd: 1_000n },
    world: { ...byRound({ subject: PASS }), microUsd: undefined },
    outcome: Outcome.FAILED,
    stop: StopReason.MAX_COST,
    rounds: 0,
  },
  {
    name: 'there are no questions',
    plan: { judged: false },
    world: byRound({}),
    outcome: Outcome.UNJUDGED,
    stop: StopReason.NO_QUESTIONS,
    rounds: 1,
  },
  {
    name: 'no judge can answer',
    world: byRound({ subject: PASS, mood: CANNOT_JUDGE }),
    outcome: Outcome.NEEDS_REVIEW,
    stop: StopReason.NOTHING_TO_REFINE,
    rounds: 1,
  },
  {
    name: 'a judge errs',
    world: byRound({ subject: PASS, mood: JUDGE_ERROR }),
    outcome: Outcome.NEEDS_REVIEW,
    stop: StopReason.NOTHING_TO_REFINE,
    rounds: 1,
  },
  {
    name: 'the judging itself fails',
    world: byRound('judge_fails'),
    outcome: Outcome.NEEDS_REVIEW,
    stop: StopReason.NOTHING_TO_REFINE,
    rounds: 1,
  },
  {
    name: 'it stays uncertain',
    world: byRound({ subject: UNCERTAIN }),
    outcome: Outcome.NEEDS_REVIEW,
    stop: StopReason.MAX_ROUNDS,
    rounds: 3,
  },
  {
    name: 'no question is required',
    world: byRound({ optional: PASS }),
    outcome: Outcome.NEEDS_REVIEW,
    stop: StopReason.NOTHING_TO_REFINE,
    rounds: 1,
  },
  {
    name: 'the input is refused',
    plan: { models: ['models/a', 'models/b'] },
    world: byModel({ 'models/a': 'refused_input', 'models/b': { subject: PASS } }),
    outcome: Outcome.REFUSED,
    stop: StopReason.REFUSED,
    rounds: 1,
  },
  {
    name: 'the input is refused, and the project opted in to ask another provider',
    plan: { models: ['models/a', 'models/b'], crossRefusal: true },
    world: byModel({ 'models/a': 'refused_input', 'models/b': { subject: PASS } }),
    outcome: Outcome.APPROVED,
    stop: StopReason.ENOUGH_PASS,
    rounds: 1,
  },
  {
    name: 'a refined input is refused',
    world: byRound({ subject: FAIL }, 'refused_input'),
    outcome: Outcome.REFUSED,
    stop: StopReason.REFUSED,
    rounds: 2,
  },
  {
    name: 'refused outputs are tried with other seeds',
    world: byRound('refused_output', { subject: PASS }),
    outcome: Outcome.APPROVED,
    stop: StopReason.ENOUGH_PASS,
    rounds: 2,
  },
  {
    name: 'every output is refused',
    world: byRound('refused_output'),
    outcome: Outcome.FAILED,
    stop: StopReason.NO_GAIN,
    rounds: 2,
  },
  {
    name: 'the only provider is down',
    world: byRound({ failure: FailureClass.UNAVAILABLE }),
    outcome: Outcome.FAILED,
    stop: StopReason.PROVIDER_FAILED,
    rounds: 1,
  },
  {
    name: 'nothing more can be refined',
    plan: { plateauRounds: 10 },
    world: { ...byRound({ subject: FAIL }, { other: FAIL, subject: FAIL }), canRefine: () => false },
    outcome: Outcome.EXHAUSTED,
    stop: StopReason.CANNOT_REFINE,
    rounds: 2,
  },
];

describe('endings', () => {
  test.each(ENDINGS)('$name', (row) => {
    const state = new Play(plan(row.plan), row.world).run();
    expect(state.ending?.outcome).toBe(row.outcome);
    expect(state.ending?.reason).toBe(row.stop);
    expect(state.rounds).toHaveLength(row.rounds);
    expect(state.ending?.message).not.toBe('');
  });
});

describe('fallback', () => {
  const models = ['models/a', 'models/b', 'models/c'];
  const falling = ['AUTH', 'ACCOUNT', 'RATE_LIMITED', 'UNAVAILABLE', 'TIMEOUT'] as const;
  const staying = ['INVALID_REQUEST', 'UNKNOWN_OUTCOME', 'INTERNAL'] as const;

  test.each(falling)('%s goes to the next model, in the same round and under other keys', (name) => {
    const world = byModel({ 'models/a': { failure: FailureClass[name] }, 'models/b': { subject: PASS } });
    const play = new Play(plan({ models }), world);
    const state = play.run();
    expect(state.ending?.outcome).toBe(Outcome.APPROVED);
    expect(state.rounds).toHaveLength(1);
    expect(state.rounds[0]).toMatchObject({ model: 'models/b', attempt: 1 });
    expect(state.warnings.join()).toContain('models/a');
    expect(state.rounds[0]?.candidates[0]?.result?.key.endsWith('/0/0/1')).toBe(true);
  });

  test.each(staying)('%s is not tried on another model', (name) => {
    const world = byModel({ 'models/a': { failure: FailureClass[name] }, 'models/b': { subject: PASS } });
    const state = new Play(plan({ models }), world).run();
    expect(state.ending).toMatchObject({ outcome: Outcome.FAILED, reason: StopReason.PROVIDER_FAILED });
    expect(state.rounds[0]?.model).toBe('models/a');
  });

  test('a partial round is used as it is', () => {
    const fate: World['fate'] = (_, index) =>
      index === 0 ? { subject: PASS } : { failure: FailureClass.UNAVAILABLE };
    const state = new Play(plan({ models, candidatesPerRound: 3 }), { fate }).run();
    expect(state.ending?.outcome).toBe(Outcome.APPROVED);
    expect(state.rounds[0]?.model).toBe('models/a');
  });

  test('what failed is told of each candidate, by model, class and message', () => {
    const fate: World['fate'] = ({ model }, index) => {
      if (model !== 'models/a') return { subject: PASS };
      return { failure: index === 1 ? FailureClass.TIMEOUT : FailureClass.UNAVAILABLE };
    };
    const state = new Play(plan({ models, candidatesPerRound: 3 }), { fate }).run();
    expect(state.warnings).toEqual([
      'models/a brought no image in round 0: ' +
        'candidates 0, 2 failed (UNAVAILABLE): failed with 5; candidate 1 failed (TIMEOUT): failed with 6',
    ]);
  });

  test.each(['UNKNOWN_OUTCOME', 'TIMEOUT'] as const)(
    '%s keeps its share of the bound, as an estimate',
    (name) => {
      const world: World = {
        fate: (_, index) => (index === 0 ? { failure: FailureClass[name] } : { subject: PASS }),
        microUsd: 40n,
      };
      const play = new Play(plan({ candidatesPerRound: 2 }), world);
      play.run();
      expect(toGeneration(play.state).cost).toMatchObject({
        microUsd: 80n,
        basis: CostBasis.ESTIMATED,
        incomplete: false,
      });
    },
  );
});

describe('the ladder', () => {
  test('rewrites, then takes more candidates, then the next model', () => {
    const world = byModel({ 'models/a': { subject: FAIL }, 'models/b': { subject: FAIL } });
    const state = new Play(
      plan({ maxRounds: 10, plateauRounds: 10, models: ['models/a', 'models/b'] }),
      world,
    ).run();
    expect(state.rounds.map(({ step, model, candidates }) => [step, model, candidates.length])).toEqual([
      [LadderStep.UNSPECIFIED, 'models/a', 1],
      [LadderStep.REWRITE, 'models/a', 1],
      [LadderStep.RESAMPLE, 'models/a', 2],
      [LadderStep.NEXT_MODEL, 'models/b', 1],
      [LadderStep.REWRITE, 'models/b', 1],
      [LadderStep.RESAMPLE, 'models/b', 2],
    ]);
    expect(state.ending?.reason).toBe(StopReason.LADDER_TOP);
  });

  test('goes on rewriting while what fails changes', () => {
    const world = byRound({ a: FAIL, b: FAIL }, { a: PASS, b: FAIL }, { a: PASS, b: PASS });
    const state = new Play(plan(), world).run();
    expect(state.rounds.map(({ step }) => step)).toEqual([
      LadderStep.UNSPECIFIED,
      LadderStep.REWRITE,
      LadderStep.REWRITE,
    ]);
  });

  test('samples again where refinement is off, always with the same prompt', () => {
    const state = new Play(plan({ refine: false }), byRound({ subject: FAIL })).run();
    expect(new Set(state.rounds.map(({ prompt }) => prompt.text)).size).toBe(1);
    const seeds = state.rounds.flatMap(({ candidates }) => candidates.map(({ seed }) => seed));
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seeds[0]).toBe(7);
  });

  test('samples again for more passing images', () => {
    const world: World = {
      fate: ({ round }, index) => (round > 0 || index === 0 ? { subject: PASS } : { subject: FAIL }),
    };
    const state = new Play(plan({ count: 2, candidatesPerRound: 2 }), world).run();
    expect(state.rounds[1]?.step).toBe(LadderStep.RESAMPLE);
    expect(state.ending?.outcome).toBe(Outcome.APPROVED);
  });
});

describe('keep-best', () => {
  test('a round in which a required question regresses is not accepted, and refinement goes on from the best', () => {
    const world = byRound(
      { a: PASS, b: FAIL, c: FAIL },
      { a: FAIL, b: PASS, c: PASS },
      { a: PASS, b: FAIL, c: FAIL },
    );
    const play = new Play(plan({ maxRounds: 2 }), world);
    const state = play.run();
    expect(state.rounds.map(({ accepted }) => accepted)).toEqual([true, false]);
    expect(state.base).toEqual({ round: 0, index: 0 });
    // The results are ranked over all rounds: two required passes go before one.
    expect(toGeneration(state).results[0]).toMatchObject({ round: 1, index: 0 });
  });

  test('the writer is told root failures, what must stay, and the history', () => {
    const world = byRound({
      a: PASS,
      b: FAIL,
      'c<b': FAIL,
      d: NOT_APPLICABLE,
      opt: FAIL,
      sure: CANNOT_JUDGE,
    });
    const play = new Play(plan(), world);
    while (play.state.prompting?.how !== 'refine') play.step();
    const told = refinement(play.state, {});
    expect(told?.failed.map(({ questionId }) => questionId)).toEqual(['b', 'opt']);
    expect(told?.mustKeep).toEqual(['Is a right?']);
    expect(told?.prompt.text).toBe('written for models/a');
    expect(told?.history).toHaveLength(1);
    expect(told?.history[0]?.failedQuestionIds).toEqual(['b', 'c', 'opt', 'sure']);
  });
});

describe('stopping from outside', () => {
  test('before it began, it ends with nothing', () => {
    const play = new Play(plan(), byRound({ subject: PASS }));
    play.tell({
      kind: 'stop_requested',
      timeMs: play.now(),
      reason: StopReason.CANCELLED,
      detail: 'no need',
    });
    expect(play.run().ending).toMatchObject({ outcome: Outcome.CANCELLED, reason: StopReason.CANCELLED });
    expect(play.state.rounds).toHaveLength(0);
  });

  test('between rounds, it keeps the best so far', () => {
    const play = new Play(plan(), byRound({ subject: FAIL }));
    while (play.state.rounds[0]?.closed !== true) play.step();
    play.tell({ kind: 'stop_requested', timeMs: play.now(), reason: StopReason.MAX_DURATION, detail: '' });
    play.run();
    expect(play.state.ending).toMatchObject({ outcome: Outcome.EXHAUSTED, reason: StopReason.MAX_DURATION });
    expect(toGeneration(play.state).results).toHaveLength(1);
  });

  test('while images are made, what was begun is waited for and nothing new begins', () => {
    const play = new Play(plan({ candidatesPerRound: 2 }), byRound({ subject: PASS }));
    while (play.state.rounds.length === 0) play.step();
    play.tell({ kind: 'generate_begun', timeMs: play.now(), round: 0, attempt: 0 });
    play.tell({ kind: 'stop_requested', timeMs: play.now(), reason: StopReason.CANCELLED, detail: '' });
    play.run();
    expect(play.state.ending?.outcome).toBe(Outcome.CANCELLED);
    expect(toGeneration(play.state).results).toHaveLength(1);
    expect(toGeneration(play.state).results[0]?.approved).toBe(false);
  });

  test('a round whose images were not asked for leaves nothing behind', () => {
    const play = new Play(plan(), byRound({ subject: PASS }));
    while (play.state.rounds.length === 0) play.step();
    play.tell({ kind: 'stop_requested', timeMs: play.now(), reason: StopReason.CANCELLED, detail: '' });
    play.tell({ kind: 'generate_begun', timeMs: play.now(), round: 0, attempt: 0 });
    play.run();
    expect(play.state.rounds[0]).toMatchObject({ candidates: [], begun: false });
    expect(play.state.usage.filter(({ step }) => step.startsWith('image/'))).toHaveLength(0);
  });

  test('a budget that is used up ends it with what there is', () => {
    const play = new Play(plan(), byRound({ subject: FAIL }));
    while (play.state.rounds.length < 2) play.step();
    play.tell({ kind: 'generate_refused', timeMs: play.now(), round: 1, attempt: 0, message: 'budgets/b' });
    play.run();
    expect(play.state.ending).toMatchObject({
      outcome: Outcome.EXHAUSTED,
      reason: StopReason.BUDGET_EXCEEDED,
    });
  });
});

test('time in which nobody ran it does not count', () => {
  const play = new Play(plan({ maxDurationMs: 5_000 }), byRound({ subject: PASS }));
  play.tell({ kind: 'started', timeMs: 10_000 });
  expect(play.state.deadlineMs).toBe(15_000);
  play.tell({ kind: 'resumed', timeMs: 100_000 });
  expect(play.state.deadlineMs).toBe(105_000);
});

test('what the prompt writer warns of is told once, and journals without it still read', () => {
  const play = new Play(plan(), byRound({ a: PASS }));
  while (play.state.prompting === undefined) play.step();
  const ready: PromptReady = {
    kind: 'prompt_ready',
    timeMs: play.now(),
    round: 0,
    attempt: 0,
    prompt: create(PromptSchema, { text: 'short' }),
    rationale: '',
    receipt: undefined,
    nativeRequests: [],
    estimate: undefined,
    usage: [],
  };
  const before = { ...play.state, warnings: ['1 clause was left out'] };
  expect(apply(before, ready).state.warnings).toEqual(['1 clause was left out']);
  const warnings = ['1 clause was left out', 'a term was added', 'a term was added'];
  const { state } = apply(before, { ...ready, warnings });
  expect(toGeneration(state).warnings).toEqual(['1 clause was left out', 'a term was added']);
  // A prompt that nobody waits for any more tells of nothing that was sent.
  expect(apply(before, { ...ready, attempt: 5, warnings }).state.warnings).toEqual(before.warnings);
});

test('the writer is told which answer was hoped for, and every hint in full', () => {
  const play = new Play(plan(), byRound({ b: FAIL, c: FAIL }));
  while (play.state.prompting?.how !== 'refine') play.step();
  const [round] = play.state.rounds;
  const [candidate] = round?.candidates ?? [];
  const answers = candidate?.judgement?.answers ?? [];
  const [first, second] = answers;
  if (
    round === undefined ||
    candidate?.judgement === undefined ||
    first === undefined ||
    second === undefined
  ) {
    throw new Error('nothing was judged');
  }
  const no = create(AnswerSchema, {
    ...first,
    expectedAnswer: ExpectedAnswer.NO,
    critique: 'x'.repeat(5_000),
    hint: 'ask for none',
  });
  const judgement = { ...candidate.judgement, answers: [no, second] };
  const rounds = [{ ...round, candidates: [{ ...candidate, judgement }] }];
  const told = refinement({ ...play.state, rounds }, {});
  expect(told?.failed.map(({ questionId, expectsNo }) => [questionId, expectsNo])).toEqual([
    ['b', true],
    ['c', false],
  ]);
  expect(told?.failed[0]?.critique).toHaveLength(4_096);
  expect(told?.failed[0]?.critique).toMatch(/x\nask for none$/);
  expect(told?.warnings).toEqual([
    'The writer is told only the first 4083 characters of what was found on b.',
  ]);
});

test('a journal replays to the same state and the same events', () => {
  const world = byRound({ a: PASS, b: FAIL }, { a: PASS, b: PASS });
  const play = new Play(plan({ candidatesPerRound: 2 }), world);
  play.run();
  let { state, events } = begin(play.accepted);
  const replayed = [...events];
  for (const transition of play.transitions) {
    ({ state, events } = apply(state, transition));
    replayed.push(...events);
  }
  expect(replayed).toEqual(play.events);
  expect(toGeneration(state)).toEqual(toGeneration(play.state));
});

test('what no longer fits changes nothing', () => {
  const play = new Play(plan(), byRound({ subject: PASS }));
  const state = play.run();
  play.tell({ kind: 'stop_requested', timeMs: play.now(), reason: StopReason.CANCELLED, detail: '' });
  expect(play.state).toBe(state);
});
