import {
  type TemplateContent,
  TemplateContentSchema,
  Visibility,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { Code } from '@atelier/rpc';
import { fromJson, type JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => harness[Symbol.asyncDispose]());

const content = (json: JsonObject): TemplateContent =>
  fromJson(TemplateContentSchema, { variables: [{ name: 'item', required: true }], ...json });
const variables = (value: JsonObject, style: Record<string, string> = {}) => ({
  input: { case: 'variables' as const, value },
  style,
});
const textOf = async (template: string, team: string, given: JsonObject = { item: 'cup' }) => {
  const call = harness.as(team);
  const { prompt } = await harness.prompts.renderPrompt({ template, brief: variables(given) }, call);
  return [prompt?.text, prompt?.templateVersion];
};

test('what is rendered follows production, the canary is tried beside it, and a roll back takes it back', async () => {
  const team = 'teams/a';
  const call = harness.as(team);
  const name = 'templates/mug';
  await harness.templates.createTemplate(
    { templateId: 'mug', content: content({ body: 'A {{ item }}' }) },
    call,
  );
  // Without an alias the latest is meant.
  expect(await textOf(name, team)).toEqual(['A cup.', `${name}/versions/1`]);
  await harness.templates.setTemplateAlias({ name, alias: 'production', version: 1 }, call);
  await harness.templates.addTemplateVersion(
    { name, content: content({ body: 'One {{ item }}' }), setAliases: ['canary'] },
    call,
  );
  expect(await textOf(name, team)).toEqual(['A cup.', `${name}/versions/1`]);
  expect(await textOf(`${name}/versions/canary`, team)).toEqual(['One cup.', `${name}/versions/2`]);
  // The canary proved itself.
  await harness.templates.setTemplateAlias({ name, alias: 'production', version: 2 }, call);
  expect(await textOf(name, team)).toEqual(['One cup.', `${name}/versions/2`]);
  // And then it did not.
  await harness.templates.setTemplateAlias({ name, alias: 'production', version: 1 }, call);
  expect(await textOf(name, team)).toEqual(['A cup.', `${name}/versions/1`]);
  await harness.templates.setTemplateAlias({ name, alias: 'canary', version: 0 }, call);
  await expect(textOf(`${name}/versions/canary`, team)).rejects.toMatchObject({ code: Code.NOT_FOUND });
});

test('a template of the organisation is used and forked by another team, which then goes its own way', async () => {
  const [owner, other] = [harness.as('teams/owner'), harness.as('teams/other')];
  const name = 'templates/house';
  await harness.templates.createTemplate(
    {
      templateId: 'house',
      content: content({ body: 'A {{ item }}', examples: [{ brief: 'x', prompt: 'A cup, backlit' }] }),
      template: { visibility: Visibility.ORGANISATION, displayName: 'House style' },
    },
    owner,
  );
  expect(await textOf(name, 'teams/other')).toEqual(['A cup.', `${name}/versions/1`]);
  const { template, version } = await harness.templates.forkTemplate(
    { source: name, templateId: 'house-other' },
    other,
  );
  expect(template).toMatchObject({
    name: 'templates/house-other',
    team: 'teams/other',
    visibility: Visibility.TEAM,
    forkedFrom: `${name}/versions/1`,
  });
  expect(version?.content).toEqual((await harness.templates.getTemplate({ name }, owner)).version?.content);
  await harness.templates.addTemplateVersion(
    { name: 'templates/house-other', content: content({ body: 'Their {{ item }}' }) },
    other,
  );
  expect(await textOf('templates/house-other', 'teams/other')).toEqual([
    'Their cup.',
    'templates/house-other/versions/2',
  ]);
  expect(await textOf(name, 'teams/other')).toEqual(['A cup.', `${name}/versions/1`]);
  // What is the other team's own is nobody else's, and what is the owner's is nobody else's to change.
  await expect(textOf('templates/house-other', 'teams/owner')).rejects.toMatchObject({
    code: Code.NOT_FOUND,
  });
  const add = harness.templates.addTemplateVersion({ name, content: content({ body: 'x' }) }, other);
  await expect(add).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
  const diff = await harness.templates.diffTemplateVersions(
    { base: `${name}/versions/1`, head: 'templates/house-other/versions/2' },
    other,
  );
  expect(diff.differences.map(({ path }) => path)).toEqual(['content.body', 'content.examples']);
});

test('an archived template is still rendered by its name, listed only when asked for, and not added to', async () => {
  const team = 'teams/archive';
  const call = harness.as(team);
  const name = 'templates/old';
  await harness.templates.createTemplate(
    { templateId: 'old', content: content({ body: 'A {{ item }}' }) },
    call,
  );
  await harness.templates.archiveTemplate({ name, archived: true }, call);
  expect(await textOf(name, team)).toEqual(['A cup.', `${name}/versions/1`]);
  const listed = async (includeArchived: boolean) =>
    (await harness.templates.listTemplates({ includeArchived }, call)).templates
      .filter((each) => each.team === team)
      .map((each) => [each.name, each.archived]);
  expect(await listed(false)).toEqual([]);
  expect(await listed(true)).toEqual([[name, true]]);
  const add = harness.templates.addTemplateVersion({ name, content: content({ body: 'x' }) }, call);
  await expect(add).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION, reason: 'WRONG_STATE' });
  // Its versions stay a source for others.
  const { template } = await harness.templates.forkTemplate({ source: name, templateId: 'new-life' }, call);
  expect(template).toMatchObject({ archived: false, forkedFrom: `${name}/versions/1` });
});

