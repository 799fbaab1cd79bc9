import { Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { ProjectSchema } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { type Model, ModelSchema, ModelState } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { clone, create, type JsonObject, type MessageInitShape, toJson } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AdapterClients, openStage, type Stage, startAdapter } from './harness.ts';

let stage: Stage;
let adapter: AdapterClients & AsyncDisposable;
let replica: AdapterClients & AsyncDisposable;
const now = new Date('2026-11-22T12:00:00Z');

beforeAll(async () => {
  stage = await openStage();
  adapter = await startAdapter(stage, { now: () => now });
  replica = await startAdapter(stage, { now: () => now });
});

afterAll(async () => {
  await replica[Symbol.asyncDispose]();
  await adapter[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

const call = () => ({ principal: stage.caller() });

async function entry(id: string, change: MessageInitShape<typeof ModelSchema> = {}): Promise<Model> {
  const { model } = await adapter.catalog.getModel({ name: 'models/sandbox-approve' }, call());
  if (model === undefined) throw new Error('there is no sandbox');
  const { successor = '', ...rest } = change;
  const named = { name: `models/${id}`, etag: '', state: ModelState.VALIDATED, successor };
  return Object.assign(clone(ModelSchema, model), named, rest);
}

const translate = (model: string, more: object = {}) =>
  adapter.generation.translateRequest({ request: { model, prompt: 'a ball', ...more } }, call());

/** Reads until the answer is as wanted: a change reaches other replicas within seconds. */
async function eventually<T>(read: () => Promise<T>, isWanted: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (isWanted(value)) return value;
  }
}

describe('listing', () => {
  test('pages by name, and refuses a token of another list', async () => {
    const first = await adapter.catalog.listModels({ pageSize: 4, provider: 'sandbox' }, call());
    expect(first.models).toHaveLength(4);
    const next = { pageSize: 200, provider: 'sandbox', pageToken: first.nextPageToken };
    const rest = await adapter.catalog.listModels(next, call());
    const names = [...first.models, ...rest.models].map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    expect(new Set(names).size).toBe(names.length);
    expect(rest.nextPageToken).toBe('');
    const other = adapter.catalog.listModels({ pageToken: first.nextPageToken }, call());
    await expect(other).rejects.toMatchObject({ reason: 'INVALID_PAGE_TOKEN' });
  });

  test('filters by task', async () => {
    const { models } = await adapter.catalog.listModels({ task: Task.INPAINT }, call());
    expect(models.map(({ name }) => name)).toEqual(['models/studio-pro']);
  });

  test('a provider that is turned off is listed as not configured, on request only', async () => {
    await using without = await startAdapter(stage, {}, { PROVIDER_SANDBOX_ENABLED: 'false' });
    const list = (includeUnavailable: boolean) =>
      without.catalog.listModels({ provider: 'sandbox', includeUnavailable }, call());
    expect((await list(false)).models).toEqual([]);
    const [model] = (await list(true)).models;
    expect(model).toMatchObject({ configured: false, missingSettings: ['PROVIDER_SANDBOX_TYPE'] });
  });
});

describe('registering', () => {
  test('another replica sees it, and translates for it', async () => {
    await adapter.catalog.registerModel({ model: await entry('new-one', { displayName: 'New' }) }, call());
    const { model } = await eventually(
      () => replica.catalog.getModel({ name: 'models/new-one' }, call()).catch(() => ({ model: undefined })),
      ({ model: found }) => found !== undefined,
    );
    expect(model).toMatchObject({ displayName: 'New', registered: true, revision: 1n, configured: true });
    const request = { model: 'models/new-one', prompt: 'a ball' };
    const translated = await replica.generation.translateRequest({ request }, call());
    expect(translated.receipt).toMatchObject({ model: 'models/new-one', modelRevision: 1n });
  });

  test('only with the current etag once it is there; a repeat is no error', async () => {
    const first = await entry('etagged');
    const { model } = await adapter.catalog.registerModel({ model: first }, call());
    const again = await adapter.catalog.registerModel({ model: first }, call());
    expect(again.model).toEqual(model);
    const changed = Object.assign(clone(ModelSchema, first), { displayName: 'Other' });
    const register = (etag: string) =>
      adapter.catalog.registerModel({ model: Object.assign(clone(ModelSchema, changed), { etag }) }, call());
    await expect(register('')).rejects.toMatchObject({ codeName: 'ALREADY_EXISTS' });
    await expect(register('"0-stale"')).rejects.toMatchObject({
      codeName: 'ABORTED',
      reason: 'ETAG_MISMATCH',
    });
    expect((await register(model?.etag ?? '')).model).toMatchObject({ displayName: 'Other', revision: 2n });
  });

  test('a broken entry is refused whole, with the path of each error', async () => {
    const broken = await entry('broken', { provider: 'nobody', tasks: [Task.EDIT] });
    await expect(adapter.catalog.registerModel({ model: broken }, call())).rejects.toMatchObject({
      reason: 'CATALOG_ENTRY_INVALID',
      fieldViolations: [{ field: 'model.provider' }, { field: 'model.tasks[0]' }],
    });
    await expect(adapter.catalog.getModel({ name: broken.name }, call())).rejects.toMatchObject({
      codeName: 'NOT_FOUND',
    });
  });

  test('only checking changes nothing', async () => {
    await adapter.catalog.registerModel({ model: await entry('checked'), validateOnly: true }, call());
    const found = adapter.catalog.getModel({ name: 'models/checked' }, call());
    await expect(found).rejects.toMatchObject({ codeName: 'NOT_FOUND' });
  });
});

describe('states and dates', () => {
  const refused = { codeName: 'FAILED_PRECONDITION', reason: 'MODEL_UNAVAILABLE' };

  test('a disabled built-in model is refused, and comes back', async () => {
    const name = 'models/sandbox-review';
    const set = (state: ModelState, etag = '') =>
      adapter.catalog.updateModelState({ name, state, etag, reason: 'test' }, call());
    const { model } = await set(ModelState.DISABLED);
    expect(model).toMatchObject({ state: ModelState.DISABLED, registered: false, revision: 2n });
    await expect(translate(name)).rejects.toMatchObject(refused);
    await expect(set(ModelState.VALIDATED, '"1-old"')).rejects.toMatchObject({ reason: 'ETAG_MISMATCH' });
    await set(ModelState.VALIDATED, model?.etag);
    expect((await translate(name)).receipt?.warnings).toEqual([]);
    await set(ModelState.DEPRECATED);
    expect((await translate(name)).receipt?.warnings).toEqual([`${name} is deprecated`]);
  });

  test('an experimental model needs the opt-in', async () => {
    const model = await entry('trial', { state: ModelState.EXPERIMENTAL });
    await adapter.catalog.registerModel({ model }, call());
    await expect(translate(model.name)).rejects.toMatchObject(refused);
    expect((await translate(model.name, { allowExperimental: true })).receipt?.model).toBe(model.name);
  });

  test('a model past its shutdown is refused with date and successor, one before it warns', async () => {
    const successor = 'models/studio-pro';
    const at = (date: string) => timestampFromDate(new Date(date));
    const gone = await entry('gone', { shutdownTime: at('2026-11-01T00:00:00Z'), successor });
    const going = await entry('going', { shutdownTime: at('2026-12-01T00:00:00Z'), successor });
    await adapter.catalog.registerModel({ model: gone }, call());
    await adapter.catalog.registerModel({ model: going }, call());
    await expect(translate(gone.name)).rejects.toMatchObject({
      ...refused,
      message: 'models/gone was shut down on 2026-11-01. Use models/studio-pro instead.',
      metadata: { successor },
    });
    expect((await translate(going.name)).receipt?.warnings).toEqual([
      'models/going will be shut down on 2026-12-01; its successor is models/studio-pro',
    ]);
  });
});

describe('dependents', () => {
  test('are the projects that name a model: of all teams for the platform, else of one', async () => {
    const put = (id: string, team: string, project: MessageInitShape<typeof ProjectSchema>) =>
      stage.documents.putDocument({
        document: {
          collection: 'projects',
          id,
          team,
          content: toJson(
            ProjectSchema,
            create(ProjectSchema, { name: `projects/${id}`, ...project }),
          ) as JsonObject,
        },
      });
    const model = 'models/studio-draft';
    await put('a', 'teams/shop', { defaultModel: model, allowedModels: [model] });
    await put('b', 'teams/other', { policy: { fallbackModels: [model] } });
    await put('c', 'teams/shop', { defaultModel: 'models/studio-pro' });
    const list = async (scopes: string[], pageSize = 0, pageToken = '') => {
      const principal = stage.caller('teams/shop', scopes);
      return adapter.catalog.listModelDependents({ name: model, pageSize, pageToken }, { principal });
    };
    const brief = ({ dependents }: Awaited<ReturnType<typeof list>>) =>
      dependents.map(({ resource, team, relation }) => `${resource} ${team} ${relation}`);
    const own = ['projects/a teams/shop allowed_models', 'projects/a teams/shop default_model'];
    expect(brief(await list(['generate']))).toEqual(own);
    expect(brief(await list(['platform-admin']))).toEqual([...own, 'projects/b teams/other fallback_models']);
    const page = await list(['platform-admin'], 1);
    expect(brief(await list(['platform-admin'], 1, page.nextPageToken))).toEqual([own[1]]);
  });
});

describe('aliases', () => {
  const set = (alias: string, model: string, clients = adapter) =>
    clients.catalog.setModelAlias({ alias: `models/${alias}`, model }, call());
  const get = (name: string, clients = adapter) => clients.catalog.getModel({ name }, call());

  test('stand for a model, move, and go, for every replica', async () => {
    expect((await set('tiles', 'models/studio-draft')).model?.name).toBe('models/studio-draft');
    const seen = (name: string) =>
      eventually(
        () => get('models/tiles', replica).catch(() => undefined),
        (answer) => answer?.model?.name === name,
      );
    await seen('models/studio-draft');
    const { receipt, nativeRequests } = await translate('models/tiles');
    expect(receipt?.model).toBe('models/studio-draft');
    expect(nativeRequests).toHaveLength(1);
    expect((await get('models/studio-draft')).model?.aliases).toEqual(['models/tiles']);
    const { models } = await adapter.catalog.listModels({ pageSize: 200 }, call());
    expect(models.map(({ name }) => name)).not.toContain('models/tiles');
    await set('tiles', 'models/studio-pro');
    await seen('models/studio-pro');
    expect(await set('tiles', '')).toEqual(expect.not.objectContaining({ model: expect.anything() }));
    await expect(get('models/tiles')).rejects.toMatchObject({ codeName: 'NOT_FOUND' });
    await set('tiles', 'models/studio-draft');
    expect((await get('models/tiles')).model?.name).toBe('models/studio-draft');
  });

  test('are neither models nor point at aliases', async () => {
    await set('cards', 'models/studio-pro');
    await expect(set('other', 'models/cards')).rejects.toMatchObject({ reason: 'WRONG_STATE' });
    await expect(set('studio-pro', 'models/studio-draft')).rejects.toMatchObject({
      reason: 'ALREADY_EXISTS',
    });
    await expect(set('other', 'models/nothing')).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    const state = { name: 'models/cards', state: ModelState.DISABLED };
    await expect(adapter.catalog.updateModelState(state, call())).rejects.toMatchObject({
      reason: 'WRONG_STATE',
    });
    const registered = adapter.catalog.registerModel({ model: await entry('cards') }, call());
    await expect(registered).rejects.toMatchObject({ reason: 'WRONG_STATE' });
  });

  test('depend on their model, and so does what names them, or has it for a successor', async () => {
    await adapter.catalog.registerModel({ model: await entry('leading') }, call());
    await adapter.catalog.registerModel(
      { model: await entry('trailing', { successor: 'models/leading' }) },
      call(),
    );
    await set('front', 'models/leading');
    const content = toJson(
      ProjectSchema,
      create(ProjectSchema, { name: 'projects/by-alias', defaultModel: 'models/front' }),
    ) as JsonObject;
    const document = { collection: 'projects', id: 'by-alias', team: 'teams/shop', content };
    await stage.documents.putDocument({ document });
    const { dependents } = await adapter.catalog.listModelDependents({ name: 'models/front' }, call());
    expect(dependents.map(({ resource, relation }) => `${resource} ${relation}`)).toEqual([
      'models/front alias',
      'models/trailing successor',
      'projects/by-alias default_model',
    ]);
  });
});
