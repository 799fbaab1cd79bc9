import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Atelier, createAtelier } from '@atelier/client';
import { Scope } from '@atelier/protos/atelier/common/v1/principal_pb.ts';
import { ReviewDecision } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { ProjectState } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { BudgetPeriod } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { ModelState } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { launchTestMesh, type TestMesh } from '../src/index.ts';
import { ask } from './support/http.ts';
import { plainPng, sha256 } from './support/pictures.ts';
import { refusal } from './support/refusal.ts';

// Who may not: callers without a key, with a bad one, without the scope, and of another team.

/** Keys that are there from the start. */
const KEYS = {
  red: { team: 'red', scopes: 'generate, author, team-admin, usage' },
  blue: { team: 'blue', scopes: 'generate, author, team-admin, usage' },
  accountant: { team: 'red', scopes: 'usage' },
  late: { team: 'red', scopes: 'generate', expire_time: '2020-01-01T00:00:00Z' },
} as const;

const secretOf = (id: string) => `atl_${id}_${'s'.repeat(32)}`;
const folder = mkdtempSync(join(tmpdir(), 'atelier-keys-'));
const sharp = { id: 'sharp', text: 'Is it sharp?', required: true, check: { kind: 'sharpness' } };

let mesh: TestMesh;
const open: Atelier[] = [];

function caller(apiKey?: string): Atelier {
  const made = createAtelier({ address: mesh.mesh.address, apiKey, retries: 0 });
  open.push(made);
  return made;
}

let red: Atelier;
let blue: Atelier;
/** What the red team owns. */
let owned: { image: string; uploadId: string; generation: string; key: string };

beforeAll(async () => {
  const lines = Object.entries(KEYS).map(([id, { team, scopes, ...more }]) => {
    const digest = createHash('sha256').update(secretOf(id)).digest('hex');
    const end = 'expire_time' in more ? `, expire_time: "${more.expire_time}"` : '';
    return `  - { id: ${id}, team: teams/${team}, scopes: [${scopes}], sha256: ${digest}${end} }`;
  });
  const file = join(folder, 'keys.yaml');
  writeFileSync(file, `keys:\n${lines.join('\n')}\n`);
  mesh = await launchTestMesh({ GATEWAY_AUTH: 'api-key', GATEWAY_API_KEYS_FILE: file });
  red = caller(secretOf('red'));
  blue = caller(secretOf('blue'));
  owned = await makeOwned();
}, 120_000);

afterAll(async () => {
  for (const atelier of open) atelier.close();
  await mesh?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function makeOwned(): Promise<typeof owned> {
  const { projects, templates, rubrics, budgets, apiKeys, images } = red.services;
  await projects.createProject({
    project: { name: 'projects/reds', defaultModel: 'models/sandbox-approve' },
  });
  await templates.createTemplate({ templateId: 'reds', content: { body: 'A red card' } });
  await rubrics.createRubric({ rubricId: 'reds', content: { questions: [sharp] } });
  await budgets.setBudget({
    budgetId: 'reds',
    budget: { team: 'teams/red', period: BudgetPeriod.MONTH, limitMicroUsd: 1_000_000n },
  });
  const { apiKey } = await apiKeys.createApiKey({ apiKey: { team: 'teams/red', scopes: [Scope.GENERATE] } });
  const generation = await red.generate({ project: 'reds', brief: 'a card' });
  const bytes = await plainPng('#aa2200');
  const { uploadId, url, headers } = await images.createUpload({
    sha256: sha256(bytes),
    sizeBytes: BigInt(bytes.length),
    mediaType: 'image/png',
  });
  await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) });
  return {
    image: generation.results[0]?.image?.name ?? '',
    uploadId,
    generation: generation.name,
    key: apiKey?.name ?? '',
  };
}

