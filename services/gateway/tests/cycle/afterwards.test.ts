import { CostSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { LadderStep, Outcome, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { next } from '../../src/cycle/next.ts';
import { isControl } from '../../src/cycle/state.ts';
import { toGeneration } from '../../src/cycle/view.ts';
import { Play, plan, type World } from './world.ts';

const { PASS, FAIL } = Verdict;

/** Refinement mends it in the third round; other seeds of the first prompt never do. */
const mended: World = {
  fate: ({ prompt, round }) => {
    if (!prompt.text.startsWith('refined')) return { a: FAIL, b: PASS };
    return round === 1 ? { a: FAIL, b: FAIL } : { a: PASS, b: PASS };
  },
  microUsd: 40n,
};

describe('the control arm', () => {
  test('goes on from round 0 by the rules of the cycle, with the first prompt and other seeds, and is no result', () => {
    const play = new Play(plan({ controlArm: true, maxRounds: 4 }), mended);
    const { rounds, controlArm, results, outcome, cost } = toGeneration(play.run());
    const control = rounds.filter(({ step }) => step === LadderStep.CONTROL);
    expect(control.map(({ candidates }) => candidates.length)).toEqual([1, 2]);
    expect(control[0]?.prompt?.text).toBe(rounds[0]?.prompt?.text);
    const seeds = rounds.flatMap(({ candidates }) => candidates.map(({ seed }) => seed));
    expect(new Set(seeds).size).toBe(6);
    expect(controlArm).toMatchObject({ images: 4, approved: false, shortfall: '', cost: { microUsd: 120n } });
    expect([outcome, results[0]?.round, cost?.microUsd]).toEqual([Outcome.APPROVED, 2, 240n]);
    expect(control.flatMap(({ candidates }) => candidates.map(({ rank }) => rank))).toEqual([0, 0, 0]);
  });

  test('costs nothing where the first round is enough, and agrees with it', () => {
    const play = new Play(plan({ controlArm: true }), { fate: () => ({ a: PASS }), microUsd: 40n });
    const { controlArm, rounds } = toGeneration(play.run());
    expect(rounds).toHaveLength(1);
    expect(controlArm).toMatchObject({ images: 1, approved: true, shortfall: '', cost: { microUsd: 0n } });
  });

  test('never exceeds the cap, and says that it fell short', () => {
    const play = new Play(plan({ controlArm: true, maxRounds: 4, maxCostMicroUsd: 150n }), mended);
    const { controlArm, cost } = toGeneration(play.run());
    expect(cost?.microUsd).toBe(120n);
    expect(controlArm).toMatchObject({ images: 1, shortfall: expect.stringMatching('could have cost more') });
  });

  test('is cancelled with the generation, whose outcome stays what it was', () => {
    const play = new Play(plan({ controlArm: true, maxRounds: 4 }), mended);
    while (!play.state.rounds.some((round) => isControl(round) && !round.closed)) play.step();
    const [round] = play.state.rounds.slice(-1);
    play.tell({ kind: 'generate_begun', timeMs: play.now(), round: round?.number ?? 0, attempt: 0 });
    play.tell({ kind: 'stop_requested', timeMs: play.now(), reason: StopReason.CANCELLED, detail: 'enough' });
    const following = next(play.state);
    expect(following).toMatchObject({ kind: 'steps', steps: [{ kind: 'generate', stopping: true }] });
    const { outcome, stopReason, controlArm } = toGeneration(play.run());
    expect([outcome, stopReason]).toEqual([Outcome.APPROVED, StopReason.ENOUGH_PASS]);
    expect(controlArm?.shortfall).toMatch('enough');
  });

  test('is not made after a cycle that was cut off', () => {
    const play = new Play(plan({ controlArm: true }), { fate: () => 'refused_input' });
    expect(toGeneration(play.run()).controlArm).toMatchObject({
      images: 0,
      shortfall: expect.stringMatching('course'),
    });
  });
});

describe('the held-out judge', () => {
  test('sees the best of round 0 and the first result once the cycle is over, and decides nothing', () => {
    const play = new Play(plan({ heldOutJudge: 'other', maxRounds: 4 }), { ...mended, lookMicroUsd: 3n });
    const { heldOut, outcome, rounds } = toGeneration(play.run());
    expect(heldOut).toMatchObject({ judge: 'other', first: { round: 0 }, result: { round: 2 } });
    expect(heldOut?.first?.answers.map(({ verdict }) => verdict)).toEqual([FAIL, PASS]);
    expect(heldOut?.usage).toHaveLength(2);
    expect([outcome, rounds.length]).toEqual([Outcome.APPROVED, 3]);
    const last = play.transitions.filter(({ kind }) => kind === 'candidate_judged').slice(-2);
    expect(last).toMatchObject([{ look: 'held-out' }, { look: 'held-out' }]);
  });

  test('looks once where round 0 has the result', () => {
    const play = new Play(plan({ heldOutJudge: 'other' }), { fate: () => ({ a: PASS }) });
    const { heldOut } = toGeneration(play.run());
    expect(heldOut?.first).toEqual(heldOut?.result);
    expect(
      play.transitions.filter((each) => each.kind === 'candidate_judged' && each.look === 'held-out'),
    ).toHaveLength(1);
  });

  test('that saw only round 0 before the time was over said nothing of the result', () => {
    const play = new Play(plan({ heldOutJudge: 'other', maxRounds: 4 }), mended);
    const isHeldOut = (each: (typeof play.transitions)[number]) =>
      each.kind === 'candidate_judged' && each.look === 'held-out';
    while (!play.transitions.some(isHeldOut)) play.step();
    play.tell({ kind: 'stop_requested', timeMs: play.now(), reason: StopReason.MAX_DURATION, detail: '' });
    const { heldOut, outcome } = toGeneration(play.run());
    expect([heldOut?.first?.round, heldOut?.result]).toEqual([0, undefined]);
    expect(outcome).toBe(Outcome.APPROVED);
  });

  test('is not asked where its looks could exceed the cap', () => {
    const heldOutEstimate = create(CostSchema, { microUsd: 1_000n });
    const play = new Play(plan({ heldOutJudge: 'other', heldOutEstimate, maxCostMicroUsd: 900n }), {
      fate: () => ({ a: PASS }),
      microUsd: 40n,
    });
    expect(toGeneration(play.run()).heldOut?.result).toBeUndefined();
  });
});

test('a budget that allows no further look ends it, and what was not judged is not approved', () => {
  const play = new Play(plan(), { fate: () => ({ a: PASS }) });
  const isJudging = () => {
    const following = next(play.state);
    return following.kind === 'steps' && following.steps.every(({ kind }) => kind === 'judge');
  };
  while (!isJudging()) play.step();
  play.tell({ kind: 'step_refused', timeMs: play.now(), message: 'The budget is used up.' });
  expect(play.run().ending).toMatchObject({
    reason: StopReason.BUDGET_EXCEEDED,
    outcome: Outcome.NEEDS_REVIEW,
  });
});
