import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { publicServices } from '@atelier/client';
import { ReferenceRole, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { Outcome, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { launchTestMesh, type TestMesh } from '../src/index.ts';
import { badBriefs } from './bad-inputs/briefs.ts';
import { badReads, badRequests } from './bad-inputs/generations.ts';
import { badHttp } from './bad-inputs/http.ts';
import { badImages } from './bad-inputs/images.ts';
import { badRubrics, badTemplates } from './bad-inputs/libraries.ts';
import { badOperations } from './bad-inputs/operations.ts';
import { badRules } from './bad-inputs/organisation.ts';
import { badParameters } from './bad-inputs/parameters.ts';
import { badAccounts, badProjects } from './bad-inputs/settings.ts';
import { badUploads } from './bad-inputs/uploads.ts';
import { makeWorld, type Row, type World } from './bad-inputs/world.ts';
import { refusal } from './support/refusal.ts';

// Bad inputs over every public service, through a mesh of real processes, each with its typed answer.

let mesh: TestMesh;
let world: World;

/** A host that may be fetched from, and where nothing listens. */
const closedOrigin = 'http://127.0.0.1:1';

/** A host that may be fetched from, and redirects to one that may not. */
const redirector = createServer((_request, response) => {
  response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
});

beforeAll(async () => {
  redirector.listen(0, '127.0.0.1');
  await once(redirector, 'listening');
  const redirecting = `http://127.0.0.1:${(redirector.address() as AddressInfo).port}`;
  mesh = await launchTestMesh({ FETCH_ALLOWED_ORIGINS: `${redirecting},${closedOrigin}` });
  world = await makeWorld(mesh.mesh, `${redirecting}/hop`);
}, 120_000);

afterAll(async () => {
  world?.atelier.close();
  redirector.close();
  await mesh?.[Symbol.asyncDispose]();
});

const tables: Readonly<Record<string, readonly Row[]>> = {
  requests: badRequests,
  parameters: badParameters,
  'briefs and questions': badBriefs,
  'other methods of generations': badReads,
  templates: badTemplates,
  'rubrics and evaluation': badRubrics,
  projects: badProjects,
  'rules of the organisation': badRules,
  'teams, keys, budgets, usage and reviews': badAccounts,
  'catalog, batches and administration': badOperations,
  images: badImages,
  'signed URLs': badUploads,
  'the HTTP edge': badHttp,
};

describe.each(Object.entries(tables))('%s', (_name, rows) => {
  test.each([...rows])('%s: %s', async (_what, expected, call) => {
    expect(await refusal(call(world))).toBe(expected);
  });
});

test('every public method that takes an input is asked with a bad one', () => {
  const methods = publicServices.flatMap(({ methods: all }) => [...all]);
  const taking = methods.filter(({ input }) => input.fields.length > 0);
  const missed = taking.filter((method) => !world.asked.has(`${method.parent.name}/${method.name}`));
  expect(missed.map(({ name }) => name)).toEqual([]);
});

test.each([
  ['redirects to a private address', 'redirected', 'http://169.254.169.254 is not on the public internet'],
  ['is not answered', 'unanswered', 'could not be read'],
])('a reference that %s ends the generation, which says so', async (_, requestId, words) => {
  const value = requestId === 'redirected' ? world.redirecting : closedOrigin;
  const { outcome, stopReason, message, results, cost } = await world.atelier.generate({
    project: 'shop',
    requestId,
    brief: 'an apple',
    model: 'studio-pro',
    task: Task.EDIT,
    parameters: { referenceImages: [{ source: { case: 'uri', value }, role: ReferenceRole.INIT }] },
  });
  expect([outcome, stopReason, results]).toEqual([Outcome.FAILED, StopReason.PROVIDER_FAILED, []]);
  expect(message).toContain(words);
  expect(cost?.microUsd ?? 0n).toBe(0n);
});

test('nothing that was refused left an image, a generation or a cost', async () => {
  const { services } = world;
  const generations = await services.generations.listGenerations({ pageSize: 500 });
  expect(generations.generations.map(({ request }) => request?.requestId)).toEqual([
    'unanswered',
    'redirected',
    'reused',
  ]);
  const images = await services.images.listImages({ pageSize: 500 });
  expect(images.images).toHaveLength(2);
  const usage = await services.usage.queryUsage({ query: {} });
  expect(usage.total?.images).toBe(1n);
});
