import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { putBytes } from '@atelier/transfer';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Fixture, fixture, secretOf } from './harness.ts';

const CONSOLE = 'https://console.example';
let mesh: Fixture;
let open: Fixture;

beforeAll(async () => {
  mesh = await fixture({ GATEWAY_ALLOWED_ORIGINS: CONSOLE });
  open = await fixture({ GATEWAY_AUTH: 'off', GATEWAY_ALLOWED_ORIGINS: CONSOLE });
});
afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
  await open[Symbol.asyncDispose]();
});

const LIST = '/atelier.gateway.v1.ProjectService/ListProjects';
const CREATE = '/atelier.gateway.v1.ProjectService/CreateProject';
const key = { authorization: `Bearer ${secretOf('red')}` };

function post(path: string, body: unknown, headers: Record<string, string> = key, origin = mesh.origin) {
  const json = { 'content-type': 'application/json', ...headers };
  return fetch(`${origin}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
}

/** A request whose Host may be anything, which fetch does not allow. */
async function raw(port: number, path: string, headers: Record<string, string>, method = 'POST') {
  const sent = request({ port, path, method, headers: { 'content-type': 'application/json', ...headers } });
  sent.end(method === 'POST' ? '{}' : undefined);
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode as number, headers: response.headers, text };
}

describe('Connect with JSON', () => {
  test('serves the same handlers as gRPC', async () => {
    const created = await post(CREATE, { project: { name: 'projects/by-curl', displayName: 'Curl' } });
    expect(created.status).toBe(200);
    expect(await created.json()).toMatchObject({
      project: { team: 'teams/red', revision: '1', state: 'PROJECT_STATE_ACTIVE' },
    });
    expect(created.headers.get('atelier-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const { projects } = await mesh.as('red').projects.listProjects({});
    expect(projects.map(({ name }) => name)).toEqual(['projects/by-curl']);
  });

  test.each([
    ['no key', CREATE, {}, {}, 401, 'unauthenticated'],
    [
      'a missing scope',
      CREATE,
      { project: { name: 'projects/x' } },
      { 'x-api-key': secretOf('red-usage') },
      403,
      'permission_denied',
    ],
    ['a broken field', CREATE, { project: { name: 'Projects/X' } }, key, 400, 'invalid_argument'],
    ['a field that nobody knows', CREATE, { project: { nmae: 'projects/x' } }, key, 400, 'invalid_argument'],
    [
      'no project',
      '/atelier.gateway.v1.ProjectService/GetProject',
      { name: 'projects/none' },
      key,
      404,
      'not_found',
    ],
    [
      'a later service',
      '/atelier.gateway.v1.BatchService/GetBatch',
      { name: 'batches/00000000-0000-7000-8000-000000000000' },
      key,
      501,
      'unimplemented',
    ],
  ])('answers %s', async (_what, path, body, headers, status, code) => {
    const response = await post(path, body, headers as Record<string, string>);
    const answer = (await response.json()) as { code: string; details?: { type: string }[] };
    expect([response.status, answer.code]).toEqual([status, code]);
    expect(JSON.stringify(answer)).not.toMatch(/\bat .*\.ts/);
  });

  test('what a caller says of himself in headers of the mesh is not looked at', async () => {
    const forged = {
      'atelier-principal': 'x.y',
      'atelier-mesh-credential': 'z',
      'atelier-caller-service': 'gateway',
    };
    expect((await post(LIST, {}, forged)).status).toBe(401);
    expect((await post(LIST, {}, { ...key, ...forged })).status).toBe(200);
  });

  test('a body that is too large is refused', async () => {
    const response = await post(CREATE, { project: { description: 'x'.repeat(5 * 1024 * 1024) } });
    expect(response.status).toBe(429);
  });
});

describe('origins', () => {
  test('pages of a listed origin may call, others may not read', async () => {
    const preflight = (origin: string) =>
      fetch(`${mesh.origin}${LIST}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      });
    const good = await preflight(CONSOLE);
    expect(good.status).toBe(204);
    expect(good.headers.get('access-control-allow-origin')).toBe(CONSOLE);
    expect(good.headers.get('access-control-allow-headers')).toMatch(/Authorization/);
    expect(good.headers.get('access-control-allow-credentials')).toBeNull();
    const bad = await preflight('https://evil.example');
    expect(bad.headers.get('access-control-allow-origin')).toBeNull();
    const answer = await post(LIST, {}, { ...key, origin: CONSOLE });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, CONSOLE]);
  });

  test.each([
    ['localhost', {}, 200],
    ['127.0.0.1', {}, 200],
    ['evil.example', {}, 403],
    ['127.0.0.1', { origin: 'https://evil.example' }, 403],
    ['127.0.0.1', { origin: 'null' }, 403],
    ['127.0.0.1', { origin: CONSOLE }, 200],
  ])('without authentication, host %s with %j is answered %i', async (name, headers, status) => {
    const port = open.gateway.httpPort;
    const answer = await raw(port, LIST, { host: `${name}:${port}`, ...(headers as Record<string, string>) });
    expect(answer.status).toBe(status);
    if (status === 403) expect(JSON.parse(answer.text)).toMatchObject({ reason: 'ORIGIN_REFUSED' });
  });

  test('probes come by any name', async () => {
    expect((await raw(open.gateway.httpPort, '/healthz', { host: '10.0.0.9' }, 'GET')).status).toBe(200);
  });
});

