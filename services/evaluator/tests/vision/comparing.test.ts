import { Preference } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { SeenAsk } from '@atelier/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { caller, commit, discs, type Fixture, fixture } from '../harness.ts';
import { digest, judgeEnv, type Stage, scripted, stage } from './harness.ts';

const principal = caller();
const { A, B, TIE, CANNOT_JUDGE } = Preference;
const brief = 'three discs';

/** Says which picture is better, by the digests of the two. */
const choosing = (choose: (first: string, second: string) => string) => (ask: SeenAsk) => {
  const [first = '', second = ''] = ask.images.map(({ sha256 }) => sha256);
  const better = choose(first, second);
  return { kind: 'json', json: { better, reason: 'The first has three discs.' } } as const;
};

async function two(mesh: Fixture) {
  const [one, other] = [await discs(3), await discs(2)];
  return { imageA: await commit(mesh, one), imageB: await commit(mesh, other), digestA: digest(one) };
}

let eye: Stage;

beforeAll(async () => {
  eye = await stage();
});

afterAll(() => eye[Symbol.asyncDispose]());

describe('comparing by eye', () => {
  test('a judge that prefers one picture in either order prefers it', async () => {
    const three = digest(await discs(3));
    const asks = eye.play(choosing((first) => (first === three ? 'first' : 'second')));
    const { mesh } = eye;
    const { imageA, imageB } = await two(mesh);
    const compare = (a: string, b: string) =>
      mesh.evaluation.compareImages({ imageA: a, imageB: b, brief }, { principal });
    const compared = await compare(imageA, imageB);
    expect(compared).toMatchObject({ preference: A, rationale: 'image A has three discs.' });
    expect(compared.judgePreferences).toMatchObject([{ aFirst: A, bFirst: A, preference: A }]);
    expect(compared.judgePreferences[0]?.judge).toMatch(/^eye@see-1\/compare@1-[0-9a-f]{8}$/);
    expect(asks).toHaveLength(2);
    const orders = asks.map(({ images }) => images.map(({ sha256 }) => sha256 === three));
    expect(orders.sort()).toEqual([
      [false, true],
      [true, false],
    ]);
    const spent = compared.usage.reduce((sum, { cost }) => sum + (cost?.microUsd ?? 0n), 0n);
    expect(spent).toBeGreaterThan(0n);
    expect(compared.estimate?.microUsd ?? 0n).toBeGreaterThanOrEqual(spent);
    expect((await compare(imageB, imageA)).preference).toBe(B);
  });

  test.each([
    ['the first', 'first', A, B],
    ['the second', 'second', B, A],
    ['neither', 'same', TIE, TIE],
  ])('a judge that always prefers %s comes to a tie', async (_, says, aFirst, bFirst) => {
    eye.play(choosing(() => says));
    const { mesh } = eye;
    const compared = await mesh.evaluation.compareImages({ ...(await two(mesh)), brief }, { principal });
    expect(compared.preference).toBe(TIE);
    expect(compared.judgePreferences).toMatchObject([{ aFirst, bFirst, preference: TIE }]);
  });

  test('one picture is as good as itself, and nobody is asked', async () => {
    const asks = eye.play(choosing(() => 'first'));
    const { mesh } = eye;
    const { imageA } = await two(mesh);
    const compared = await mesh.evaluation.compareImages({ imageA, imageB: imageA, brief }, { principal });
    expect(compared.preference).toBe(TIE);
    expect(asks).toHaveLength(0);
  });

  test('a judge that fails leaves it to the others; without others nobody can say', async () => {
    const three = digest(await discs(3));
    await using sure = await scripted(
      'openai',
      choosing((first) => (first === three ? 'first' : 'second')),
    );
    await using shy = await scripted('gemini', () => ({ kind: 'refused' }));
    await using mesh = await fixture({
      EVALUATOR_JUDGES: 'shy,sure',
      ...judgeEnv('sure', 'openai', sure),
      ...judgeEnv('shy', 'gemini', shy),
    });
    const pair = await two(mesh);
    const compared = await mesh.evaluation.compareImages({ ...pair, brief }, { principal });
    expect(compared.preference).toBe(A);
    expect(compared.judgePreferences.map(({ preference }) => preference)).toEqual([CANNOT_JUDGE, A]);
    await using alone = await fixture(
      { EVALUATOR_JUDGES: 'shy', ...judgeEnv('shy', 'gemini', shy) },
      {},
      mesh,
    );
    const refused = await alone.evaluation.compareImages({ ...pair, brief }, { principal });
    expect(refused).toMatchObject({
      preference: CANNOT_JUDGE,
      rationale: expect.stringContaining('refused'),
    });
  });

  test('an answer of another form is asked for again', async () => {
    const asks = eye.play((ask) =>
      ask.number <= 2 ? { kind: 'json', json: { better: 'left' } } : choosing(() => 'same')(ask),
    );
    const { mesh } = eye;
    const compared = await mesh.evaluation.compareImages({ ...(await two(mesh)), brief }, { principal });
    expect(compared.preference).toBe(TIE);
    expect(asks).toHaveLength(4);
  });
});

test('with a rubric the scores decide, and eyes only where these are even', async () => {
  const three = digest(await discs(3));
  const asks = eye.play(choosing((first) => (first === three ? 'first' : 'second')));
  const { mesh } = eye;
  const { imageA, imageB } = await two(mesh);
  const rubric = (id: string, count: number) =>
    mesh.rubrics.createRubric(
      {
        rubricId: id,
        content: {
          questions: [
            count === 0
              ? { id: 'blank', text: 'Is it there?', required: true, check: { kind: 'not_blank' } }
              : {
                  id: 'n',
                  text: 'So many?',
                  required: true,
                  check: { kind: 'object_count', parameters: { count } },
                },
          ],
        },
      },
      { principal },
    );
  await rubric('two', 2);
  await rubric('any', 0);
  const compare = (name: string) =>
    mesh.evaluation.compareImages({ imageA, imageB, brief, rubric: `rubrics/${name}` }, { principal });
  expect(await compare('two')).toMatchObject({ preference: B, judgePreferences: [] });
  expect(asks).toHaveLength(0);
  const even = await compare('any');
  expect(even).toMatchObject({ preference: A, judgePreferences: [{ preference: A }] });
  expect(even.scoreA).toMatchObject({ allRequiredPass: true });
  expect(asks).toHaveLength(2);
});
