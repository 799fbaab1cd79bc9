import { CostSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { LadderStep, Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CyclePlan } from '../../src/cycle/plan.ts';
import { compareMerit, passes, ranked } from '../../src/cycle/ranking.ts';
import { type CycleState, hasImage, isControl } from '../../src/cycle/state.ts';
import { toGeneration } from '../../src/cycle/view.ts';
import { type Fate, Play, plan } from './world.ts';

const QUESTIONS = ['near', 'part-b', 'c<near', 'opt'] as const;

const verdict = fc.constantFrom(
  Verdict.PASS,
  Verdict.PASS,
  Verdict.FAIL,
  Verdict.UNCERTAIN,
  Verdict.CANNOT_JUDGE,
  Verdict.JUDGE_ERROR,
  Verdict.NOT_APPLICABLE,
);

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(verdict, verdict, verdict, verdict).map(toVerdicts) },
  { weight: 1, arbitrary: fc.constantFrom<Fate>('refused_input', 'refused_output', 'judge_fails') },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...Object.values(FailureClass).filter((value) => value !== FailureClass.UNSPECIFIED))
      .map((failure): Fate => ({ failure })),
  },
);

function toVerdicts(verdicts: readonly Verdict[]): Fate {
  return Object.fromEntries(QUESTIONS.map((question, index) => [question, verdicts[index] ?? Verdict.PASS]));
}

const plans: fc.Arbitrary<CyclePlan> = fc
  .record({
    count: fc.integer({ min: 1, max: 3 }),
    extra: fc.integer({ min: 0, max: 2 }),
    maxRounds: fc.integer({ min: 1, max: 6 }),
    plateauRounds: fc.integer({ min: 1, max: 4 }),
    models: fc.constantFrom(['models/a'], ['models/a', 'models/b'], ['models/a', 'models/b', 'models/c']),
    maxCostMicroUsd: fc.option(fc.bigInt({ min: 0n, max: 1_000n }), { nil: undefined }),
    refine: fc.boolean(),
    crossRefusal: fc.boolean(),
    judged: fc.boolean(),
    seed: fc.nat(),
    confirmMargin: fc.constantFrom(undefined, 0, 0.1),
    editModels: fc.constantFrom(undefined, ['models/a'], ['models/a', 'models/b', 'models/c']),
    heldOutJudge: fc.constantFrom(undefined, 'other'),
    controlArm: fc.constantFrom(undefined, false, true),
    lookMicroUsd: fc.option(fc.bigInt({ min: 0n, max: 60n }), { nil: undefined }),
    promptMicroUsd: fc.option(fc.bigInt({ min: 0n, max: 60n }), { nil: undefined }),
  })
  .map(({ extra, lookMicroUsd, promptMicroUsd, ...rest }) =>
    plan({
      ...rest,
      candidatesPerRound: rest.count + extra,
      ...(promptMicroUsd !== undefined && {
        promptEstimate: create(CostSchema, { microUsd: promptMicroUsd }),
      }),
      ...(lookMicroUsd !== undefined && {
        judgeEstimate: create(CostSchema, { microUsd: lookMicroUsd }),
        heldOutEstimate: create(CostSchema, { microUsd: lookMicroUsd }),
      }),
    }),
  );

/** Any plan, in a world where anything may happen to any candidate; whether it can refine is drawn too. */
const games = fc.record({
  of: plans,
  fates: fc.array(fate, { minLength: 1, maxLength: 40 }),
  refinable: fc.boolean(),
  /** What second looks find; a second look that finds nothing else repeats the first. */
  seconds: fc.array(fc.option(fate, { nil: undefined }), { minLength: 1, maxLength: 8 }),
});

function played({
  of,
  fates,
  refinable,
  seconds,
}: {
  of: CyclePlan;
  fates: readonly Fate[];
  refinable: boolean;
  seconds: readonly (Fate | undefined)[];
}): Play {
  const play = new Play(of, {
    fate: ({ round, attempt }, index) => fates[(round * 7 + attempt * 3 + index) % fates.length] as Fate,
    canRefine: () => refinable,
    microUsd: 40n,
    ...(of.promptEstimate?.microUsd !== undefined && { promptMicroUsd: of.promptEstimate.microUsd }),
    ...(of.judgeEstimate?.microUsd !== undefined && { lookMicroUsd: of.judgeEstimate.microUsd }),
    second: ({ candidate: { round, index } }) =>
      seconds[(round * 5 + index) % seconds.length] ?? (fates[(round * 7 + index) % fates.length] as Fate),
  });
  play.run();
  return play;
}

const check = (property: (play: Play) => void) =>
  fc.assert(
    fc.property(games, (game) => property(played(game))),
    { seed: 20_261_122, numRuns: 400 },
  );

