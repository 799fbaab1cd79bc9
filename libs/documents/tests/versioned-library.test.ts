import {
  type Template,
  type TemplateContent,
  TemplateContentSchema,
  TemplateSchema,
  type TemplateVersion,
  TemplateVersionSchema,
  Visibility,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { aborted, Code } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { VersionedLibrary } from '../src/index.ts';
import { callOf, type Harness, startHarness } from './harness.ts';

const alice = callOf('teams/alice');
const bob = callOf('teams/bob');
let now = new Date('2026-01-01T00:00:00Z');
let harness: Harness;
let library: VersionedLibrary<Template, TemplateVersion, TemplateContent>;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => harness[Symbol.asyncDispose]());
beforeEach(() => {
  harness.memory.clear();
  now = new Date('2026-01-01T00:00:00Z');
  library = openLibrary();
});

function openLibrary() {
  return new VersionedLibrary({
    client: harness.client,
    prefix: 'templates',
    versionCollection: 'template-versions',
    header: TemplateSchema,
    version: TemplateVersionSchema,
    content: TemplateContentSchema,
    now: () => now,
  });
}

const content = (body: string) => create(TemplateContentSchema, { body });
const versionDocuments = () =>
  [...harness.memory.documents.keys()].filter((key) => key.startsWith('template-versions/'));
const add = (body: string, more: object = {}) =>
  library.addVersion({ name: 'templates/t', content: content(body), ...more }, alice);

describe('create', () => {
  test('makes header and first version', async () => {
    const header = { displayName: 'Tee', labels: { a: 'b' } };
    const made = await library.create({ id: 't', header, content: content('one'), changeNote: 'new' }, alice);
    expect(made.header).toMatchObject({
      name: 'templates/t',
      team: 'teams/alice',
      displayName: 'Tee',
      visibility: Visibility.TEAM,
      labels: { a: 'b' },
      aliases: { latest: 1 },
      latestVersion: 1,
      revision: 1n,
      archived: false,
    });
    expect(made.header.etag).toMatch(/^"1-[0-9a-f]{10}"$/);
    expect(made.version).toMatchObject({
      name: 'templates/t/versions/1',
      version: 1,
      changeNote: 'new',
      creator: 'Ada',
    });
    expect(made.version.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await openLibrary().get('templates/t', alice)).toEqual(made);
  });

  test('a repeat of the same attempt gets what was made; anything else is refused', async () => {
    const input = { id: 't', content: content('one'), requestId: 'r1' };
    const made = await library.create(input, alice);
    expect((await library.create(input, alice)).header.etag).toBe(made.header.etag);
    const refused = async (call: Promise<unknown>, reason: string) =>
      expect(call).rejects.toMatchObject({ code: Code.ALREADY_EXISTS, reason });
    await refused(library.create({ ...input, content: content('two') }, alice), 'REQUEST_ID_REUSED');
    await refused(library.create({ ...input, requestId: 'r2' }, alice), 'ALREADY_EXISTS');
    await refused(library.create(input, bob), 'ALREADY_EXISTS');
    now = new Date('2026-01-09T00:00:00Z');
    await refused(library.create(input, alice), 'ALREADY_EXISTS');
    expect(versionDocuments()).toHaveLength(1);
  });

  test('of many at once one wins, and the others leave nothing behind', async () => {
    const attempts = Array.from({ length: 5 }, (_, index) =>
      library.create({ id: 't', content: content(`body ${index}`), requestId: `r${index}` }, alice),
    );
    const ends = await Promise.allSettled(attempts);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(versionDocuments()).toHaveLength(1);
  });
});

