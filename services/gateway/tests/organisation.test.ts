import { ExpectedAnswer } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { loadGatewayConfig, startGateway } from '../src/service.ts';
import { type Clients, clientsOf, type Fixture, fieldsOf, fixture, refusal, secretOf } from './harness.ts';

let mesh: Fixture;
let platform: Clients['organisation'];

beforeAll(async () => {
  mesh = await fixture();
  platform = mesh.as('platform').organisation;
});
afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
});

const blank = { id: 'org-blank', text: 'Is there something?', required: true, check: { kind: 'not_blank' } };
const logo = { id: 'org-logo', text: 'Is a logo there?', dependsOn: ['org-blank'], check: { kind: 'x' } };
const rules = { forbiddenTerms: ['acme'], questions: [blank, logo] };

const read = async (client: Clients['organisation'] = platform) =>
  (await client.getOrganisation({})).organisation!;

test('while nobody wrote any there are none, and a first writer says that it read so', async () => {
  const none = await read(mesh.as('red-usage').organisation);
  expect(none).toMatchObject({ forbiddenTerms: [], questions: [], revision: 0n });
  const attempts = ['a', 'b', 'c'].map((term) =>
    refusal(platform.updateOrganisation({ organisation: { forbiddenTerms: [term], etag: none.etag } })),
  );
  expect((await Promise.all(attempts)).sort()).toEqual([
    'ABORTED ETAG_MISMATCH',
    'ABORTED ETAG_MISMATCH',
    'OK',
  ]);
  expect(await read()).toMatchObject({ revision: 1n });
});

describe('a change', () => {
  beforeEach(async () => {
    await platform.updateOrganisation({ organisation: {} });
  });

  test('is read by every team, as it was written', async () => {
    const before = await read();
    const { organisation, warnings } = await platform.updateOrganisation({
      organisation: { ...rules, forbiddenTerms: [' acme ', 'Rival'], etag: before.etag },
    });
    expect(organisation).toMatchObject({
      forbiddenTerms: ['acme', 'Rival'],
      questions: [
        { id: 'org-blank', required: true },
        { id: 'org-logo', dependsOn: ['org-blank'] },
      ],
      revision: before.revision + 1n,
    });
    expect(organisation!.updateTime).toBeDefined();
    expect(organisation!.etag).not.toBe(before.etag);
    expect(warnings).toEqual([]);
    for (const name of ['red-generate', 'blue']) {
      expect(await read(mesh.as(name).organisation)).toEqual(organisation);
    }
  });

  test('is one of many at once: with an etag one wins, without everybody has his turn', async () => {
    const { etag, revision } = await read();
    const put = (term: string, given: string) =>
      refusal(platform.updateOrganisation({ organisation: { forbiddenTerms: [term], etag: given } }));
    const raced = await Promise.all(['a', 'b', 'c', 'd'].map((term) => put(term, etag)));
    expect(raced.sort()).toEqual([
      'ABORTED ETAG_MISMATCH',
      'ABORTED ETAG_MISMATCH',
      'ABORTED ETAG_MISMATCH',
      'OK',
    ]);
    expect(await Promise.all(['e', 'f', 'g', 'h'].map((term) => put(term, '')))).toEqual([
      'OK',
      'OK',
      'OK',
      'OK',
    ]);
    expect((await read()).revision).toBe(revision + 5n);
  });

  test('that is repeated is no conflict and makes no revision', async () => {
    const { etag } = await read();
    const change = { organisation: { ...rules, etag } };
    const first = await platform.updateOrganisation(change);
    expect((await platform.updateOrganisation(change)).organisation).toEqual(first.organisation);
  });

  test('can be tried: what is wrong is told, and nothing is written', async () => {
    const before = await read();
    const unsure = { id: 'org-taste', text: 'Is it in good taste?' };
    const { organisation, warnings } = await platform.updateOrganisation({
      organisation: { questions: [unsure], etag: before.etag },
      validateOnly: true,
    });
    expect(organisation).toMatchObject({ questions: [unsure], revision: before.revision, etag: before.etag });
    expect(warnings).toEqual(['No judge can answer org-taste.']);
    const stale = { organisation: { ...rules, etag: 'stale' }, validateOnly: true };
    expect(await refusal(platform.updateOrganisation(stale))).toBe('ABORTED ETAG_MISMATCH');
    expect(await read()).toEqual(before);
  });

  test('holds at once for whoever asks another gateway', async () => {
    const config = loadGatewayConfig({
      ATELIER_DATA_DIR: `${mesh.dataDir}/second`,
      MESH_KEYS_DIR: `${mesh.dataDir}/mesh`,
      GATEWAY_GRPC_ADDR: '127.0.0.1:0',
      GATEWAY_HTTP_ADDR: '127.0.0.1:0',
      GATEWAY_AUTH: 'api-key',
      GATEWAY_API_KEYS_FILE: `${mesh.dataDir}/keys.yaml`,
      LOG_LEVEL: 'silent',
      STORAGE_URL: mesh.storageTarget,
    });
    await using gateway = await startGateway(config);
    using other = clientsOf(gateway.grpcPort, { 'x-api-key': secretOf('red') });
    expect(await read(other.organisation)).toMatchObject({ forbiddenTerms: [] });
    const { organisation } = await platform.updateOrganisation({ organisation: rules });
    expect(await read(other.organisation)).toEqual(organisation);
  });

  test('is in the audit log, and so is what was not allowed', async () => {
    await platform.updateOrganisation({ organisation: rules });
    await refusal(mesh.as('red').organisation.updateOrganisation({ organisation: {} }));
    await read(mesh.as('red').organisation);
    const acts = async (team: string) => {
      const { events } = await mesh.as('platform').audit.listAuditEvents({ team, resource: 'organisation' });
      return events.map(({ method, code, details }) => [method.split('/')[1], code, details]);
    };
    expect((await acts('teams/platform'))[0]).toEqual([
      'UpdateOrganisation',
      'OK',
      { organisation: { forbiddenTerms: ['acme'] } },
    ]);
    expect(await acts('teams/red')).toEqual([
      ['UpdateOrganisation', 'PERMISSION_DENIED', { organisation: {} }],
    ]);
  });
});

