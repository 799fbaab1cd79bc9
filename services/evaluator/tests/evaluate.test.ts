import { Verdict, VerdictSchema } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { Preference } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { caller, commit, discs, type Fixture, fixture, refusal } from './harness.ts';

let mesh: Fixture;
let three = '';
let none = '';
const principal = caller();

const content = {
  questions: [
    { id: 'not-blank', text: 'Is there something?', required: true, check: { kind: 'not_blank' } },
    {
      id: 'count',
      text: 'Are there {{ count }} {{ item }}?',
      required: true,
      dependsOn: ['not-blank'],
      hint: 'Ask for exactly {{ count }} {{ item }}.',
      check: { kind: 'object_count', parameters: { count: '{{ count }}' } },
    },
    {
      id: 'ground',
      text: 'Is the ground white?',
      dependsOn: ['not-blank'],
      check: { kind: 'background_colour', parameters: { colour: 'white' } },
    },
    { id: 'taste', text: 'Does it look good?', weight: 0.5 },
  ],
};

beforeAll(async () => {
  mesh = await fixture();
  three = await commit(mesh, await discs(3));
  none = await commit(mesh, await discs(0));
  await mesh.rubrics.createRubric({ rubricId: 'discs', content }, { principal });
});

afterAll(() => mesh[Symbol.asyncDispose]());

const verdicts = (answers: readonly { questionId: string; verdict: Verdict }[]) =>
  Object.fromEntries(
    answers.map(({ questionId, verdict }) => [questionId, VerdictSchema.value[verdict]?.localName]),
  );

test('a good image passes what can be judged, and what cannot is said', async () => {
  const evaluation = await mesh.evaluation.evaluateImage(
    { image: three, rubric: 'rubrics/discs', variables: { count: 3, item: 'discs' } },
    { principal },
  );
  expect(verdicts(evaluation.answers)).toEqual({
    'not-blank': 'PASS',
    count: 'PASS',
    ground: 'PASS',
    taste: 'CANNOT_JUDGE',
  });
  expect(evaluation.score).toMatchObject({ allRequiredPass: true, requiredPasses: 2, requiredTotal: 2 });
  expect(evaluation.rubricVersion).toBe('rubrics/discs/versions/1');
  const count = evaluation.answers.find(({ questionId }) => questionId === 'count');
  expect(count).toMatchObject({
    text: 'Are there 3 discs?',
    check: 'object_count',
    hint: 'Ask for exactly 3 discs.',
  });
  expect(count?.measured).toMatchObject({ count: 3 });
  expect(count?.judgeAnswers[0]?.judge).toBe('builtin@1');
  expect(evaluation.usage[0]).toMatchObject({ model: 'judges/builtin@1', unit: 'question' });
});

test('a wrong count fails with words for a prompt writer', async () => {
  const { answers, score } = await mesh.evaluation.evaluateImage(
    { image: three, rubric: 'rubrics/discs', variables: { count: '5', item: 'discs' } },
    { principal },
  );
  const count = answers.find(({ questionId }) => questionId === 'count');
  expect(count?.verdict).toBe(Verdict.FAIL);
  expect(count?.critique).toMatch(/exactly 5/);
  expect(score).toMatchObject({ allRequiredPass: false, requiredFailures: 1 });
});

test('children of a failed parent do not apply, and are no second fault', async () => {
  const { answers, score } = await mesh.evaluation.evaluateImage(
    { image: none, rubric: 'rubrics/discs', variables: { count: 3, item: 'discs' } },
    { principal },
  );
  expect(verdicts(answers)).toMatchObject({
    'not-blank': 'FAIL',
    count: 'NOT_APPLICABLE',
    ground: 'NOT_APPLICABLE',
  });
  expect(score).toMatchObject({ allRequiredPass: false, requiredFailures: 1, requiredPasses: 0 });
});

test('where "no" is hoped for, p and verdict are those of "no"', async () => {
  const ask = (image: string) =>
    mesh.evaluation.evaluateImage(
      {
        image,
        questions: [
          {
            id: 'five',
            text: 'Are there five?',
            expectedAnswer: 2,
            required: true,
            check: { kind: 'object_count', parameters: { count: 5 } },
          },
        ],
      },
      { principal },
    );
  const [good] = (await ask(three)).answers;
  expect(good).toMatchObject({ verdict: Verdict.PASS });
  expect((good?.pYes ?? 1) + (good?.pExpected ?? 0)).toBeCloseTo(1);
});

