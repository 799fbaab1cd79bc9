import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchTestMesh, type TestMesh } from '@atelier/testing';
import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeLibraryFile, type LibraryKind, libraryKinds } from '../../src/files/library-file.ts';
import { libraryText, saysTheSame } from '../../src/files/library-text.ts';
import { readYaml } from '../../src/files/read-yaml.ts';
import { jsonHere } from '../here.ts';
import { type ArbitraryResource, resource, rubricContent, templateContent } from './arbitraries.ts';

/** A change of it is a change of what is tried; it was not chosen by what it shows. */
const SEED = 20_261_128;

/** Where they were made, and a platform that knows nothing of them. */
let source: TestMesh;
let target: TestMesh;
let folder: string;

beforeAll(async () => {
  [source, target] = await Promise.all([launchTestMesh(), launchTestMesh()]);
  folder = await mkdtemp(join(tmpdir(), 'atelier-transfer-'));
}, 240_000);

afterAll(async () => {
  await Promise.all([source, target].map((mesh) => mesh?.[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true, force: true });
});

const at = (mesh: TestMesh, ...args: string[]) => jsonHere(mesh.mesh.address, ...args);

const kinds = [
  { kind: 'templates', content: templateContent, runs: 25 },
  { kind: 'rubrics', content: rubricContent, runs: 15 },
] as const;

test.each(kinds)(
  'a file of $kind says what was written into it, whatever the texts',
  async ({ kind, content }) => {
    const file = join(folder, `${kind}.yaml`);
    const { content: schema } = libraryKinds[kind];
    await fc.assert(
      fc.asyncProperty(resource(content), async ({ header, versions }) => {
        const value = { id: 'it', ...header, aliases: ['canary'], content: versions[0]?.content ?? {} };
        const before = decodeLibraryFile(kind, value, { file, path: '' });
        await writeFile(file, libraryText(schema, before));
        const after = decodeLibraryFile(kind, await readYaml(file), { file, path: '' });
        expect(after.content).toEqual(before.content);
        expect(after.header).toEqual(before.header);
        expect(saysTheSame(schema, after, before)).toBe(true);
        expect(libraryText(schema, after)).toBe(libraryText(schema, before));
      }),
      { seed: SEED, numRuns: 300 },
    );
  },
);

test.each(kinds)(
  'exported $kind are imported again without a change, and byte for byte the same on another platform',
  async ({ kind, content, runs }) => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(resource(content), async (made) => {
        number += 1;
        const id = `r${number}`;
        await make(kind, id, made);
        const [here, there] = [join(folder, kind, `${id}-here`), join(folder, kind, `${id}-there`)];
        await at(source, kind, 'export', '--all', here, '--team', 'local');
        const files = await textsOf(here, id);
        // What was there before it does not matter here, and would only be read again and again.
        await keepOnly(here, id);

        const [again] = (await at(source, kind, 'import', here, '--dry-run')).resources;
        expect(again).toMatchObject({ action: 'unchanged', differences: [] });
        expect(again.notes.join()).not.toContain('stays at');

        const [brought] = (await at(target, kind, 'import', here)).resources;
        expect(brought).toMatchObject({ name: `${kind}/${id}`, action: 'create' });
        await at(target, kind, 'export', '--all', there);
        expect(await textsOf(there, id)).toEqual(files);

        const [settled] = (await at(target, kind, 'import', here, '--promote')).resources;
        expect(settled).toMatchObject({ action: 'unchanged' });
        const written = await at(source, kind, 'export', '--all', here);
        const own = written.filter(({ file }: { file: string }) => file.includes(`/${id}/`));
        expect(own.map(({ action }: { action: string }) => action)).toEqual(
          Object.keys(files).map(() => 'unchanged'),
        );
        await at(source, kind, 'archive', id);
        await at(target, kind, 'archive', id);
        await rm(here, { recursive: true });
        await rm(there, { recursive: true });
      }),
      { seed: SEED, numRuns: runs, endOnFailure: true },
    );
  },
  600_000,
);

/** Makes a resource with its versions and aliases, as a team does over time. */
async function make(kind: LibraryKind, id: string, { header, versions }: ArbitraryResource): Promise<void> {
  const file = join(folder, `${id}.json`);
  for (const [index, { content, aliases }] of versions.entries()) {
    await writeFile(file, JSON.stringify({ id, ...header, content } satisfies JsonObject));
    if (index === 0) await at(source, kind, 'create', file);
    const flags = aliases.flatMap((alias) => ['--alias', alias]);
    await at(source, kind, 'version', id, file, ...flags);
  }
}

async function textsOf(dir: string, id: string): Promise<Record<string, string>> {
  const names = (await readdir(join(dir, id))).sort();
  const entries = names.map(async (name) => [name, await readFile(join(dir, id, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function keepOnly(dir: string, id: string): Promise<void> {
  for (const name of await readdir(dir)) if (name !== id) await rm(join(dir, name), { recursive: true });
}
