import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeWith } from '@atelier/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ScriptedGateway, startScriptedGateway } from '../../client/tests/scripted/gateway.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

/** The search path without the workspace's own: what is installed must do with the Node of its host. */
const hostPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);
const hostNode =
  hostPath
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((file) => existsSync(file)) ?? process.execPath;

const registry = {
  name: 'npm',
  probe: ['view', 'commander@14.0.3', 'version'],
  install: 'npm config set registry URL_OF_A_REGISTRY_THAT_ANSWERS',
};

const program = `
import { readFile } from 'node:fs/promises';
import { approvedImage, createAtelier } from '@atelier/client';
import { ReferenceRole } from '@atelier/protos/atelier/common/v1/parameters_pb.js';

const atelier = createAtelier({ address: process.env.ATELIER_ADDRESS, defaults: { project: 'cutouts' } });
const reference = await atelier.uploadReference('reference.png');
const generation = await atelier.run('studio-pro', 'a pear', {
  seed: 7,
  referenceImages: [{ source: { case: 'image', value: reference.name }, role: ReferenceRole.STYLE }],
});
const image = approvedImage(generation);
await atelier.downloadImage(image, 'out.png');
atelier.close();
const { parameters } = generation.request;
console.log(JSON.stringify({
  major: Number(process.versions.node.split('.')[0]),
  sent: parameters.referenceImages[0].source.value === reference.name && parameters.seed === 7n,
  bytes: (await readFile('out.png')).length === Number(image.sizeBytes),
}));
`;

const consumer = `
import { approvedImage, createAtelier } from '@atelier/client';
import { Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.js';

const atelier = createAtelier({ address: '127.0.0.1:1' });
const generation = await atelier.generate({ brief: { variables: { item: 'pears', count: 2 } }, policy: { maxRounds: 2 } });
export const name: string = approvedImage(generation).name;
export const approved: boolean = generation.outcome === Outcome.APPROVED;
// @ts-expect-error A brief is needed.
void atelier.generate({ project: 'x' });
`;

describeWith(registry, 'the packed client', () => {
  let folder: string;
  let gateway: ScriptedGateway;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atelier-packed-'));
    gateway = await startScriptedGateway();
    await run(process.execPath, [join(root, 'scripts/pack-client.mjs'), join(folder, 'tarballs')]);
    const tarballs = (await readdir(join(folder, 'tarballs'))).map((name) => join(folder, 'tarballs', name));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs], {
      cwd: folder,
      env: { ...process.env, PATH: hostPath, NODE_OPTIONS: '' },
    });
  }, 300_000);

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const env = () => ({ PATH: hostPath, HOME: process.env.HOME, ATELIER_ADDRESS: gateway.address });

  test('uploads a reference, generates and downloads as plain JavaScript', async () => {
    await writeFile(join(folder, 'reference.png'), Buffer.from('\x89PNG\r\n\x1a\n pixels', 'latin1'));
    await writeFile(join(folder, 'program.mjs'), program);
    const { stdout } = await run(hostNode, ['program.mjs'], { cwd: folder, env: env() });
    const { major, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ sent: true, bytes: true });
    expect(major).toBeGreaterThanOrEqual(20);
  });

  test('has types that a strict consumer compiles against', async () => {
    await writeFile(join(folder, 'consumer.mts'), consumer);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
    const types = ['--typeRoots', join(root, 'node_modules/@types')];
    await expect(
      run(join(root, 'node_modules/.bin/tsc'), [...options, ...types, 'consumer.mts'], { cwd: folder }),
    ).resolves.toMatchObject({ stdout: '' });
  });

  test('brings the command', async () => {
    const args = ['generate', '-p', 'cutouts', 'a pear', '-o', 'apples.png'];
    const { stdout } = await run(join(folder, 'node_modules/.bin/atelier'), args, {
      cwd: folder,
      env: env(),
    });
    expect(stdout).toContain('APPROVED after 2 rounds');
    expect((await readFile(join(folder, 'apples.png'))).subarray(1, 4).toString()).toBe('PNG');
  });
});
