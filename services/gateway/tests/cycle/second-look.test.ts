import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { Outcome, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { expect, test } from '@jest/globals';
import { next } from '../../src/cycle/next.ts';
import { toGeneration } from '../../src/cycle/view.ts';
import { Play, plan } from './world.ts';

const { PASS, FAIL, UNCERTAIN } = Verdict;
const near = { maxRounds: 1, confirmMargin: 0.1 };

function looks(play: Play): string[] {
  return play.transitions.flatMap((each) => (each.kind === 'candidate_judged' ? [each.look ?? 'first'] : []));
}

test('what is barely passed is looked at again, and approved where the second look agrees', () => {
  const play = new Play(plan(near), { fate: () => ({ near: PASS }), lookMicroUsd: 5n });
  const state = play.run();
  expect(looks(play)).toEqual(['first', 'second']);
  expect(state.ending?.outcome).toBe(Outcome.APPROVED);
  expect(toGeneration(state).rounds[0]?.candidates[0]?.usage).toHaveLength(3);
  expect(state.usage.map(({ step }) => step)).toContain('judge/0/0/second');
});

test('a second look that disagrees takes the approval away', () => {
  const play = new Play(plan(near), { fate: () => ({ near: PASS }), second: () => ({ near: UNCERTAIN }) });
  expect(play.run().ending).toMatchObject({ outcome: Outcome.NEEDS_REVIEW, reason: StopReason.MAX_ROUNDS });
});

test('a second look that fails is no pass, and is said', () => {
  const play = new Play(plan(near), {
    fate: () => ({ near: PASS, sure: PASS }),
    second: () => 'judge_fails',
  });
  const state = play.run();
  const [candidate] = toGeneration(state).rounds[0]?.candidates ?? [];
  expect(state.ending?.outcome).toBe(Outcome.NEEDS_REVIEW);
  expect(candidate?.answers.map(({ verdict }) => verdict)).toEqual([UNCERTAIN, PASS]);
  expect(candidate?.score).toMatchObject({ allRequiredPass: false, requiredPasses: 1, requiredOpen: 1 });
  expect(state.warnings[0]).toMatch('could not be looked at a second time');
});

test.each([
  ['the policy asks for none', { confirmMargin: 0 }, { near: PASS }],
  ['the journal is of a version that knew none', { confirmMargin: undefined }, { near: PASS }],
  ['it was measured', near, { measured: PASS }],
  ['it is not required', near, { measured: PASS, 'opt-near': PASS }],
  ['the image does not pass anyway', near, { near: PASS, other: FAIL }],
] as const)('there is no second look where %s', (_, policy, verdicts) => {
  const play = new Play(plan({ maxRounds: 1, ...policy }), { fate: () => verdicts });
  play.run();
  expect(looks(play)).toEqual(['first']);
});

test('a round waits for all second looks, and they may run at once', () => {
  const play = new Play(plan({ ...near, count: 2, candidatesPerRound: 2 }), { fate: () => ({ near: PASS }) });
  while (play.state.rounds[0]?.candidates.some(({ judgement }) => judgement === undefined) !== false) {
    const following = next(play.state);
    const first =
      following.kind === 'steps' &&
      following.steps.find((step) => step.kind === 'judge' && step.look === 'first');
    play.step(first || undefined);
  }
  const following = next(play.state);
  expect(following.kind === 'steps' ? following.steps.map(({ id }) => id) : []).toEqual([
    'judge/0/0/second',
    'judge/0/1/second',
  ]);
});

test('a look that comes twice changes nothing but what it cost', () => {
  const play = new Play(plan(near), { fate: () => ({ near: PASS }) });
  while (looks(play).length < 2) play.step();
  const again = play.transitions.findLast(({ kind }) => kind === 'candidate_judged');
  const before = play.state;
  if (again !== undefined) play.tell(again);
  expect(play.state.rounds).toEqual(before.rounds);
});

test.each([
  ['its time is over', { reason: StopReason.MAX_DURATION, detail: '' }],
  ['no budget has room for it', undefined],
])('what was barely passed is not approved where %s before the second look', (_, stop) => {
  const play = new Play(plan(near), { fate: () => ({ near: PASS, sure: PASS }) });
  while (looks(play).length < 1) play.step();
  const timeMs = play.now();
  if (stop === undefined) play.tell({ kind: 'step_refused', timeMs, message: 'The budget is used up.' });
  else play.tell({ kind: 'stop_requested', timeMs, ...stop });
  const following = next(play.state);
  const state = play.run();
  const { results, outcome, rounds } = toGeneration(state);
  expect(following).toMatchObject({ kind: 'finish', ending: { outcome: Outcome.NEEDS_REVIEW } });
  expect([outcome, results[0]?.approved]).toEqual([Outcome.NEEDS_REVIEW, false]);
  expect(rounds[0]?.candidates[0]?.answers[0]).toMatchObject({
    verdict: UNCERTAIN,
    critique: expect.stringMatching('second look could not be made'),
  });
  expect(looks(play)).toEqual(['first']);
});
