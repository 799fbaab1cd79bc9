import { Scope } from '@atelier/protos/atelier/common/v1/principal_pb.ts';
import { generateMeshKeys, principalSigner } from '@atelier/rpc';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadGatewayConfig, startGateway } from '../src/service.ts';
import { type Clients, clientsOf, type Fixture, fixture, refusal } from './harness.ts';

let mesh: Fixture;

beforeAll(async () => {
  mesh = await fixture();
});
afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
});

const calls: Readonly<Record<string, (client: Clients) => Promise<unknown>>> = {
  ListProjects: ({ projects }) => projects.listProjects({}),
  CreateProject: ({ projects }) => projects.createProject({ project: { name: 'projects/x' } }),
  GetOrganisation: ({ organisation }) => organisation.getOrganisation({}),
  UpdateOrganisation: ({ organisation }) => organisation.updateOrganisation({ organisation: {} }),
  CreateTeam: ({ teams }) => teams.createTeam({ team: { name: 'teams/new' } }),
  GetTeam: ({ teams }) => teams.getTeam({ name: 'teams/red' }),
  ListApiKeys: ({ keys }) => keys.listApiKeys({}),
  ListBudgets: ({ budgets }) => budgets.listBudgets({}),
  QueryUsage: ({ usage }) => usage.queryUsage({ query: {} }),
  ListAuditEvents: ({ audit }) => audit.listAuditEvents({}),
  ListReviewQueue: ({ reviews }) => reviews.listReviewQueue({}),
  ListImages: ({ images }) => images.listImages({}),
  GetModel: ({ catalog }) => catalog.getModel({ name: 'models/studio-a' }),
  RegisterModel: ({ catalog }) =>
    catalog.registerModel({ model: { name: 'models/studio-a' }, validateOnly: true }),
  ListBatches: ({ batches }) => batches.listBatches({}),
  GetWarehouseStatus: ({ admin }) => admin.getWarehouseStatus({}),
};

const DENIED = 'PERMISSION_DENIED SCOPE_MISSING';

describe('scopes', () => {
  test.each([
    ['ListProjects', ['OK', 'OK', 'OK', DENIED, 'OK']],
    ['CreateProject', [DENIED, 'OK', DENIED, DENIED, DENIED]],
    ['GetOrganisation', ['OK', 'OK', 'OK', 'OK', 'OK']],
    ['UpdateOrganisation', [DENIED, DENIED, DENIED, DENIED, 'OK']],
    ['CreateTeam', [DENIED, DENIED, DENIED, DENIED, 'OK']],
    ['GetTeam', ['OK', 'OK', 'OK', 'OK', 'OK']],
    ['ListApiKeys', [DENIED, DENIED, 'OK', DENIED, 'OK']],
    ['ListBudgets', [DENIED, DENIED, 'OK', 'OK', 'OK']],
    ['QueryUsage', [DENIED, DENIED, 'OK', 'OK', 'OK']],
    ['ListAuditEvents', [DENIED, DENIED, 'OK', DENIED, 'OK']],
    ['ListReviewQueue', ['OK', 'OK', 'OK', DENIED, 'OK']],
    ['ListImages', ['OK', 'OK', 'OK', DENIED, 'OK']],
    ['GetModel', ['OK', 'OK', 'OK', DENIED, 'OK']],
    ['GetWarehouseStatus', [DENIED, DENIED, DENIED, DENIED, 'OK']],
    [
      'ListBatches',
      [
        'UNIMPLEMENTED NOT_OFFERED',
        'UNIMPLEMENTED NOT_OFFERED',
        'UNIMPLEMENTED NOT_OFFERED',
        DENIED,
        'UNIMPLEMENTED NOT_OFFERED',
      ],
    ],
  ] as const)('%s: generate, author, team-admin, usage, platform-admin', async (name, expected) => {
    const callers = ['red-generate', 'red-author', 'red-admin', 'red-usage', 'platform'];
    const found = await Promise.all(callers.map((caller) => refusal(calls[name]!(mesh.as(caller)))));
    expect(found).toEqual(expected);
  });

  test('without a key, with a wrong one, or with a principal of his own, a caller gets nowhere', async () => {
    const foreign = principalSigner(generateMeshKeys().privateKey)({
      team: 'teams/red',
      keyId: 'x',
      subject: 'x',
      scopes: ['platform-admin'],
      kind: 'caller',
      expireTime: new Date(Date.now() + 60_000),
    });
    using forged = clientsOf(mesh.gateway.grpcPort, {
      'atelier-principal': foreign.token,
      'atelier-mesh-credential': 'guess',
    });
    for (const client of [
      mesh.anonymous,
      mesh.as('red', 'atl_wrong-but-long-enough'),
      mesh.as('red', ''),
      forged,
    ]) {
      for (const call of Object.values(calls)) {
        expect(await refusal(call(client))).toBe('UNAUTHENTICATED UNAUTHENTICATED');
      }
    }
  });

  test('inner services are given the principal of the caller, signed', async () => {
    mesh.scripted.modelReaders.length = 0;
    await mesh.as('blue').catalog.getModel({ name: 'models/studio-a' });
    expect(mesh.scripted.modelReaders).toEqual(['teams/blue generate,author,team-admin,usage']);
  });
});