const RECIPE = content({
  body:
    'A plate of {{ item }} with {% for each in toppings %}{{ each }}{% unless forloop.last %} and {% endunless %}' +
    '{% endfor %} on a {{ plate }} plate, {{ portions | plus: 0 }} portions{% if garnish %}, {{ garnish }}{% endif %}' +
    '{% if like %}, in the manner of the reference{% endif %}',
  negativePrompt:
    '{% for each in toppings %}wilted {{ each }}{% unless forloop.last %}, {% endunless %}{% endfor %}',
  variables: [
    { name: 'item', required: true, maxLength: 20 },
    { name: 'toppings', type: 'VARIABLE_TYPE_LIST', required: true },
    { name: 'plate', type: 'VARIABLE_TYPE_ENUM', values: ['white', 'blue'], defaultValue: 'white' },
    { name: 'portions', type: 'VARIABLE_TYPE_NUMBER', defaultValue: 2 },
    { name: 'garnish' },
    { name: 'like', type: 'VARIABLE_TYPE_IMAGE' },
  ],
  styleDefaults: [{ name: 'light', value: 'soft light on {{ item }}' }],
  dialects: [{ dialect: 'tags', body: '{{ item }}, {{ toppings }}', negativePrompt: 'wilted' }],
});
const image = 'images/0192f0c0-0000-7000-8000-000000000001';

test('typed variables of every kind are checked and rendered', async () => {
  const call = harness.as('teams/a');
  await harness.templates.createTemplate({ templateId: 'recipe', content: RECIPE }, call);
  const template = 'templates/recipe';
  const brief = variables({
    item: 'pasta',
    toppings: ['basil', 'pine nuts'],
    plate: 'blue',
    portions: '3',
    like: image,
  });
  expect(await harness.prompts.renderPrompt({ template, brief }, call)).toMatchObject({
    prompt: {
      text: 'A plate of pasta with basil and pine nuts on a blue plate, 3 portions, in the manner of the reference, soft light on pasta.',
      negativePrompt: 'wilted basil, wilted pine nuts',
    },
    variables: { toppings: ['basil', 'pine nuts'], plate: 'blue', portions: 3, garnish: null, like: image },
  });
  const wrong = variables({
    item: 'a very long name indeed',
    toppings: 'basil',
    plate: 'green',
    portions: 'many',
    like: 'https://example.com/x.png',
  });
  await expect(harness.prompts.renderPrompt({ template, brief: wrong }, call)).rejects.toMatchObject({
    reason: 'VARIABLE_INVALID',
    fieldViolations: [
      { field: 'brief.variables["item"]', description: expect.stringContaining('at most 20') },
      { field: 'brief.variables["toppings"]', description: expect.stringContaining('a list of texts') },
      { field: 'brief.variables["plate"]', description: 'must be one of white, blue' },
      { field: 'brief.variables["portions"]', description: expect.stringContaining('a number') },
      { field: 'brief.variables["like"]', description: 'must be the name of an image, images/{id}' },
    ],
  });
});

test('a preview shows what a brief with these variables, styles and dialect would get', async () => {
  const call = harness.as('teams/a');
  const sampleVariables = { item: 'pasta', toppings: ['basil'] };
  const preview = (more: object) =>
    harness.templates.validateTemplate({ content: RECIPE, sampleVariables, ...more }, call);
  expect(await preview({})).toMatchObject({
    prompt: 'A plate of pasta with basil on a white plate, 2 portions, soft light on pasta.',
    negativePrompt: 'wilted basil',
    warnings: [],
  });
  expect(await preview({ dialect: 'tags', sampleStyle: { light: '', mood: 'calm' } })).toMatchObject({
    prompt: 'pasta, basil, calm.',
    negativePrompt: 'wilted',
    warnings: [],
  });
  // A dialect without a wording of its own has the version's.
  expect((await preview({ dialect: 'short' })).prompt).toMatch(/^A plate of pasta with basil/);
  const longer = { sampleStyle: { Light: 'x', mood: 'y'.repeat(1_025), tone: '\u0007' } };
  await expect(preview(longer)).rejects.toMatchObject({
    reason: 'VARIABLE_INVALID',
    fieldViolations: [
      { field: 'sample_style["Light"]' },
      { field: 'sample_style["mood"]' },
      { field: 'sample_style["tone"]' },
    ],
  });
});

test('a preview refuses what a brief could not say, and shows what is left out', async () => {
  const call = harness.as('teams/a');
  const strict = content({
    body: 'A {{ item }}',
    forbiddenTerms: ['acme'],
    styleDefaults: [{ name: 'make', value: 'by ACME' }],
  });
  const validate = (item: string, sampleStyle: Record<string, string> = {}) =>
    harness.templates.validateTemplate({ content: strict, sampleVariables: { item }, sampleStyle }, call);
  expect(await validate('cup')).toMatchObject({
    prompt: 'A cup.',
    warnings: [
      'The style default make of the template was left out, since it holds the forbidden term “acme”.',
    ],
  });
  await expect(validate('Acme cup', { make: 'acme' })).rejects.toMatchObject({
    reason: 'VARIABLE_INVALID',
    fieldViolations: [{ field: 'sample_variables["item"]' }, { field: 'sample_style["make"]' }],
  });
});