describe('versions', () => {
  beforeEach(() => library.create({ id: 't', content: content('one') }, alice));

  test('are numbered, and the latest content gives the latest back', async () => {
    const second = await add('two');
    expect(second).toMatchObject({ added: true, version: { version: 2 }, header: { latestVersion: 2 } });
    expect(await add('two')).toMatchObject({ added: false, version: { version: 2 } });
    expect(await add('one')).toMatchObject({ added: true, version: { version: 3 } });
    const { versions } = await library.listVersions({ name: 'templates/t' }, alice);
    expect(versions.map(({ version, content }) => [version, content?.body])).toEqual([
      [3, 'one'],
      [2, 'two'],
      [1, 'one'],
    ]);
  });

  test('added by many at once get a number each', async () => {
    const added = await Promise.all(['a', 'b', 'c', 'd'].map((body) => add(body)));
    expect(added.map(({ version }) => version.version).sort()).toEqual([2, 3, 4, 5]);
    for (const { version } of added) {
      const read = await openLibrary().get(version.name, alice);
      expect(read.version.content?.body).toBe(version.content?.body);
    }
  });

  test('survive an answer that was lost', async () => {
    const { etag } = (await library.get('templates/t', alice)).header;
    let lost = 0;
    // The write gets through, its answer does not; the client's repeat of the write finds the new revision there.
    harness.memory.afterPut = (key) => {
      if (key !== 'templates/t' || lost > 0) return;
      lost += 1;
      throw aborted('templates/t is at revision 2.');
    };
    const added = await add('two', { etag });
    expect(added).toMatchObject({ added: true, version: { version: 2 } });
    expect(lost).toBe(1);
    expect(added.header).toMatchObject({ latestVersion: 2, revision: 2n });
    expect(versionDocuments()).toHaveLength(2);
  });

  test('need the current etag, and leave nothing behind where it is not', async () => {
    const { etag } = (await add('two')).header;
    await add('three', { etag });
    const late = add('four', { etag });
    await expect(late).rejects.toMatchObject({ code: Code.ABORTED, reason: 'ETAG_MISMATCH' });
    expect(versionDocuments()).toHaveLength(3);
    expect(await add('three', { etag })).toMatchObject({ added: false });
  });

  test('page from the newest down', async () => {
    for (const body of ['2', '3', '4', '5']) await add(body);
    const first = await library.listVersions({ name: 'templates/t', pageSize: 2 }, alice);
    expect(first.versions.map(({ version }) => version)).toEqual([5, 4]);
    await add('6');
    const { nextPageToken: pageToken } = first;
    const second = await library.listVersions({ name: 'templates/t', pageSize: 9, pageToken }, alice);
    expect(second.versions.map(({ version }) => version)).toEqual([3, 2, 1]);
    expect(second.nextPageToken).toBe('');
  });
});

describe('aliases', () => {
  beforeEach(async () => {
    await library.create({ id: 't', content: content('one') }, alice);
    await add('two');
  });

  test('decide what a name means', async () => {
    const bodyOf = async (name: string) => (await library.get(name, alice)).version.content?.body;
    expect(await bodyOf('templates/t')).toBe('two');
    await library.setAlias({ name: 'templates/t', alias: 'production', version: 1 }, alice);
    expect(await bodyOf('templates/t')).toBe('one');
    expect(await bodyOf('templates/t/versions/production')).toBe('one');
    expect(await bodyOf('templates/t/versions/latest')).toBe('two');
    expect(await bodyOf('templates/t/versions/1')).toBe('one');
    const header = await library.setAlias({ name: 'templates/t', alias: 'production', version: 0 }, alice);
    expect(header.aliases).toEqual({ latest: 2 });
  });

  test('move with a new version in one step', async () => {
    const { header } = await add('three', { setAliases: ['production', 'canary'] });
    expect(header).toMatchObject({ aliases: { latest: 3, production: 3, canary: 3 }, revision: 3n });
    expect((await add('three', { setAliases: ['canary'] })).header.revision).toBe(3n);
  });

  test('that are there already need no etag, others do', async () => {
    const input = { name: 'templates/t', alias: 'production', version: 1 };
    const { etag } = (await library.get('templates/t', alice)).header;
    const moved = await library.setAlias({ ...input, etag }, alice);
    expect((await library.setAlias({ ...input, etag }, alice)).etag).toBe(moved.etag);
    const other = library.setAlias({ ...input, version: 2, etag }, alice);
    await expect(other).rejects.toMatchObject({ reason: 'ETAG_MISMATCH' });
  });

  test.each([
    ['latest', 1, Code.INVALID_ARGUMENT],
    ['1st', 1, Code.INVALID_ARGUMENT],
    ['production', 9, Code.NOT_FOUND],
  ])('%s at version %i is refused', async (alias, version, code) => {
    const answer = library.setAlias({ name: 'templates/t', alias, version }, alice);
    await expect(answer).rejects.toMatchObject({ code });
  });

  test.each([
    ['templates/none', Code.NOT_FOUND],
    ['templates/t/versions/3', Code.NOT_FOUND],
    ['templates/t/versions/0', Code.NOT_FOUND],
    ['templates/t/versions/01', Code.NOT_FOUND],
    ['templates/t/versions/canary', Code.NOT_FOUND],
    ['templates/t/versions/constructor', Code.NOT_FOUND],
    ['rubrics/t', Code.INVALID_ARGUMENT],
    ['templates/t/version/1', Code.INVALID_ARGUMENT],
    ['templates/../t', Code.INVALID_ARGUMENT],
    ['', Code.INVALID_ARGUMENT],
  ])('the name "%s" is refused', async (name, code) => {
    await expect(library.get(name, alice)).rejects.toMatchObject({ code });
  });
});