test('questions of the call come after those of the rubric and may depend on them', async () => {
  const { answers } = await mesh.evaluation.evaluateImage(
    {
      image: three,
      rubric: 'rubrics/discs',
      variables: { count: 3, item: 'discs' },
      questions: [
        {
          id: 'red',
          text: 'Red?',
          dependsOn: ['count'],
          check: { kind: 'dominant_colour', parameters: { colour: 'red' } },
        },
      ],
    },
    { principal },
  );
  expect(verdicts(answers)).toMatchObject({ red: 'PASS' });
});

test('comparing by a rubric prefers the better image, whichever comes first', async () => {
  const compare = (imageA: string, imageB: string) =>
    mesh.evaluation.compareImages(
      {
        imageA,
        imageB,
        brief: 'three discs',
        rubric: 'rubrics/discs',
        variables: { count: 3, item: 'discs' },
      },
      { principal },
    );
  expect((await compare(three, none)).preference).toBe(Preference.A);
  expect((await compare(none, three)).preference).toBe(Preference.B);
  expect((await compare(three, three)).preference).toBe(Preference.TIE);
});

test('without a rubric and without a vision model nobody can compare', async () => {
  const { preference } = await mesh.evaluation.compareImages(
    { imageA: three, imageB: none, brief: 'three discs' },
    { principal },
  );
  expect(preference).toBe(Preference.CANNOT_JUDGE);
});

test.each([
  ['an image of another team', { image: () => three, team: 'blue' }, 'NOT_FOUND NOT_FOUND'],
  ['an image that is not there', { image: () => `images/${'0'.repeat(36)}` }, 'NOT_FOUND NOT_FOUND'],
  ['a rubric that is not there', { rubric: 'rubrics/none' }, 'NOT_FOUND NOT_FOUND'],
  ['a rubric version that is not there', { rubric: 'rubrics/discs/versions/9' }, 'NOT_FOUND NOT_FOUND'],
  ['neither rubric nor questions', { rubric: '' }, 'INVALID_ARGUMENT INVALID_FIELD rubric'],
  [
    'variables without values',
    { variables: {} },
    'INVALID_ARGUMENT VARIABLE_INVALID variables["count"] variables["item"]',
  ],
  [
    'a value that is no count',
    { variables: { count: 'many', item: 'discs' } },
    'INVALID_ARGUMENT VARIABLE_INVALID rubric.questions[1].check.parameters.count',
  ],
  [
    'an id of the rubric',
    { questions: [{ id: 'count', text: 'Again?' }] },
    'INVALID_ARGUMENT INVALID_FIELD questions[0].id',
  ],
  [
    'a circle',
    {
      questions: [
        { id: 'a', text: 'A?', dependsOn: ['b'] },
        { id: 'b', text: 'B?', dependsOn: ['a'] },
      ],
    },
    'INVALID_ARGUMENT CYCLIC_DEPENDENCY questions[0].depends_on',
  ],
])(
  '%s is refused',
  async (_, change: {
    image?: () => string;
    team?: string;
    rubric?: string;
    variables?: Record<string, string>;
    questions?: { id: string; text: string; dependsOn?: string[] }[];
  }, expected) => {
    const { image = () => three, team = 'red', ...rest } = change;
    const request = {
      image: image(),
      rubric: 'rubrics/discs',
      variables: { count: '3', item: 'discs' },
      ...rest,
    };
    expect(await refusal(mesh.evaluation.evaluateImage(request, { principal: caller(team) }))).toBe(expected);
  },
);

test('judges say what they are able to do', async () => {
  const { judges } = await mesh.evaluation.listJudges({}, { principal });
  expect(judges).toHaveLength(1);
  expect(judges[0]).toMatchObject({
    instance: 'builtin',
    version: 'builtin@1',
    vision: false,
    configured: true,
  });
  expect(judges[0]?.checks).toContain('text_present');
});