const ofCycle = ({ rounds }: CycleState) => rounds.filter((round) => !isControl(round));

test('every cycle ends, with an outcome and a reason', () => {
  check(({ state }) => {
    expect(state.ending?.outcome).toBeGreaterThan(Outcome.UNSPECIFIED);
    expect(state.ending?.reason).toBeGreaterThan(0);
    const rounds = state.rounds.filter((round) => !isControl(round));
    expect(rounds.length).toBeLessThanOrEqual(state.plan.maxRounds);
    expect(state.rounds.every(({ closed }) => closed)).toBe(true);
  });
});

test('the result is never worse than the best of round 0, nor than any other image', () => {
  check(({ state }) => {
    const [best] = ranked(state);
    const images = ofCycle(state).flatMap(({ candidates }) => candidates.filter(hasImage));
    for (const image of images) expect(best !== undefined && compareMerit(best, image) <= 0).toBe(true);
  });
});

test('nothing is approved unless every result passes every required question', () => {
  check(({ state }) => {
    const { results, outcome } = toGeneration(state);
    if (outcome !== Outcome.APPROVED) return;
    expect(results.length).toBeGreaterThan(0);
    for (const { round, index, approved } of results) {
      const candidate = state.rounds[round]?.candidates[index];
      const required = (candidate?.judgement?.answers ?? []).filter((answer) => answer.required);
      expect(approved).toBe(true);
      expect(required.length).toBeGreaterThan(0);
      const good = required.every(({ verdict: v }) => v === Verdict.PASS || v === Verdict.NOT_APPLICABLE);
      expect(good).toBe(true);
    }
  });
});

test('as many results as are wanted, where so many images were made', () => {
  check(({ state }) => {
    const images = ofCycle(state).flatMap(({ candidates }) => candidates.filter(hasImage));
    expect(toGeneration(state).results).toHaveLength(Math.min(images.length, state.plan.count));
  });
});

test('events are numbered 1 to n without a gap, begin with accepted and end with finished', () => {
  check(({ state, events }) => {
    expect(events.map(({ number }) => Number(number))).toEqual(events.map((_, index) => index + 1));
    expect(events[0]?.event.case).toBe('accepted');
    expect(events.filter(({ event }) => event.case === 'finished')).toHaveLength(1);
    expect(events.at(-1)?.event.case).toBe('finished');
    expect(toGeneration(state).lastEventNumber).toBe(BigInt(events.length));
  });
});

test('no two submissions share a key, and a cap on the cost is kept', () => {
  check(({ state, transitions }) => {
    const keys = transitions.flatMap((each) => (each.kind === 'candidate_ended' ? [each.result.key] : []));
    expect(new Set(keys).size).toBe(keys.length);
    const spent = state.usage.reduce((sum, { usage }) => sum + (usage.cost?.microUsd ?? 0n), 0n);
    const cap = state.plan.maxCostMicroUsd;
    expect(cap === undefined || spent <= cap).toBe(true);
  });
});

test('what a generation cost is what its rounds and its held-out judge cost, and prompts that made no round', () => {
  check(({ state }) => {
    const { cost, rounds, heldOut } = toGeneration(state);
    const sum = (costs: readonly ({ microUsd?: bigint | undefined } | undefined)[]) =>
      costs.reduce((total, each) => total + (each?.microUsd ?? 0n), 0n);
    const numbers = new Set(rounds.map(({ number }) => number));
    const roundless = state.usage.filter(
      ({ step, round }) => step.startsWith('prompt/') && !numbers.has(round),
    );
    const parts = [
      ...rounds.map((round) => round.cost),
      ...(heldOut?.usage ?? []).map((usage) => usage.cost),
      ...roundless.map(({ usage }) => usage.cost),
    ];
    expect(sum(parts)).toBe(cost?.microUsd ?? 0n);
    for (const round of rounds) {
      const own = [...round.promptUsage, ...round.candidates.flatMap(({ usage }) => usage)];
      expect(sum(own.map((usage) => usage.cost))).toBe(round.cost?.microUsd ?? 0n);
      for (const candidate of round.candidates)
        expect(sum(candidate.usage.map((usage) => usage.cost))).toBe(candidate.cost?.microUsd ?? 0n);
    }
  });
});

test('an accepted round never loses a required pass of the best before it', () => {
  check(({ state }) => {
    for (const round of state.rounds.filter(({ accepted, number }) => accepted && number > 0)) {
      const earlier = state.rounds.filter(({ number }) => number < round.number);
      const before = ranked({ rounds: earlier.filter(({ accepted }) => accepted) })[0];
      const best = ranked({ rounds: [round] })[0];
      if (before === undefined || best === undefined || !passes(before)) continue;
      expect(passes(best)).toBe(true);
    }
  });
});