describe('without a good key', () => {
  test.each([
    ['no key', undefined],
    ['an unknown key', `atl_nobody_${'x'.repeat(32)}`],
    ['an empty key', ' '],
    ["another key's beginning", secretOf('red').slice(0, -1)],
    ['a key that has expired', secretOf('late')],
  ])('%s', async (_, key) => {
    const anybody = caller(key);
    expect(await refusal(anybody.services.projects.listProjects({}))).toBe('UNAUTHENTICATED UNAUTHENTICATED');
    expect(await refusal(anybody.stream({ project: 'reds', brief: 'x' }))).toBe(
      'UNAUTHENTICATED UNAUTHENTICATED',
    );
  });

  test('a key that was revoked', async () => {
    const { apiKeys } = red.services;
    const { apiKey, secret } = await apiKeys.createApiKey({
      apiKey: { team: 'teams/red', scopes: [Scope.GENERATE] },
    });
    const holder = caller(secret);
    expect(await refusal(holder.services.projects.listProjects({}))).toBe('OK');
    await apiKeys.revokeApiKey({ name: apiKey?.name ?? '' });
    expect(await refusal(holder.services.projects.listProjects({}))).toBe('UNAUTHENTICATED UNAUTHENTICATED');
  });

  test('an image by HTTP', async () => {
    const { status } = await ask(`${mesh.mesh.httpUrl}/${owned.image}`);
    expect(status).toBe(401);
  });

  test('a made-up principal of the mesh is not believed', async () => {
    const forged = {
      'atelier-principal': 'eyJ0ZWFtIjoidGVhbXMvcmVkIn0.c2ln',
      'atelier-mesh-credential': 'x',
    };
    const call = caller().services.projects.listProjects({}, { headers: forged });
    expect(await refusal(call)).toBe('UNAUTHENTICATED UNAUTHENTICATED');
  });
});

describe('without the scope', () => {
  const MISSING = 'PERMISSION_DENIED SCOPE_MISSING';
  const accountant = () => caller(secretOf('accountant'));

  test('a key that may only see what was spent', async () => {
    const { services } = accountant();
    expect(await refusal(services.usage.queryUsage({ query: {} }))).toBe('OK');
    expect(await refusal(services.projects.listProjects({}))).toBe(MISSING);
    expect(await refusal(services.images.getImage({ name: owned.image }))).toBe(MISSING);
    expect(await refusal(services.apiKeys.listApiKeys({}))).toBe(MISSING);
    expect(await refusal(accountant().create({ project: 'reds', brief: 'x' }))).toBe(MISSING);
    const { status } = await ask(`${mesh.mesh.httpUrl}/${owned.image}`, {
      headers: { authorization: `Bearer ${secretOf('accountant')}` },
    });
    expect(status).toBe(403);
  });

  test('a team that wants what is for the platform', async () => {
    const { catalog, admin, teams } = red.services;
    const state = { name: 'models/studio-pro', state: ModelState.DISABLED };
    expect(await refusal(catalog.updateModelState(state))).toBe(MISSING);
    expect(await refusal(catalog.listModelDependents({ name: 'models/studio-pro' }))).toBe(MISSING);
    expect(await refusal(admin.rebuildWarehouse({}))).toBe(MISSING);
    expect(await refusal(teams.createTeam({ team: { name: 'teams/green' } }))).toBe(MISSING);
  });

  test('a key that gives away what it has not', async () => {
    const greedy = { team: 'teams/red', scopes: [Scope.PLATFORM_ADMIN] };
    expect(await refusal(red.services.apiKeys.createApiKey({ apiKey: greedy }))).toBe(
      'PERMISSION_DENIED SCOPE_MISSING',
    );
  });
});