test.each([
  [
    'terms',
    { forbiddenTerms: ['a', ' ', 'B', 'b', ' a'] },
    'INVALID_FIELD',
    [1, 3, 4].map((at) => `forbidden_terms[${at}]`),
  ],
  ['an id of a team', { questions: [blank, { ...blank, id: 'logo' }] }, 'INVALID_FIELD', ['questions[1].id']],
  ['no id after the prefix', { questions: [{ ...blank, id: 'org-' }] }, 'INVALID_FIELD', ['questions[0].id']],
  [
    'a parent that is not there',
    { questions: [blank, { ...blank, id: 'org-b', dependsOn: ['nowhere'] }] },
    'INVALID_FIELD',
    ['questions[1].depends_on[0]'],
  ],
  [
    'questions over a variable of a brief',
    { questions: [blank, { ...logo, text: 'Is it {{ item }}?' }] },
    'VARIABLE_INVALID',
    ['questions[1]'],
  ],
  [
    'questions over the brief, which a variable may stand in for',
    { questions: [{ ...blank, text: 'Is it {{ brief }}?' }, logo] },
    'VARIABLE_INVALID',
    ['questions[0]'],
  ],
  [
    'more than a document holds',
    { questions: [{ ...blank, check: { kind: 'x', parameters: { text: 'x'.repeat(300_000) } } }] },
    'INVALID_FIELD',
    [''],
  ],
])('%s: refused by field, and nothing is written', async (_, organisation, reason, fields) => {
  const before = await read();
  const change = { organisation };
  expect(await refusal(platform.updateOrganisation(change))).toBe(`INVALID_ARGUMENT ${reason}`);
  expect(await fieldsOf(platform.updateOrganisation(change))).toEqual(
    fields.map((field) => (field === '' ? 'organisation' : `organisation.${field}`)),
  );
  expect(await read()).toEqual(before);
});

describe('projects', () => {
  test('have terms of their own, trimmed, none blank or given twice', async () => {
    const red = mesh.as('red').projects;
    const name = 'projects/worded';
    const { project } = await red.createProject({ project: { name, forbiddenTerms: [' red ', 'blue'] } });
    expect(project?.forbiddenTerms).toEqual(['red', 'blue']);
    const { project: same } = await red.updateProject({
      project: { name, forbiddenTerms: ['red', 'blue '] },
    });
    expect(same).toMatchObject({ revision: 1n, forbiddenTerms: ['red', 'blue'] });
    const wrong = { project: { name, forbiddenTerms: ['red', '\t', 'RED'] } };
    for (const call of [red.createProject, red.updateProject]) {
      expect(await fieldsOf(call(wrong))).toEqual([
        'project.forbidden_terms[1]',
        'project.forbidden_terms[2]',
      ]);
    }
  });

  test("neither take the organisation's ids nor hang on its questions", async () => {
    const red = mesh.as('red').projects;
    const name = 'projects/shadow';
    const questions = [
      { ...blank, id: 'own' },
      { ...blank, expectedAnswer: ExpectedAnswer.NO },
      { ...blank, id: 'child', dependsOn: ['own', 'org-logo'] },
    ];
    const fields = ['project.questions[1].id', 'project.questions[2].depends_on[1]'];
    expect(await fieldsOf(red.createProject({ project: { name, questions } }))).toEqual(fields);
    await red.createProject({ project: { name } });
    expect(await fieldsOf(red.updateProject({ project: { name, questions } }))).toEqual(fields);
    expect((await red.getProject({ name })).project).toMatchObject({ revision: 1n, questions: [] });
  });
});
