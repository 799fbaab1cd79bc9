import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { LanguageServer } from '@atelier/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { caller, commit, discs, type Fixture, fixture, refusal } from '../harness.ts';
import { judgeEnv, seeing } from './harness.ts';

const principal = caller();
const disc = { id: 'disc', text: 'Is there a disc?', required: true };
const blank = { id: 'blank', text: 'Is it there?', check: { kind: 'not_blank' } };

describe('a panel of several judges', () => {
  let believer: LanguageServer;
  let doubter: LanguageServer;
  let mesh: Fixture;
  let image = '';

  beforeAll(async () => {
    believer = await seeing('openai', ({ question }) => (question === disc.text ? 'yes' : undefined));
    doubter = await seeing('anthropic', () => 'no');
    mesh = await fixture({
      EVALUATOR_JUDGES: 'builtin,believer,doubter',
      ...judgeEnv('believer', 'openai', believer),
      ...judgeEnv('doubter', 'anthropic', doubter, {
        PRICE_INPUT: '',
        PRICE_OUTPUT: '',
        MODEL: 'claude-of-tomorrow',
      }),
    });
    image = await commit(mesh, await discs(1));
    await mesh.rubrics.createRubric(
      { rubricId: 'doubt', content: { questions: [disc], judges: ['doubter'] } },
      { principal },
    );
  });

  afterAll(async () => {
    await mesh[Symbol.asyncDispose]();
    await believer[Symbol.asyncDispose]();
    await doubter[Symbol.asyncDispose]();
  });

  const judges = async (request: object) => {
    const { answers } = await mesh.evaluation.evaluateImage({ image, ...request }, { principal });
    return answers[0]?.judgeAnswers.map(({ judge }) => judge.split('@')[0]);
  };

  test('answers by its mean', async () => {
    const { answers } = await mesh.evaluation.evaluateImage({ image, questions: [disc] }, { principal });
    expect(answers[0]).toMatchObject({ pYes: 0.5, verdict: Verdict.UNCERTAIN });
  });

  test('is chosen by the call, else by the rubric, else by the configuration', async () => {
    expect(await judges({ questions: [disc] })).toEqual(['believer', 'doubter']);
    expect(await judges({ rubric: 'rubrics/doubt' })).toEqual(['doubter']);
    expect(await judges({ rubric: 'rubrics/doubt', judges: ['believer'] })).toEqual(['believer']);
    expect(await judges({ questions: [disc], withoutJudges: ['doubter'] })).toEqual(['believer']);
    expect(await judges({ questions: [blank], judges: ['builtin', 'believer'] })).toEqual(['builtin']);
  });

  test('that is empty says why nobody answers', async () => {
    const none = { image, rubric: 'rubrics/doubt', withoutJudges: ['doubter'] };
    const { answers } = await mesh.evaluation.evaluateImage(none, { principal });
    expect(answers[0]).toMatchObject({ verdict: Verdict.CANNOT_JUDGE, looks: 0 });
    expect(answers[0]?.critique).toContain('left out');
  });

  test('has nobody whom it does not have', async () => {
    const wrong = { image, questions: [disc], judges: ['believer', 'oracle'], withoutJudges: ['sphinx'] };
    expect(await refusal(mesh.evaluation.evaluateImage(wrong, { principal }))).toBe(
      'INVALID_ARGUMENT INVALID_FIELD judges[1] without_judges[0]',
    );
  });

  test('is listed with what each can do', async () => {
    const { judges: listed } = await mesh.evaluation.listJudges({}, { principal });
    expect(listed).toMatchObject([
      { instance: 'builtin', model: '', asks: 0, priced: true, vision: false },
      {
        instance: 'believer',
        model: 'see-1',
        asks: 1,
        priced: true,
        vision: true,
        type: 'openai-compatible',
      },
      { instance: 'doubter', model: 'claude-of-tomorrow', asks: 1, priced: false, vision: true },
    ]);
    expect(listed[1]?.version).toMatch(/^believer@see-1\/answer@1-[0-9a-f]{8}$/);
  });

  test('costs what its dearest members do: a price that is not known is not zero', async () => {
    const validate = (request: object) =>
      mesh.rubrics.validateRubric({ content: { questions: [disc, blank] }, ...request }, { principal });
    expect((await validate({})).estimate).toMatchObject({ basis: CostBasis.UNKNOWN });
    expect((await validate({})).estimate?.microUsd).toBeUndefined();
    const priced = await validate({ withoutJudges: ['doubter'] });
    expect(priced.estimate?.microUsd).toBeGreaterThan(0n);
    const measured = await validate({ withoutJudges: ['doubter', 'believer'] });
    expect(measured.estimate).toMatchObject({ microUsd: 0n });
    expect(measured.warnings.join()).toContain('question disc');
    const shown = { content: { questions: [{ ...disc, showReferences: true }] }, withoutJudges: ['doubter'] };
    const without = (await validate(shown)).estimate?.microUsd ?? 0n;
    expect((await validate({ ...shown, referenceImages: 4 })).estimate?.microUsd).toBeGreaterThan(
      2n * without,
    );
    // A brief takes more in some scripts than in others.
    const fits = { id: 'fits', text: 'Does it fit {{ brief }}?', required: true };
    const before = await validate({
      content: { questions: [fits] },
      sampleVariables: {},
      withoutJudges: ['doubter'],
    });
    const { estimate } = await mesh.evaluation.evaluateImage(
      { image, questions: [fits], brief: '三个红色的圆'.repeat(1_365), withoutJudges: ['doubter'] },
      { principal },
    );
    expect(estimate?.microUsd).toBeGreaterThan(0n);
    expect(before.estimate?.microUsd).toBeGreaterThanOrEqual(estimate?.microUsd ?? 0n);
    expect(await refusal(validate({ withoutJudges: ['oracle'] }))).toBe(
      'INVALID_ARGUMENT INVALID_FIELD without_judges[0]',
    );
  });
});

test('a rubric whose judges are gone is not judged, and says so', async () => {
  await using server = await seeing('openai', () => 'no');
  const env = { EVALUATOR_JUDGES: 'builtin,gone', ...judgeEnv('gone', 'openai', server) };
  await using mesh = await fixture(env);
  await mesh.rubrics.createRubric(
    { rubricId: 'old', content: { questions: [disc], judges: ['gone'] } },
    { principal },
  );
  await using later = await fixture({}, {}, mesh);
  const image = await commit(later, await discs(1));
  const { answers } = await later.evaluation.evaluateImage({ image, rubric: 'rubrics/old' }, { principal });
  expect(answers[0]?.verdict).toBe(Verdict.CANNOT_JUDGE);
  expect(answers[0]?.critique).toContain('(gone)');
});