describe('teams', () => {
  beforeEach(() => library.create({ id: 't', content: content('one') }, alice));

  test("another team's resource is not there", async () => {
    const name = 'templates/t';
    const header = create(TemplateSchema, { name });
    const calls = [
      library.get(name, bob),
      library.listVersions({ name }, bob),
      library.addVersion({ name, content: content('two') }, bob),
      library.setAlias({ name, alias: 'production', version: 1 }, bob),
      library.update(header, bob),
      library.archive({ name, archived: true }, bob),
      library.fork({ source: name, id: 'mine' }, bob),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: Code.NOT_FOUND });
    expect((await library.list({}, bob)).headers).toEqual([]);
  });

  test("the organisation's is read and forked by all, and changed by its owner", async () => {
    const { header } = await library.get('templates/t', alice);
    await library.update({ ...header, visibility: Visibility.ORGANISATION, displayName: 'Tee' }, alice);
    expect((await library.get('templates/t', bob)).header.displayName).toBe('Tee');
    const change = library.archive({ name: 'templates/t', archived: true }, bob);
    await expect(change).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
    const forked = await library.fork(
      { source: 'templates/t', id: 'mine', extra: ({ name }) => ({ forkedFrom: name }) },
      bob,
    );
    expect(forked.header).toMatchObject({
      team: 'teams/bob',
      visibility: Visibility.TEAM,
      displayName: 'Tee',
      forkedFrom: 'templates/t/versions/1',
    });
    expect(forked.version.content?.body).toBe('one');
    expect((await library.list({}, bob)).headers.map(({ name }) => name)).toEqual([
      'templates/mine',
      'templates/t',
    ]);
  });

  test('a call that speaks for nobody is refused', async () => {
    const answer = library.get('templates/t', { principal: undefined });
    await expect(answer).rejects.toMatchObject({ code: Code.UNAUTHENTICATED });
  });
});

test('archived resources are read, not added to, and come back', async () => {
  await library.create({ id: 't', content: content('one') }, alice);
  await library.archive({ name: 'templates/t', archived: true }, alice);
  expect((await library.list({}, alice)).headers).toEqual([]);
  expect((await library.list({ includeArchived: true }, alice)).headers).toHaveLength(1);
  expect((await library.get('templates/t', alice)).header.archived).toBe(true);
  await expect(add('two')).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION, reason: 'WRONG_STATE' });
  await library.archive({ name: 'templates/t', archived: false }, alice);
  expect(await add('two')).toMatchObject({ added: true });
});

test('updates change what people may change, with the etag that was read', async () => {
  const { header } = await library.create({ id: 't', content: content('one') }, alice);
  now = new Date('2026-01-02T00:00:00Z');
  const changed = await library.update(
    { ...header, description: 'new', team: 'teams/x', archived: true },
    alice,
  );
  expect(changed).toMatchObject({ description: 'new', team: 'teams/alice', archived: false, revision: 2n });
  expect(changed.updateTime?.seconds).toBe(BigInt(now.getTime() / 1_000));
  const late = library.update({ ...header, description: 'newer' }, alice);
  await expect(late).rejects.toMatchObject({ code: Code.ABORTED, reason: 'ETAG_MISMATCH' });
});

test('lists page by id over what others hide in between', async () => {
  const ids = Array.from({ length: 130 }, (_, index) => `t${String(index).padStart(3, '0')}`);
  for (const id of ids) {
    await library.create({ id, content: content(id) }, id.endsWith('7') ? alice : bob);
  }
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await library.list({ pageSize: 4, pageToken }, alice);
    seen.push(...page.headers.map(({ name }) => name));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  expect(seen).toEqual(ids.filter((id) => id.endsWith('7')).map((id) => `templates/${id}`));
});

test('page tokens are good for one list with one filter', async () => {
  for (const id of ['a', 'b', 'c']) await library.create({ id, content: content(id) }, alice);
  const { nextPageToken } = await library.list({ pageSize: 1 }, alice);
  const refusals = [
    library.list({ pageToken: nextPageToken, includeArchived: true }, alice),
    library.list({ pageToken: nextPageToken }, bob),
    library.list({ pageToken: 'nonsense' }, alice),
    library.listVersions({ name: 'templates/a', pageToken: nextPageToken }, alice),
  ];
  for (const refusal of refusals) {
    await expect(refusal).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      reason: 'INVALID_PAGE_TOKEN',
    });
  }
});
