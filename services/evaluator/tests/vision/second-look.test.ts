import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { judgeLines } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { caller, commit, discs, refusal } from '../harness.ts';
import { seeing, verdicts, withEye } from './harness.ts';

const principal = caller();
const sure = { id: 'sure', text: 'Is it surely so?', required: true };
const near = { id: 'near', text: 'Is it nearly so?', required: true, dependsOn: ['sure'] };
const free = { id: 'free', text: 'Is it freely so?' };
const blank = { id: 'blank', text: 'Is it there?', required: true, check: { kind: 'not_blank' } };
const questions = [sure, near, free, blank];

test('what barely passed is asked again, alone and anew, and p is the mean of both looks', async () => {
  let pNear = 0.64;
  const says = (p: number) => ({ answer: p > 0.5 ? 'yes' : 'no', might: { yes: p, no: 1 - p } });
  const p = { [sure.text]: () => 0.95, [near.text]: () => pNear, [free.text]: () => 0.62 };
  await using server = await seeing('openai', ({ question }) => {
    const own = p[question as keyof typeof p];
    return own === undefined ? undefined : says(own());
  });
  await using mesh = await withEye(server, { LOG_PROBABILITIES: 'on' });
  const image = await commit(mesh, await discs(1));
  const first = await mesh.evaluation.evaluateImage({ image, questions }, { principal });
  expect(verdicts(first.answers)).toEqual({ sure: 'PASS', near: 'PASS', free: 'PASS', blank: 'PASS' });
  expect(first.score).toMatchObject({ allRequiredPass: true });
  const asked = server.asks.length;

  pNear = 0.3;
  const look = (margin: number, change = {}) =>
    mesh.evaluation.evaluateImage(
      { image, questions, secondLook: { answers: first.answers, margin }, ...change },
      { principal },
    );
  const second = await look(0.1);
  expect(server.asks).toHaveLength(asked + 1);
  const texts = judgeLines(server.asks.at(-1) ?? { texts: [] }).map(({ question }) => question);
  expect(texts).toContain(near.text);
  for (const { text } of [sure, free]) expect(texts).not.toContain(text);
  expect(second.answers.map(({ questionId }) => questionId)).toEqual(
    first.answers.map(({ questionId }) => questionId),
  );
  const again = second.answers.find(({ questionId }) => questionId === 'near');
  expect(again).toMatchObject({ verdict: Verdict.UNCERTAIN, pYes: expect.closeTo(0.47), looks: 2 });
  expect(again?.judgeAnswers).toMatchObject([
    { look: 0, pYes: expect.closeTo(0.64) },
    { look: 1, pYes: expect.closeTo(0.3), cached: false },
  ]);
  expect(second.score).toMatchObject({ allRequiredPass: false, requiredOpen: 1 });
  for (const id of ['sure', 'free', 'blank']) {
    const of = ({ answers }: typeof first) => answers.find(({ questionId }) => questionId === id);
    expect(of(second)).toEqual(of(first));
  }
  // The estimate is of this look alone, and what was kept is still the first look's.
  expect(second.estimate?.microUsd ?? 0n).toBeLessThan(first.estimate?.microUsd ?? 0n);
  const kept = await mesh.evaluation.evaluateImage({ image, questions }, { principal });
  expect(kept.answers.find(({ questionId }) => questionId === 'near')).toMatchObject({
    pYes: expect.closeTo(0.64),
  });

  // Nothing is asked where nothing is near its threshold.
  const calls = server.asks.length;
  const none = await look(0.01);
  expect(none.answers).toEqual(first.answers);
  expect(none).toMatchObject({ usage: [], estimate: { microUsd: 0n } });
  expect(server.asks).toHaveLength(calls);

  const other = questions.map((question) =>
    question.id === 'near' ? { ...question, text: 'Is it far?' } : question,
  );
  expect(await refusal(look(0.1, { questions: other }))).toMatch(
    /^INVALID_ARGUMENT INVALID_FIELD second_look.answers\[\d\].text$/,
  );
});
