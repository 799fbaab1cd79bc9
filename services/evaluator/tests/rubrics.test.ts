import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { caller, type Fixture, fixture, refusal } from './harness.ts';

let mesh: Fixture;
const principal = caller();

beforeAll(async () => {
  mesh = await fixture();
});

afterAll(() => mesh[Symbol.asyncDispose]());

const question = { id: 'a', text: 'Is it {{ item }}?' };
const count = (parameters: Record<string, string | number>) => ({
  questions: [{ ...question, check: { kind: 'object_count', parameters } }],
});

test.each([
  [
    'a text that does not parse',
    { questions: [{ id: 'a', text: 'Is it {{ item }?' }] },
    'TEMPLATE_INVALID content.questions[0].text',
  ],
  [
    'a hint that does not parse',
    { questions: [{ ...question, hint: '{% if %}' }] },
    'TEMPLATE_INVALID content.questions[0].hint',
  ],
  [
    'an unknown filter',
    { questions: [{ id: 'a', text: '{{ item | shout }}' }] },
    'TEMPLATE_INVALID content.questions[0].text',
  ],
  [
    'an include',
    { questions: [{ id: 'a', text: '{% include "secrets" %}' }] },
    'TEMPLATE_INVALID content.questions[0].text',
  ],
  [
    'an unknown check',
    { questions: [{ ...question, check: { kind: 'beauty' } }] },
    'INVALID_FIELD content.questions[0].check.kind',
  ],
  ['a missing parameter', count({}), 'INVALID_FIELD content.questions[0].check.parameters.count'],
  ['a negative count', count({ count: -1 }), 'INVALID_FIELD content.questions[0].check.parameters.count'],
  [
    'an unknown parameter',
    count({ count: 1, colour: 'red' }),
    'INVALID_FIELD content.questions[0].check.parameters.colour',
  ],
  [
    "an id of the organisation's",
    { questions: [question, { id: 'org-logo', text: 'Is there a logo?' }] },
    'INVALID_FIELD content.questions[1].id',
  ],
  ['an id twice', { questions: [question, question] }, 'INVALID_FIELD content.questions[1].id'],
  [
    'an unknown parent',
    { questions: [{ ...question, dependsOn: ['b'] }] },
    'INVALID_FIELD content.questions[0].depends_on[0]',
  ],
  [
    'a question that depends on itself',
    { questions: [{ ...question, dependsOn: ['a'] }] },
    'CYCLIC_DEPENDENCY content.questions[0].depends_on',
  ],
  ['an unknown judge', { questions: [question], judges: ['oracle'] }, 'INVALID_FIELD content.judges[0]'],
  ['no question', { questions: [] }, 'INVALID_FIELD content.questions'],
])('%s is refused by its path', async (_, content, expected) => {
  const call = mesh.rubrics.createRubric({ rubricId: 'bad', content }, { principal });
  expect(await refusal(call)).toBe(`INVALID_ARGUMENT ${expected}`);
});

test('all that is wrong is told at once', async () => {
  const content = {
    questions: [
      { id: 'a', text: '{{' },
      { id: 'a', text: 'B?', dependsOn: ['c'], check: { kind: 'beauty' } },
    ],
  };
  expect(await refusal(mesh.rubrics.validateRubric({ content }, { principal }))).toBe(
    'INVALID_ARGUMENT INVALID_FIELD content.questions[0].text content.questions[1].id content.questions[1].depends_on[0] content.questions[1].check.kind',
  );
});

test('validation renders with samples, lists variables, and warns', async () => {
  const content = { questions: [question] };
  const answer = await mesh.rubrics.validateRubric(
    { content, sampleVariables: { item: 'a pear' } },
    { principal },
  );
  expect(answer.rendered[0]?.text).toBe('Is it a pear?');
  expect(answer.usedVariables).toEqual(['item']);
  expect(answer.warnings).toHaveLength(2);
  expect(await refusal(mesh.rubrics.validateRubric({ content, sampleVariables: {} }, { principal }))).toBe(
    'INVALID_ARGUMENT VARIABLE_INVALID sample_variables["item"]',
  );
});

test("the organisation's questions are checked together with others where that is said", async () => {
  const ours = { id: 'org-logo', text: 'Is there a logo?', dependsOn: ['org-clear'] };
  const content = { questions: [question, ours, { id: 'org-clear', text: 'Is it clear?' }] };
  const sampleVariables = { item: 'a pear' };
  const request = { content, sampleVariables, organisation: true };
  const { rendered } = await mesh.rubrics.validateRubric(request, { principal });
  expect(rendered.map(({ id }) => id)).toEqual(['a', 'org-logo', 'org-clear']);
  const refused = mesh.rubrics.validateRubric({ content, sampleVariables }, { principal });
  expect(await refusal(refused)).toBe(
    'INVALID_ARGUMENT INVALID_FIELD content.questions[1].id content.questions[2].id',
  );
});

test('versions are immutable, aliases move, and teams are apart', async () => {
  const first = await mesh.rubrics.createRubric(
    { rubricId: 'pears', content: { questions: [question] } },
    { principal },
  );
  const second = await mesh.rubrics.addRubricVersion(
    {
      name: 'rubrics/pears',
      content: { questions: [question, { id: 'b', text: 'Ripe?' }] },
      etag: first.rubric?.etag ?? '',
    },
    { principal },
  );
  expect(second).toMatchObject({ added: true, version: { version: 2 } });
  const again = await mesh.rubrics.addRubricVersion(
    { name: 'rubrics/pears', content: { questions: [question, { id: 'b', text: 'Ripe?' }] } },
    { principal },
  );
  expect(again).toMatchObject({ added: false, version: { version: 2 } });
  await mesh.rubrics.setRubricAlias(
    { name: 'rubrics/pears', alias: 'production', version: 1 },
    { principal },
  );
  const inForce = await mesh.rubrics.getRubric({ name: 'rubrics/pears' }, { principal });
  expect(inForce.version?.version).toBe(1);
  const stale = mesh.rubrics.setRubricAlias(
    { name: 'rubrics/pears', alias: 'canary', version: 2, etag: first.rubric?.etag ?? '' },
    { principal },
  );
  expect(await refusal(stale)).toBe('ABORTED ETAG_MISMATCH');
  const foreign = mesh.rubrics.getRubric({ name: 'rubrics/pears' }, { principal: caller('blue') });
  expect(await refusal(foreign)).toBe('NOT_FOUND NOT_FOUND');
  const { versions } = await mesh.rubrics.listRubricVersions({ name: 'rubrics/pears' }, { principal });
  expect(versions.map(({ version }) => version)).toEqual([2, 1]);
});
