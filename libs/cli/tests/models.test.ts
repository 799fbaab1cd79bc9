import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import {
  type Model,
  ModelSchema,
  ModelState,
  Support,
} from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { failedPrecondition } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ScriptedGateway, startScriptedGateway } from '../../client/tests/scripted/gateway.ts';
import { partial } from '../../client/tests/scripted/partial.ts';
import { atelier } from './command.ts';

const draft = create(ModelSchema, {
  name: 'models/owner-name',
  displayName: 'Name',
  provider: 'replicate',
  nativeModel: 'owner/name',
  state: ModelState.EXPERIMENTAL,
  tasks: [Task.GENERATE],
  maxImagesPerRequest: 1,
  capabilities: [{ field: 'prompt', support: Support.NATIVE, native: [{ path: 'input.prompt' }] }],
});
const notes = ['Nothing of the vocabulary stands for input.go_fast.', 'Its price is unknown.'];

let gateway: ScriptedGateway;
let folder: string;
const registered: Model[] = [];

beforeAll(async () => {
  const catalog = partial(CatalogService, {
    draftModel: async ({ provider, nativeModel }) => {
      if (provider !== 'replicate') {
        const message = `The provider ${provider} is not configured: set PROVIDER_${provider.toUpperCase()}_API_KEY.`;
        throw failedPrecondition(message, { reason: 'PROVIDER_UNAVAILABLE' });
      }
      return { model: { ...draft, nativeModel }, notes };
    },
    registerModel: async ({ model }) => {
      if (model !== undefined) registered.push(model);
      return model === undefined ? {} : { model };
    },
  });
  gateway = await startScriptedGateway([catalog]);
  folder = await mkdtemp(join(tmpdir(), 'atelier-models-'));
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => atelier(gateway.address, ['models', ...args]);

describe('models import', () => {
  test('writes a draft that can be registered, with what is left to do above it', async () => {
    const file = join(folder, 'draft.yaml');
    const { code, stdout } = await run('import', 'replicate:owner/name:v2', '--output', file);
    expect(code).toBe(0);
    for (const note of notes) expect(stdout).toContain(`to do: ${note}`);
    expect((await readFile(file, 'utf8')).split('\n').slice(0, 2)).toEqual(
      notes.map((note) => `# To do: ${note}`),
    );
    expect((await run('register', file)).code).toBe(0);
    expect(registered).toEqual([{ ...draft, nativeModel: 'owner/name:v2' }]);
  });

  test('prints the draft, or all of the answer as JSON', async () => {
    const { stdout } = await run('import', 'replicate:owner/name');
    expect(stdout).toContain('# To do: Its price is unknown.\nname: models/owner-name\n');
    const { stdout: text } = await run('import', 'replicate:owner/name', '--json');
    expect(JSON.parse(text)).toMatchObject({ model: { nativeModel: 'owner/name' }, notes });
  });

  test('leaves a file alone that is there', async () => {
    const file = join(folder, 'completed.yaml');
    await writeFile(file, 'name: models/completed\n');
    const { code, stderr } = await run('import', 'replicate:owner/name', '--output', file);
    expect([code, stderr]).toEqual([2, `error ${file}: is there already\n`]);
    expect(await readFile(file, 'utf8')).toBe('name: models/completed\n');
  });

  test('says what a source looks like, and what the provider wants', async () => {
    const malformed = await run('import', 'owner/name');
    expect(malformed.code).toBe(2);
    expect(malformed.stderr).toContain('INSTANCE:MODEL');
    const { code, stderr } = await run('import', 'fal:owner/name');
    expect(code).toBe(1);
    expect(stderr).toContain('PROVIDER_FAL_API_KEY');
  });
});
