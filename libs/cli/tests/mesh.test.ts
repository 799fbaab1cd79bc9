import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchTestMesh, type TestMesh } from '@atelier/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { atelier } from './command.ts';
import { jsonHere } from './here.ts';

const sample = fileURLToPath(new URL('../../../deploy/samples/produce-cutouts', import.meta.url));

let mesh: TestMesh;
let folder: string;

beforeAll(async () => {
  mesh = await launchTestMesh();
  folder = await mkdtemp(join(tmpdir(), 'atelier-cli-mesh-'));
  const project = {
    id: 'sandbox',
    defaultModel: 'models/sandbox-approve',
    questions: [{ id: 'there', text: 'Is there something?', required: true, check: { kind: 'not_blank' } }],
  };
  await writeFile(join(folder, 'project.json'), JSON.stringify(project));
  await json('apply', sample);
  await json('apply', folder);
}, 180_000);

afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => atelier(mesh.mesh.address, args);

/** The result of a command that must succeed. */
async function json(...args: string[]) {
  const { code, stdout, stderr } = await run(...args, '--json');
  if (code !== 0) throw new Error(`atelier ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout);
}

test('doctor finds every part well', async () => {
  const { ok, checks } = await json('doctor');
  expect(checks.filter(({ health }: { health: string }) => health !== 'ok')).toEqual([]);
  expect(ok).toBe(true);
});

test('applying the same files again changes nothing', async () => {
  const { resources } = await json('apply', sample, '--dry-run');
  expect(resources).toMatchObject([
    { action: 'unchanged' },
    { action: 'unchanged' },
    { action: 'unchanged' },
  ]);
});

test('what there is can be listed and read', async () => {
  expect((await json('models', 'list')).map(({ name }: { name: string }) => name)).toContain(
    'models/studio-draft',
  );
  expect(await json('models', 'get', 'studio-pro')).toMatchObject({ provider: 'studio', configured: true });
  expect((await json('models', 'dependents', 'studio-pro')).dependents).toMatchObject([
    { resource: 'projects/produce-cutouts' },
  ]);
  expect((await json('models', 'alias', 'photos', 'studio-pro')).model).toMatchObject({
    name: 'models/studio-pro',
    aliases: ['models/photos'],
  });
  expect(await json('models', 'get', 'photos')).toMatchObject({ name: 'models/studio-pro' });
  expect(await json('models', 'alias', 'photos', '--remove')).toEqual({});
  expect((await json('projects', 'list')).map(({ name }: { name: string }) => name)).toEqual([
    'projects/produce-cutouts',
    'projects/sandbox',
  ]);
  expect(await json('templates', 'get', 'produce-cutout')).toMatchObject({ version: { version: 1 } });
  expect(await json('rubrics', 'versions', 'produce-cutout')).toHaveLength(1);
  expect(await json('judges')).toMatchObject([{ instance: 'builtin', configured: true }]);
});

test('a group of commands lists, where no command of it is named', async () => {
  for (const group of ['models', 'projects', 'templates', 'rubrics', 'images', 'review']) {
    expect(await json(group)).toEqual(await json(group, 'list'));
  }
  const { code, stderr } = await run('models', 'lsit');
  expect(code).toBe(2);
  expect(stderr).toContain("unknown command 'lsit'");
});

test('a template gets versions, aliases and differences', async () => {
  const file = join(folder, 'template.yaml');
  const text = await readFile(join(sample, 'template.yaml'), 'utf8');
  await writeFile(file, text.replace('soft studio lighting', 'candle light'));
  expect(
    await json('templates', 'validate', file, '--var', 'item=pears', '--var', 'colour=green'),
  ).toMatchObject({
    rendered: [expect.stringContaining('candle light')],
  });
  expect(await json('templates', 'version', 'produce-cutout', file, '--note', 'candles')).toMatchObject({
    version: 2,
  });
  expect(await json('templates', 'alias', 'produce-cutout', 'production', '1')).toMatchObject({
    aliases: { production: 1 },
  });
  const differences = await json('templates', 'diff', 'produce-cutout', '1', '2');
  expect(JSON.stringify(differences)).toContain('candle light');
  const planned = await json('apply', sample, '--dry-run');
  expect(planned.resources[0]).toMatchObject({ action: 'add-version', summary: 'add version 3' });
});

test('a preview shows for each model what would become of the request', async () => {
  const brief = ['-p', 'produce-cutouts', '--var', 'item=pear', '--var', 'colour=green', '--seed', '5'];
  const { models } = await json(
    'preview',
    ...brief,
    '--models',
    'studio-draft,studio-pro',
    '--on-unsupported',
    'strict',
  );
  expect(models).toMatchObject([
    { model: 'models/studio-draft', problems: [{ field: 'generation.parameters.seed' }] },
    { model: 'models/studio-pro', nativeRequests: [{ body: { seed: 5 } }] },
  ]);
});

test('a generation is followed, explained, reviewed, counted and saved', async () => {
  const file = join(folder, 'pear.png');
  const { code, stdout } = await run('generate', '-p', 'sandbox', 'a pear', '-o', file);
  expect(stdout).toContain('1 of 1 required questions pass');
  expect(code).toBe(0);
  const name = /generations\/[0-9a-f-]{36}/.exec(stdout)?.[0] ?? '';
  expect((await run('explain', name)).stdout).toContain('It ended APPROVED because');
  expect(await json('review', 'reject', name, '--reason', 'too green', '--reviewer', 'ann')).toMatchObject({
    decision: 'REVIEW_DECISION_REJECTED',
  });
  expect(await json('images', 'verify', file)).toMatchObject({ match: 'IMAGE_MATCH_EXACT' });
  const watched = await run('watch', name, '--quiet');
  expect(watched.code).toBe(3);
  expect(await json('usage', '--by', 'project')).toMatchObject({ total: { cost: { microUsd: '5000' } } });
});

test('a running generation is cancelled', async () => {
  // In this process, since to start one may take as long as the model waits.
  const here = (...args: string[]) => jsonHere(mesh.mesh.address, ...args);
  const { name } = await here('create', '-p', 'sandbox', 'a pear', '-m', 'sandbox-timeout');
  await here('cancel', name, '--reason', 'tests');
  const { code, stdout } = await run('watch', name);
  expect(stdout).toContain('CANCELLED');
  expect(code).toBe(3);
});

test('images go in and out', async () => {
  const { name } = await json('images', 'upload', join(folder, 'pear.png'));
  const out = join(folder, 'again.png');
  await json('images', 'download', name, '-o', out);
  expect(await readFile(out)).toEqual(await readFile(join(folder, 'pear.png')));
  expect(await json('images', 'get', name)).toMatchObject({ origin: 'IMAGE_ORIGIN_UPLOADED' });
  expect(await json('images', 'delete', name)).toHaveProperty('deleteTime');
});