test('nothing approved was only barely passed in a single look', () => {
  check(({ state }) => {
    const { confirmMargin = 0 } = state.plan;
    if (confirmMargin === 0) return;
    for (const round of ofCycle(state).filter(({ candidates }) => candidates.length > 0)) {
      for (const candidate of round.candidates.filter(passes)) {
        if (round.endMs === undefined || !isConfirmable(state)) continue;
        const near = (candidate.judgement?.answers ?? []).some(
          ({ questionId, verdict: v }) => questionId === 'near' && v === Verdict.PASS,
        );
        expect(near ? candidate.judgement?.looks : 2).toBe(2);
      }
    }
  });
});

/** A cycle that was stopped from outside, or ran out of money, may leave a look undone. */
function isConfirmable({ ending }: CycleState): boolean {
  return ending?.outcome === Outcome.APPROVED;
}

test('edits are of local faults, by a model that can, and of the same image once', () => {
  check(({ state }) => {
    const edits = state.rounds.filter(({ step }) => step === LadderStep.EDIT);
    for (const round of edits) {
      expect(state.plan.editModels).toContain(round.model);
      const edited = state.rounds[round.edits?.round ?? -1]?.candidates[round.edits?.index ?? -1];
      const failed = (edited?.judgement?.answers ?? []).filter(
        ({ required, verdict: v }) => required && (v === Verdict.FAIL || v === Verdict.UNCERTAIN),
      );
      const closed = new Set(failed.map(({ questionId }) => questionId));
      const roots = failed.filter(({ dependsOn }) => !dependsOn.some((parent) => closed.has(parent)));
      expect(roots.map(({ questionId }) => questionId)).toEqual(['part-b']);
    }
    const keys = edits.map(({ model, edits: of }) => `${model} ${of?.round}/${of?.index}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test('a control arm changes nothing of the result, and every image of it is of the first prompt', () => {
  check((play) => {
    const { state } = play;
    const { controlArm, outcome, results } = toGeneration(state);
    if (state.plan.controlArm !== true) {
      expect([controlArm, state.rounds.some(isControl)]).toEqual([undefined, false]);
      return;
    }
    const own = state.rounds.filter(isControl);
    const without = new Play({ ...state.plan, controlArm: false }, play.world);
    const alone = toGeneration(without.run());
    expect([alone.outcome, alone.results.map(({ round, index }) => [round, index])]).toEqual([
      outcome,
      results.map(({ round, index }) => [round, index]),
    ]);
    for (const round of own) expect(round.prompt.text).toBe(state.rounds[0]?.prompt.text);
  });
});

test('where rewriting has no effect, the control arm is the same game as the cycle', () => {
  const chances = fc.record({
    of: plans,
    fates: fc.array(fc.tuple(verdict, verdict, verdict, verdict).map(toVerdicts), {
      minLength: 1,
      maxLength: 40,
    }),
  });
  fc.assert(
    fc.property(chances, ({ of, fates }) => {
      const models = of.models.slice(0, 1);
      const alike = { models, refine: true, judged: true, controlArm: true, maxCostMicroUsd: undefined };
      // The luck of an image depends on how many of its arm came before it, and on nothing else.
      const play: Play = new Play(
        { ...of, ...alike, editModels: undefined, confirmMargin: 0, heldOutJudge: undefined },
        {
          fate: ({ round }, index) => {
            const cycle = ofCycle(play.state).length;
            const position = round < cycle ? round : round - cycle + 1;
            return fates[(position * 7 + index) % fates.length] as Fate;
          },
        },
      );
      const { controlArm, outcome } = toGeneration(play.run());
      const sizes = (rounds: CycleState['rounds']) => rounds.map(({ candidates }) => candidates.length);
      const own = play.state.rounds.filter(isControl);
      expect(sizes(own)).toEqual(sizes(ofCycle(play.state)).slice(1));
      expect(controlArm?.approved).toBe(outcome === Outcome.APPROVED);
    }),
    { seed: 20_261_128, numRuns: 400 },
  );
});

test('a held-out judge sees the best of round 0 and the first result, and nothing else', () => {
  check(({ state }) => {
    const { heldOut, results } = toGeneration(state);
    if (state.plan.heldOutJudge === undefined || state.after?.halted !== false) return;
    if (state.plan.maxCostMicroUsd !== undefined && heldOut?.result === undefined) return;
    expect(heldOut?.first?.round).toBe(state.rounds[0]?.candidates.some(hasImage) ? 0 : undefined);
    const [first] = results;
    expect([heldOut?.result?.round, heldOut?.result?.index]).toEqual([first?.round, first?.index]);
    expect(state.after.heldOut.length).toBeLessThanOrEqual(2);
  });
});
