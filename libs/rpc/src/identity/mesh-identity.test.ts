import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@atelier/config';
import { expect, test } from '@jest/globals';
import { loadMeshIdentity } from './mesh-identity.ts';

const emptyDir = () => mkdtempSync(join(tmpdir(), 'atelier-mesh-'));

test('keys are made once, readable by their owner alone, and read by whoever comes later', () => {
  const dataDir = emptyDir();
  const first = loadMeshIdentity({}, dataDir);
  const second = loadMeshIdentity({}, dataDir);
  expect(second.credential.reveal()).toBe(first.credential.reveal());
  expect(second.publicKey).toBe(first.publicKey);
  expect(second.privateKey?.reveal()).toBe(first.privateKey?.reveal());
  for (const name of readdirSync(join(dataDir, 'mesh'))) {
    expect(statSync(join(dataDir, 'mesh', name)).mode & 0o077).toBe(0);
  }
});

test('variables win over files, and an inner service does without the private key', () => {
  const dataDir = emptyDir();
  const identity = loadMeshIdentity(
    { MESH_CREDENTIAL: new Secret('from-env'), MESH_PRINCIPAL_PUBLIC_KEY: 'pem' },
    dataDir,
  );
  expect(identity).toMatchObject({ publicKey: 'pem', privateKey: undefined });
  expect(identity.credential.reveal()).toBe('from-env');
  expect(readdirSync(dataDir)).toEqual([]);
});

test('processes that start together agree on one identity', async () => {
  const dataDir = emptyDir();
  const script = join(dataDir, 'print.ts');
  const module = new URL('./mesh-identity.ts', import.meta.url).href;
  writeFileSync(
    script,
    `import { loadMeshIdentity } from ${JSON.stringify(module)};
     process.stdout.write(loadMeshIdentity({}, ${JSON.stringify(dataDir)}).credential.reveal());`,
  );
  const outputs = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script]);
      let output = '';
      for await (const chunk of child.stdout) output += String(chunk);
      return output;
    }),
  );
  expect(outputs[0]).toHaveLength(43);
  expect(new Set(outputs).size).toBe(1);
  expect(execFileSync('ls', [dataDir]).toString().split('\n').filter(Boolean).sort()).toEqual([
    'mesh',
    'print.ts',
  ]);
});
