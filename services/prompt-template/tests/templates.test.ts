import {
  type TemplateContent,
  TemplateContentSchema,
  TemplateSchema,
  Visibility,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { Code } from '@atelier/rpc';
import { create, fromJson, type JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => harness[Symbol.asyncDispose]());

const content = (json: JsonObject): TemplateContent =>
  fromJson(TemplateContentSchema, { variables: [{ name: 'item', required: true }], ...json });
const cup = content({ body: 'A {{ item }}' });
const make = (templateId: string, team = 'teams/a', more: object = {}) =>
  harness.templates.createTemplate({ templateId, content: cup, ...more }, harness.as(team));

describe('a template', () => {
  test('is made, versioned, aliased, read by another replica, and compared', async () => {
    const call = harness.as('teams/a');
    const { template, version } = await make('whole', 'teams/a', {
      template: { displayName: 'Whole', labels: { kind: 'test' } },
      changeNote: 'first',
    });
    expect(template).toMatchObject({ name: 'templates/whole', team: 'teams/a', displayName: 'Whole' });
    expect(version).toMatchObject({
      name: 'templates/whole/versions/1',
      changeNote: 'first',
      creator: 'Ada',
    });
    const added = await harness.templates.addTemplateVersion(
      {
        name: 'templates/whole',
        content: content({ body: 'One {{ item }}', negativePrompt: 'text' }),
        etag: template?.etag ?? '',
        setAliases: ['canary'],
      },
      call,
    );
    expect(added).toMatchObject({ added: true, template: { aliases: { latest: 2, canary: 2 } } });
    await harness.templates.setTemplateAlias(
      { name: 'templates/whole', alias: 'production', version: 1 },
      call,
    );
    const other = await harness.replica();
    const bodyOf = async (name: string) =>
      (await other.templates.getTemplate({ name }, call)).version?.content?.body;
    expect(await bodyOf('templates/whole')).toBe('A {{ item }}');
    expect(await bodyOf('templates/whole/versions/canary')).toBe('One {{ item }}');
    const { differences } = await other.templates.diffTemplateVersions(
      { base: 'templates/whole/versions/1', head: 'templates/whole/versions/latest' },
      call,
    );
    expect(differences.map(({ path, before, after }) => [path, before?.kind.case, after?.kind.case])).toEqual(
      [
        ['content.body', 'stringValue', 'stringValue'],
        ['content.negative_prompt', 'nullValue', 'stringValue'],
      ],
    );
    const { versions } = await other.templates.listTemplateVersions({ name: 'templates/whole' }, call);
    expect(versions.map(({ version: number }) => number)).toEqual([2, 1]);
  });

  test('is changed, archived and brought back', async () => {
    const call = harness.as('teams/a');
    const { template } = await make('changing');
    const wanted = { ...(template ?? create(TemplateSchema)), description: 'new' };
    const { template: changed } = await harness.templates.updateTemplate({ template: wanted }, call);
    expect(changed?.description).toBe('new');
    const late = harness.templates.updateTemplate({ template: { ...wanted, description: 'newer' } }, call);
    await expect(late).rejects.toMatchObject({ code: Code.ABORTED, reason: 'ETAG_MISMATCH' });
    await harness.templates.archiveTemplate({ name: 'templates/changing', archived: true }, call);
    const add = () =>
      harness.templates.addTemplateVersion(
        { name: 'templates/changing', content: content({ body: 'x' }) },
        call,
      );
    await expect(add()).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION, reason: 'WRONG_STATE' });
    await harness.templates.archiveTemplate({ name: 'templates/changing', archived: false }, call);
    expect(await add()).toMatchObject({ added: true });
  });

  test('is seen by its team alone, until it is the organisation’s, and then forked by others', async () => {
    const [owner, other] = [harness.as('teams/owner'), harness.as('teams/other')];
    const { template } = await make('shared', 'teams/owner');
    const name = 'templates/shared';
    const hidden = [
      harness.templates.getTemplate({ name }, other),
      harness.templates.listTemplateVersions({ name }, other),
      harness.templates.addTemplateVersion({ name, content: cup }, other),
      harness.templates.forkTemplate({ source: name, templateId: 'mine' }, other),
      harness.templates.archiveTemplate({ name, archived: true }, other),
      harness.templates.diffTemplateVersions(
        { base: `${name}/versions/1`, head: `${name}/versions/1` },
        other,
      ),
    ];
    for (const call of hidden) {
      await expect(call).rejects.toMatchObject({ code: Code.NOT_FOUND, metadata: { resource: name } });
    }
    expect((await harness.templates.listTemplates({}, other)).templates).toEqual([]);
    const open = { ...(template ?? create(TemplateSchema)), visibility: Visibility.ORGANISATION };
    await harness.templates.updateTemplate({ template: open }, owner);
    const forked = await harness.templates.forkTemplate({ source: name, templateId: 'mine' }, other);
    expect(forked.template).toMatchObject({ team: 'teams/other', forkedFrom: `${name}/versions/1` });
    const { templates } = await harness.templates.listTemplates({}, other);
    expect(templates.map((each) => each.name)).toEqual(['templates/mine', name]);
  });

  test('is made once for a request id', async () => {
    const first = await make('once', 'teams/a', { requestId: 'r1' });
    expect((await make('once', 'teams/a', { requestId: 'r1' })).template).toEqual(first.template);
    const other = make('once', 'teams/a', { requestId: 'r1', content: content({ body: 'else' }) });
    await expect(other).rejects.toMatchObject({ code: Code.ALREADY_EXISTS, reason: 'REQUEST_ID_REUSED' });
    await expect(make('once', 'teams/b')).rejects.toMatchObject({ reason: 'ALREADY_EXISTS' });
  });

  test('that is broken is refused with every path, and leaves nothing behind', async () => {
    const broken = content({ body: '{{ a }}', negativePrompt: '{{', variables: [{ name: 'brief' }] });
    const calls = [
      make('broken', 'teams/a', { content: broken }),
      harness.templates.validateTemplate({ content: broken }, harness.as('teams/a')),
    ];
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({
        code: Code.INVALID_ARGUMENT,
        reason: 'TEMPLATE_INVALID',
        fieldViolations: [
          { field: 'content.variables[0].name' },
          { field: 'content.body', description: 'line 1, column 4: a is not declared' },
          { field: 'content.negative_prompt' },
        ],
      });
    }
    const name = 'templates/broken';
    await expect(harness.templates.getTemplate({ name }, harness.as('teams/a'))).rejects.toMatchObject({
      code: Code.NOT_FOUND,
    });
  });
});

