import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GenerationSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { launchTestMesh, type TestMesh } from '@atelier/testing';
import { fromJson } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { formatCost } from '../src/output/format.ts';
import { atelier } from './command.ts';
import { jsonHere } from './here.ts';
import { attribute, Dom, reachesOut, rows } from './report/dom.ts';

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
    { resource: 'projects/produce-cutouts', relation: 'allowed_models' },
    { resource: 'projects/produce-cutouts', relation: 'fallback_models' },
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

test('a generation with a control arm becomes a report, whose images and costs are those of its record', async () => {
  const request = join(folder, 'measured.json');
  await writeFile(
    request,
    JSON.stringify({
      project: 'projects/produce-cutouts',
      model: 'models/studio-standard',
      brief: { variables: { item: 'apples', count: 3, colour: 'red' } },
      parameters: { seed: 900 },
      policy: { controlArm: true, heldOutJudge: 'builtin' },
    }),
  );
  const { stdout } = await run('generate', '--request', request, '--json');
  const record = fromJson(GenerationSchema, JSON.parse(stdout));
  expect((await run('explain', record.name)).stdout).toContain('Without refinement');
  const file = join(folder, 'measured.html');
  const { code, stderr } = await run('report', record.name, '--html', file);
  expect([code, stderr]).toEqual([0, '']);
  const page = new Dom(await readFile(file, 'utf8'));
  expect(page.errors).toEqual([]);
  expect(reachesOut(page)).toEqual([]);
  const made = record.rounds.flatMap(({ candidates }) => candidates).flatMap(({ image }) => image ?? []);
  const digests = page
    .all('img')
    .map((image) => Buffer.from(attribute(image, 'src').split(',')[1] ?? '', 'base64'))
    .map((bytes) => createHash('sha256').update(bytes).digest('hex'));
  expect(digests).toEqual(made.map(({ sha256 }) => sha256));
  const costs = rows(page.table('What it cost, in US dollars')).map((row) => row.at(-1));
  expect(costs.at(-1)).toBe(formatCost(record.cost));
  expect(costs.slice(1, 1 + record.rounds.length)).toEqual(record.rounds.map(({ cost }) => formatCost(cost)));
  const [grid] = page.all('table', 'rounds');
  const asked = new Set(record.rounds[0]?.candidates[0]?.answers.map(({ questionId }) => questionId));
  expect(grid === undefined ? 0 : rows(grid).length).toBe(asked.size + 3);
}, 180_000);

test('the last of a project become one report; batches are told to be not offered as long as they are not', async () => {
  const file = join(folder, 'sandbox.html');
  expect(await json('report', '--project', 'sandbox', '--html', file)).toMatchObject({
    generations: 1,
    images: { embedded: 1, leftOut: 0 },
  });
  const batch = 'batches/0190c0de-0000-7000-a000-000000000001';
  const { code, stderr } = await run('report', batch, '--html', file);
  expect(stderr).toContain('UNIMPLEMENTED NOT_OFFERED');
  expect(code).toBe(1);
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
