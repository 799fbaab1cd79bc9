import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchTestMesh, type TestMesh } from '@atelier/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sketcherScript } from '../../../services/provider-adapter/tests/vendors/replicate/sketcher.ts';
import {
  type ScriptedServer,
  startScriptedServer,
} from '../../../services/provider-adapter/tests/vendors/scripted-server.ts';
import { atelier } from './command.ts';

let server: ScriptedServer;
let mesh: TestMesh;
let folder: string;

beforeAll(async () => {
  server = await startScriptedServer(sketcherScript);
  mesh = await launchTestMesh(sketcherScript.env(server.origin));
  folder = await mkdtemp(join(tmpdir(), 'atelier-cli-import-'));
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mesh?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const run = (...args: string[]) => atelier(mesh.mesh.address, args);

test('a draft is a file that can be registered, with what is to be looked at above it', async () => {
  const drafted = await run('models', 'import', 'replicate:acme/sketcher');
  expect(drafted).toMatchObject({ code: 0, stderr: '' });
  expect(drafted.stdout).toMatch(/^# To do: /);
  expect(drafted.stdout).toContain('# To do: It needs paper, which the draft does not send');
  expect(drafted.stdout).toContain('\nname: models/replicate-acme-sketcher\n');
  // Nothing was registered by it.
  expect(await run('models', 'get', 'replicate-acme-sketcher')).toMatchObject({ code: 7 });
  const file = join(folder, 'sketcher.yaml');
  await writeFile(file, drafted.stdout);
  expect(await run('models', 'register', file, '--dry-run')).toMatchObject({ code: 0 });
  expect(await run('models', 'register', file)).toMatchObject({
    code: 0,
    stdout: 'models/replicate-acme-sketcher: registered, revision 1\n',
  });
  // Written as the entries of the catalog are.
  expect(drafted.stdout).toContain('\nstate: experimental\n');
  expect(drafted.stdout).toContain('\n  negative_prompt:\n    support: native\n    native: negative\n');
  expect(drafted.stdout).toContain("- '16:9'");
  const again = await run('models', 'register', file, '--dry-run');
  expect(again.stdout).toContain('it takes --replace');
  await writeFile(file, drafted.stdout.replace('display_name: acme/sketcher', 'display_name: Sketches'));
  const refused = await run('models', 'register', file);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('Say --replace to put yours in its place.');
  const shown = await run('models', 'get', 'replicate-acme-sketcher');
  expect(shown.stdout).toContain('experimental');
  expect(shown.stdout).toMatch(/prompt +native +caption/);
});

test('as JSON it is the answer and nothing else', async () => {
  const { code, stdout } = await run('models', 'import', 'replicate:acme/sketcher', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    model: { name: 'models/replicate-acme-sketcher', state: 'MODEL_STATE_EXPERIMENTAL' },
    notes: expect.arrayContaining([expect.stringContaining('price')]),
  });
});

test.each([
  ['a model that there is not', 'replicate:acme/nothing', 7, 'Replicate has no model acme/nothing'],
  ['a provider that there is not', 'nobody:acme/sketcher', 7, 'There is no provider nobody'],
  ['a provider that publishes nothing', 'studio:anything', 1, 'publishes no schemas'],
  ['a provider without its key', 'openai:gpt-image-2', 1, 'set PROVIDER_OPENAI_API_KEY'],
])('%s', async (_name, source, code, message) => {
  const result = await run('models', 'import', source);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(result.stderr).toContain(message);
});