describe('API keys', () => {
  test('a key works from when it is made until it is revoked, and its secret is shown once', async () => {
    const red = mesh.as('red');
    const { apiKey, secret } = await red.keys.createApiKey({
      apiKey: { team: 'teams/red', displayName: 'CI', scopes: [Scope.GENERATE] },
    });
    expect(secret).toMatch(/^atl_/);
    expect(apiKey).toMatchObject({ team: 'teams/red', prefix: secret.slice(0, 10), displayName: 'CI' });
    const ci = mesh.as('ci', secret);
    expect(await refusal(ci.projects.listProjects({}))).toBe('OK');
    const listed = await red.keys.listApiKeys({});
    expect(listed.apiKeys.map(({ name }) => name)).toContain(apiKey?.name);
    expect(
      JSON.stringify(listed.apiKeys, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain(secret);
    await red.keys.revokeApiKey({ name: apiKey!.name, reason: 'test' });
    await red.keys.revokeApiKey({ name: apiKey!.name });
    expect(await refusal(ci.projects.listProjects({}))).toBe('UNAUTHENTICATED UNAUTHENTICATED');
    expect((await red.keys.listApiKeys({})).apiKeys.map(({ name }) => name)).not.toContain(apiKey?.name);
    expect((await red.keys.listApiKeys({ includeRevoked: true })).apiKeys.map(({ name }) => name)).toContain(
      apiKey?.name,
    );
    expect(await refusal(red.keys.rotateApiKey({ name: apiKey!.name }))).toBe(
      'FAILED_PRECONDITION WRONG_STATE',
    );
  });

  test('a rotated secret stays good for as long as was asked', async () => {
    const red = mesh.as('red');
    const made = await red.keys.createApiKey({ apiKey: { team: 'teams/red', scopes: [Scope.GENERATE] } });
    const name = made.apiKey!.name;
    const second = await red.keys.rotateApiKey({ name, overlapSeconds: 600 });
    const works = (secret: string) => refusal(mesh.as('x', secret).projects.listProjects({}));
    expect(await Promise.all([works(made.secret), works(second.secret)])).toEqual(['OK', 'OK']);
    const third = await red.keys.rotateApiKey({ name });
    expect(await Promise.all([works(made.secret), works(second.secret), works(third.secret)])).toEqual([
      'UNAUTHENTICATED UNAUTHENTICATED',
      'UNAUTHENTICATED UNAUTHENTICATED',
      'OK',
    ]);
  });

  test('nobody gives or gets what he has not', async () => {
    const asked = (scopes: Scope[], team = 'teams/red', more = {}) => ({ apiKey: { team, scopes, ...more } });
    const admin = mesh.as('red-admin').keys;
    expect(await refusal(admin.createApiKey(asked([Scope.PLATFORM_ADMIN])))).toBe(DENIED);
    expect(await refusal(admin.createApiKey(asked([Scope.GENERATE])))).toBe(DENIED);
    expect(await refusal(admin.createApiKey(asked([Scope.TEAM_ADMIN], 'teams/blue')))).toBe(
      'NOT_FOUND NOT_FOUND',
    );
    expect(
      await refusal(admin.createApiKey(asked([Scope.TEAM_ADMIN], 'teams/red', { project: 'projects/none' }))),
    ).toBe('NOT_FOUND NOT_FOUND');
    const past = timestampFromDate(new Date(Date.now() - 1_000));
    expect(
      await refusal(admin.createApiKey(asked([Scope.TEAM_ADMIN], 'teams/red', { expireTime: past }))),
    ).toBe('INVALID_ARGUMENT INVALID_FIELD');

    const platform = mesh.as('platform').keys;
    expect(await refusal(platform.createApiKey(asked([Scope.GENERATE], 'teams/nobody')))).toBe(
      'NOT_FOUND NOT_FOUND',
    );
    const { apiKey } = await platform.createApiKey(asked([Scope.PLATFORM_ADMIN]));
    const name = apiKey!.name;
    expect(await refusal(admin.rotateApiKey({ name }))).toBe(DENIED);
    expect(await refusal(mesh.as('blue').keys.rotateApiKey({ name }))).toBe('NOT_FOUND NOT_FOUND');
    expect(await refusal(mesh.as('blue').keys.revokeApiKey({ name }))).toBe('NOT_FOUND NOT_FOUND');
    expect(await refusal(mesh.as('blue').keys.listApiKeys({ team: 'teams/red' }))).toBe(
      'NOT_FOUND NOT_FOUND',
    );
    expect(await refusal(admin.revokeApiKey({ name }))).toBe('OK');
  });

  test('another process learns of keys, and of their end, by itself', async () => {
    const { apiKey, secret } = await mesh.as('red').keys.createApiKey({
      apiKey: { team: 'teams/red', scopes: [Scope.GENERATE] },
    });
    const config = loadGatewayConfig({
      ATELIER_DATA_DIR: `${mesh.dataDir}/second`,
      MESH_KEYS_DIR: `${mesh.dataDir}/mesh`,
      GATEWAY_GRPC_ADDR: '127.0.0.1:0',
      GATEWAY_HTTP_ADDR: '127.0.0.1:0',
      GATEWAY_AUTH: 'api-key',
      LOG_LEVEL: 'silent',
      STORAGE_URL: mesh.storageTarget,
    });
    await using gateway = await startGateway(config);
    using client = clientsOf(gateway.grpcPort, { 'x-api-key': secret });
    // Until the keys are read the answer is UNAVAILABLE, never UNAUTHENTICATED.
    let answer = 'UNAVAILABLE SERVICE_UNREACHABLE';
    while (answer === 'UNAVAILABLE SERVICE_UNREACHABLE')
      answer = await refusal(client.projects.listProjects({}));
    expect(answer).toBe('OK');
    await mesh.as('red').keys.revokeApiKey({ name: apiKey!.name });
    while (answer === 'OK') answer = await refusal(client.projects.listProjects({}));
    expect(answer).toBe('UNAUTHENTICATED UNAUTHENTICATED');
  });
});