describe("another team's name is no name", () => {
  const prompt = { input: { case: 'prompt' as const, value: 'x' } };
  type Call = (services: Atelier['services']) => Promise<unknown> | AsyncIterable<unknown>;
  const calls: Readonly<Record<string, Call>> = {
    GetProject: ({ projects }) => projects.getProject({ name: 'projects/reds' }),
    UpdateProject: ({ projects }) => projects.updateProject({ project: { name: 'projects/reds' } }),
    SetProjectState: ({ projects }) =>
      projects.setProjectState({ name: 'projects/reds', state: ProjectState.PAUSED }),
    CreateGeneration: ({ generations }) =>
      generations.createGeneration({ generation: { project: 'projects/reds', brief: prompt } }),
    PreviewGeneration: ({ generations }) =>
      generations.previewGeneration({ generation: { project: 'projects/reds', brief: prompt } }),
    GetGeneration: ({ generations }) => generations.getGeneration({ name: owned.generation }),
    WatchGeneration: ({ generations }) => generations.watchGeneration({ name: owned.generation }),
    CancelGeneration: ({ generations }) => generations.cancelGeneration({ name: owned.generation }),
    GetTemplate: ({ templates }) => templates.getTemplate({ name: 'templates/reds' }),
    AddTemplateVersion: ({ templates }) =>
      templates.addTemplateVersion({ name: 'templates/reds', content: { body: 'Mine' } }),
    ForkTemplate: ({ templates }) =>
      templates.forkTemplate({ source: 'templates/reds', templateId: 'stolen' }),
    ArchiveTemplate: ({ templates }) => templates.archiveTemplate({ name: 'templates/reds', archived: true }),
    GetRubric: ({ rubrics }) => rubrics.getRubric({ name: 'rubrics/reds' }),
    SetRubricAlias: ({ rubrics }) =>
      rubrics.setRubricAlias({ name: 'rubrics/reds', alias: 'production', version: 1 }),
    EvaluateImage: ({ evaluation }) => evaluation.evaluateImage({ image: owned.image, questions: [sharp] }),
    GetImage: ({ images }) => images.getImage({ name: owned.image }),
    GetImageUrl: ({ images }) => images.getImageUrl({ name: owned.image }),
    DeleteImage: ({ images }) => images.deleteImage({ name: owned.image }),
    RecordReview: ({ reviews }) =>
      reviews.recordReview({
        review: { image: owned.image, decision: ReviewDecision.APPROVED, reviewer: 'eve' },
      }),
    GetTeam: ({ teams }) => teams.getTeam({ name: 'teams/red' }),
    RevokeApiKey: ({ apiKeys }) => apiKeys.revokeApiKey({ name: owned.key }),
    RotateApiKey: ({ apiKeys }) => apiKeys.rotateApiKey({ name: owned.key }),
    ListApiKeys: ({ apiKeys }) => apiKeys.listApiKeys({ team: 'teams/red' }),
    GetBudget: ({ budgets }) => budgets.getBudget({ name: 'budgets/reds' }),
    DeleteBudget: ({ budgets }) => budgets.deleteBudget({ name: 'budgets/reds' }),
    QueryUsage: ({ usage }) => usage.queryUsage({ query: { team: 'teams/red' } }),
    ListAuditEvents: ({ audit }) => audit.listAuditEvents({ team: 'teams/red' }),
  };

  test.each(Object.entries(calls))('%s', async (_, call) => {
    const line = await refusal(call(blue.services));
    expect(line.split(' ').slice(0, 2).join(' ')).toBe('NOT_FOUND NOT_FOUND');
  });

  test('CommitImage of its upload', async () => {
    const call = (who: Atelier) => refusal(who.services.images.commitImage({ uploadId: owned.uploadId }));
    expect(await call(blue)).toBe('FAILED_PRECONDITION UPLOAD_MISSING');
    expect(await call(red)).toBe('OK');
  });

  test('a project that names its template, rubric and image', async () => {
    const project = { name: 'projects/blues', template: 'templates/reds', rubric: 'rubrics/reds' };
    expect(await refusal(blue.services.projects.createProject({ project }))).toBe(
      'NOT_FOUND NOT_FOUND project.rubric project.template',
    );
  });

  test('an image by HTTP', async () => {
    const as = (id: string) =>
      ask(`${mesh.mesh.httpUrl}/${owned.image}`, { headers: { authorization: `Bearer ${secretOf(id)}` } });
    expect([(await as('blue')).status, (await as('red')).status]).toEqual([404, 302]);
  });

  test('no list and no digest shows it', async () => {
    const { projects, templates, rubrics, images, generations, budgets } = blue.services;
    expect((await projects.listProjects({})).projects).toEqual([]);
    expect((await templates.listTemplates({})).templates).toEqual([]);
    expect((await rubrics.listRubrics({})).rubrics).toEqual([]);
    expect((await images.listImages({})).images).toEqual([]);
    expect((await generations.listGenerations({})).generations).toEqual([]);
    expect((await budgets.listBudgets({})).budgets).toEqual([]);
    const { image } = await red.services.images.getImage({ name: owned.image });
    const digest = { sha256: image?.ref?.sha256 ?? '' };
    const [mine, theirs] = await Promise.all(
      [red, blue].map((who) => who.services.images.verifyImage(digest)),
    );
    expect([mine?.image?.ref?.name, theirs?.image]).toEqual([owned.image, undefined]);
  });

  test('a name that is taken by another team tells no more than that', async () => {
    const project = { name: 'projects/reds', displayName: 'Mine' };
    expect(await refusal(blue.services.projects.createProject({ project }))).toBe(
      'ALREADY_EXISTS ALREADY_EXISTS',
    );
  });
});