describe('GET /images/{id}', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const get = (name: string, headers: Record<string, string> = key, method = 'GET') =>
    fetch(`${mesh.origin}/${name}`, { headers, method, redirect: 'manual' });
  let name: string;

  beforeAll(async () => {
    const { images } = mesh.as('red');
    const sha256 = createHash('sha256').update(png).digest('hex');
    const target = await images.createUpload({
      sha256,
      sizeBytes: BigInt(png.length),
      mediaType: 'image/png',
    });
    await putBytes(target, png);
    name = (await images.commitImage({ uploadId: target.uploadId })).image!.ref!.name;
  });

  test('sends whoever may see the image on to where it is', async () => {
    const response = await get(name);
    expect([response.status, response.headers.get('cache-control')]).toEqual([302, 'no-store']);
    const bytes = await (await fetch(response.headers.get('location')!)).arrayBuffer();
    expect(Buffer.from(bytes).equals(png)).toBe(true);
    expect((await get(name, key, 'HEAD')).status).toBe(302);
  });

  test('tells nobody else that it is there', async () => {
    const statuses = async (...answers: Promise<Response>[]) =>
      (await Promise.all(answers)).map(({ status }) => status);
    const as = (caller: string) => ({ 'x-api-key': secretOf(caller) });
    expect(await statuses(get(name, as('blue')), get(name, {}), get(name, as('red-usage')))).toEqual([
      404, 401, 403,
    ]);
    const unknown = [
      'images/nonsense',
      'images/00000000-0000-7000-8000-000000000000',
      'images/..%2f..%2fetc',
    ];
    expect(await statuses(...unknown.map((path) => get(path)))).toEqual([404, 404, 404]);
    const wrong = await get(name, key, 'DELETE');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('webhooks', () => {
  const deliver = (path: string, body: Buffer, headers: Record<string, string> = {}) =>
    fetch(`${mesh.origin}/webhooks/${path}`, { method: 'POST', body: new Uint8Array(body), headers });

  test('arrive raw, with their key and headers, without any key of ours', async () => {
    mesh.scripted.webhooks.length = 0;
    const body = Buffer.from('{"a": 1}\n\u0000\u00ff');
    const answer = await deliver('replicate/0190%2F0%2F1%2F1', body, {
      'webhook-signature': 'good',
      'atelier-principal': 'forged',
    });
    expect([answer.status, await answer.json()]).toEqual([200, { accepted: true }]);
    const [webhook] = mesh.scripted.webhooks;
    expect(webhook).toMatchObject({ provider: 'replicate', key: '0190/0/1/1' });
    expect(Buffer.from(webhook!.body).equals(body)).toBe(true);
    expect(webhook!.headers.map((header) => header.name)).not.toContain('atelier-principal');
    expect((await deliver('replicate/0190/0/1/1', body, { 'webhook-signature': 'bad' })).status).toBe(401);
  });

  test('a body beyond the limit is refused before it is read', async () => {
    mesh.scripted.webhooks.length = 0;
    expect((await deliver('replicate/k', Buffer.alloc(1_048_577))).status).toBe(413);
    expect(
      (await deliver('replicate/k', Buffer.alloc(1_048_576), { 'webhook-signature': 'good' })).status,
    ).toBe(200);
    expect(mesh.scripted.webhooks).toHaveLength(1);
    expect((await fetch(`${mesh.origin}/webhooks/replicate/k`)).status).toBe(405);
    expect((await deliver('replicate/%ff', Buffer.from('x'))).status).toBe(404);
  });
});

describe('the rest', () => {
  test('it is ready when storage is, and says how the services are', async () => {
    const response = await fetch(`${mesh.origin}/readyz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'ready',
      services: { storage: 'SERVING', evaluator: 'SERVING' },
    });
  });

  test('there is nothing elsewhere', async () => {
    const paths = ['/', '/images', '/atelier', '/webhooks/x', '/atelier.gateway.v1.Nothing/Call'];
    const statuses = await Promise.all(
      paths.map(async (path) => (await fetch(`${mesh.origin}${path}`, { headers: key })).status),
    );
    expect(new Set(statuses)).toEqual(new Set([404]));
  });

  test('what is no HTTP is refused, and the server goes on', async () => {
    const socket = connect(mesh.gateway.httpPort, '127.0.0.1');
    socket.end('NONSENSE\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    expect((await fetch(`${mesh.origin}/healthz`)).status).toBe(200);
  });
});

test('without authentication everybody is the local team', async () => {
  const created = await post(CREATE, { project: { name: 'projects/local' } }, {}, open.origin);
  expect(await created.json()).toMatchObject({ project: { team: 'teams/local' } });
  const teams = await post('/atelier.gateway.v1.TeamService/ListTeams', {}, {}, open.origin);
  expect(await teams.json()).toMatchObject({ teams: [{ name: 'teams/local' }] });
});