describe('validation', () => {
  const validate = (sampleVariables?: JsonObject) =>
    harness.templates.validateTemplate(
      {
        content: content({
          body: 'A {{ item }}',
          negativePrompt: 'no {{ item }} text',
          requiredTerms: ['fresh'],
        }),
        ...(sampleVariables && { sampleVariables }),
      },
      harness.as('teams/a'),
    );

  test('renders with samples', async () => {
    expect(await validate({ item: 'cup' })).toMatchObject({
      prompt: 'A cup. Include fresh.',
      negativePrompt: 'no cup text',
      usedVariables: ['item'],
      warnings: [expect.stringContaining('fresh')],
    });
    expect((await validate()).prompt).toBe('');
  });

  test('names samples that do not fit', async () => {
    await expect(validate({ thing: 'cup' })).rejects.toMatchObject({
      reason: 'VARIABLE_INVALID',
      fieldViolations: [{ field: 'sample_variables["thing"]' }, { field: 'sample_variables["item"]' }],
    });
  });
});

test('lists page by name, and refuse tokens of other lists', async () => {
  for (const id of ['p3', 'p1', 'p2']) await make(id, 'teams/pages');
  const call = harness.as('teams/pages');
  // What the organisation shares comes too.
  const mine = (names: readonly { readonly name: string }[]) =>
    names.map(({ name }) => name).filter((name) => /p\d$/.test(name));
  const first = await harness.templates.listTemplates({ pageSize: 2 }, call);
  expect(mine(first.templates)).toEqual(['templates/p1', 'templates/p2']);
  const next = await harness.templates.listTemplates({ pageSize: 2, pageToken: first.nextPageToken }, call);
  expect(mine(next.templates)).toEqual(['templates/p3']);
  const other = harness.templates.listTemplates(
    { pageToken: first.nextPageToken, includeArchived: true },
    call,
  );
  await expect(other).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT, reason: 'INVALID_PAGE_TOKEN' });
});

test('calls without a principal are refused', async () => {
  await expect(harness.templates.getTemplate({ name: 'templates/any' })).rejects.toMatchObject({
    code: Code.UNAUTHENTICATED,
  });
});
