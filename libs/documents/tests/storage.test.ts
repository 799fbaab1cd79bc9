import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  TemplateContentSchema,
  TemplateSchema,
  TemplateVersionSchema,
  VariableSchema,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { Code, createClient, loadMeshIdentity, openChannel } from '@atelier/rpc';
import { loadStorageConfig, startStorage } from '@atelier/storage';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DocumentClient, typedCollection, VersionedLibrary } from '../src/index.ts';
import { callOf } from './harness.ts';

const stack = new AsyncDisposableStack();
let client: DocumentClient;

beforeAll(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-documents-'));
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const address = '127.0.0.1:0';
  const config = loadStorageConfig({
    ATELIER_DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    STORAGE_GRPC_ADDR: address,
    STORAGE_HTTP_ADDR: address,
  });
  const storage = stack.use(await startStorage(config));
  const { credential } = loadMeshIdentity({}, dataDir);
  const channel = openChannel(`127.0.0.1:${storage.grpcPort}`, { services: [DocumentService], credential });
  stack.defer(() => channel.close());
  client = createClient(DocumentService, channel);
});
afterAll(async () => stack.disposeAsync());

describe('a collection in storage', () => {
  const collection = () => typedCollection({ client, collection: 'variables', schema: VariableSchema });

  test('loses no update among concurrent ones, and pages by id', async () => {
    for (const id of ['a', 'b', 'c'])
      await collection().create(id, 'teams/a', create(VariableSchema, { name: id }));
    const raise = () =>
      collection().update('b', ({ value }) =>
        create(VariableSchema, { ...value, maxLength: value.maxLength + 1 }),
      );
    await Promise.all(Array.from({ length: 5 }, raise));
    expect((await collection().get('b'))?.value).toMatchObject({ name: 'b', maxLength: 5 });
    const ids: string[] = [];
    for await (const { id } of collection().all({ pageSize: 2 })) ids.push(id);
    expect(ids).toEqual(['a', 'b', 'c']);
    const again = collection().create('a', 'teams/a', create(VariableSchema, { name: 'other' }));
    await expect(again).rejects.toMatchObject({ code: Code.ALREADY_EXISTS });
  });

  test('tells what is there and what changes', async () => {
    const stop = new AbortController();
    const watched = typedCollection({ client, collection: 'watched', schema: VariableSchema });
    await watched.create('a', '', create(VariableSchema));
    const seen: string[] = [];
    for await (const event of watched.watch({ signal: stop.signal })) {
      seen.push(event.kind);
      if (event.kind === 'synced') await watched.delete('a');
      if (event.kind === 'deleted') stop.abort();
    }
    expect(seen).toEqual(['document', 'synced', 'deleted']);
  });
});

test('a library in storage numbers versions that are added at once', async () => {
  const library = new VersionedLibrary({
    client,
    prefix: 'templates',
    versionCollection: 'template-versions',
    header: TemplateSchema,
    version: TemplateVersionSchema,
    content: TemplateContentSchema,
  });
  const call = callOf('teams/a');
  const content = (body: string) => create(TemplateContentSchema, { body });
  await library.create({ id: 't', content: content('one') }, call);
  const name = 'templates/t';
  const added = await Promise.all(
    ['two', 'three', 'four'].map((body) => library.addVersion({ name, content: content(body) }, call)),
  );
  expect(added.map(({ version }) => version.version).sort()).toEqual([2, 3, 4]);
  const header = await library.setAlias({ name, alias: 'production', version: 2 }, call);
  expect(header).toMatchObject({ aliases: { latest: 4, production: 2 }, revision: 5n });
  expect((await library.get(name, call)).version.version).toBe(2);
});
