import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchTestMesh, type TestMesh } from '@atelier/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jsonHere, runHere } from '../here.ts';
import { starterFolder } from '../starter/folders.ts';

let mesh: TestMesh;
let folder: string;

beforeAll(async () => {
  mesh = await launchTestMesh();
  folder = await mkdtemp(join(tmpdir(), 'atelier-library-'));
}, 180_000);

afterAll(async () => {
  await mesh?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => runHere(mesh.mesh.address, args);
const json = (...args: string[]) => jsonHere(mesh.mesh.address, ...args);

/** A template with a body of its own, in a file of its own. */
async function file(id: string, body: string, more = ''): Promise<string> {
  const path = join(folder, `${id}.yaml`);
  await writeFile(
    path,
    `id: ${id}\n${more}content:\n  body: ${JSON.stringify(body)}\n  variables: [{ name: item, required: true }]\n`,
  );
  return path;
}

/** A template with three versions, of which the last is in production. */
async function threeVersions(id: string): Promise<void> {
  await json('templates', 'create', await file(id, 'One {{ item }}'));
  await json('templates', 'version', id, await file(id, 'Two {{ item }}'));
  await json('templates', 'version', id, await file(id, 'Three {{ item }}'), '--alias', 'production');
}

describe('rollback', () => {
  test('points production at the version before, and says what that changes', async () => {
    await threeVersions('rolled');
    const { code, stdout } = await run('templates', 'rollback', 'rolled');
    expect(code).toBe(0);
    expect(stdout).toBe(
      'templates/rolled: "production" was version 3 and is version 2\ncontent.body:\n  - Three {{ item }}\n  + Two {{ item }}\n',
    );
    expect(await json('templates', 'get', 'rolled')).toMatchObject({ version: { version: 2 } });
    expect(await json('templates', 'rollback', 'rolled', '--to', '3')).toMatchObject({ from: 2, to: 3 });
  });

  test('goes nowhere where there is nothing before, or no alias', async () => {
    await json('templates', 'alias', 'rolled', 'canary', '1');
    const first = await run('templates', 'rollback', 'rolled', 'canary');
    expect(first).toMatchObject({ code: 2, stderr: expect.stringContaining('there is none before it') });
    const none = await run('templates', 'rollback', 'rolled', 'blue');
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('has no alias "blue"') });
    const beyond = await run('templates', 'rollback', 'rolled', '--to', '4');
    expect(beyond).toMatchObject({ code: 2, stderr: expect.stringContaining('--to: "4"') });
  });
});

describe('fork', () => {
  test('makes a template or rubric of one’s own of any version', async () => {
    await threeVersions('shared');
    const forked = await json('templates', 'fork', 'shared@1', 'mine');
    expect(forked).toMatchObject({ name: 'templates/mine/versions/1', content: { body: 'One {{ item }}' } });
    expect((await json('templates', 'get', 'mine')).template).toMatchObject({
      forkedFrom: 'templates/shared/versions/1',
      visibility: 'VISIBILITY_TEAM',
    });
    await json('rubrics', 'create', join(starterFolder, 'recipe/rubric-measured.yaml'));
    const gate = await json('rubrics', 'fork', 'starter-recipe-measured', 'my-gate');
    expect(gate).toMatchObject({
      name: 'rubrics/my-gate/versions/1',
      changeNote: 'Forked from rubrics/starter-recipe-measured/versions/1.',
    });
    const { rubric } = await json('rubrics', 'get', 'my-gate');
    expect(rubric).toMatchObject({ visibility: 'VISIBILITY_TEAM', labels: { judge: 'builtin' } });
    expect(await json('rubrics', 'diff', 'starter-recipe-measured', 'my-gate')).toEqual([]);
  });
});

describe('diff', () => {
  test('compares files and versions in every pairing', async () => {
    await threeVersions('compared');
    const path = await file('compared', 'Four {{ item }}', 'displayName: Compared\n');
    const body = (before: string, after: string) => ({
      path: 'content.body',
      before: `${before} {{ item }}`,
      after: `${after} {{ item }}`,
    });
    const title = { path: 'displayName', before: null, after: 'Compared' };
    expect(await json('templates', 'diff', path)).toEqual([body('Three', 'Four'), title]);
    expect(await json('templates', 'diff', 'compared@1', path)).toEqual([body('One', 'Four'), title]);
    expect(await json('templates', 'diff', path, 'compared@2')).toEqual([
      { path: 'displayName', before: 'Compared', after: null },
      body('Four', 'Two'),
    ]);
    expect(await json('templates', 'diff', 'compared@1', 'compared@2')).toEqual([body('One', 'Two')]);
    expect(await json('templates', 'diff', 'compared', '1', '2')).toEqual([body('One', 'Two')]);
    expect(await json('templates', 'diff', 'compared')).toEqual([]);
    expect(await run('templates', 'diff', path, '--exit-code', '--quiet')).toMatchObject({ code: 1 });
    expect(await run('templates', 'diff', path, path, '--exit-code')).toMatchObject({
      code: 0,
      stdout: 'They are the same.\n',
    });
  });
});

describe('preview', () => {
  const recipe = join(starterFolder, 'recipe/template.yaml');

  test('shows a template from a file in every dialect, with styles of its own', async () => {
    const sample = ['--var', 'dish=stew', '--var', 'main_ingredient=beans', '--var', 'garnish=["thyme"]'];
    const { dialects, variables } = await json(
      'templates',
      'preview',
      recipe,
      ...sample,
      '--style',
      'lighting=one candle',
    );
    expect(variables).toEqual({ dish: 'stew', main_ingredient: 'beans', garnish: ['thyme'] });
    expect(dialects.map(({ dialect }: { dialect: string }) => dialect)).toEqual(['natural', 'tags', 'short']);
    for (const { prompt, negativePrompt } of dialects) {
      expect(prompt).toContain('stew');
      expect(prompt).toContain('one candle');
      expect(negativePrompt).toContain('text');
    }
    expect(new Set(dialects.map(({ prompt }: { prompt: string }) => prompt)).size).toBe(3);
    const { stdout } = await run('templates', 'preview', recipe, ...sample, '--dialect', 'tags');
    expect(stdout).toMatch(
      /^templates\/starter-recipe\n\ntags {2}\d+ characters\n {2}prompt {3}stew, beans, thyme/,
    );
  });

  test('takes the first example where no variables are given, and tells which are missing', async () => {
    const { stdout } = await run('templates', 'preview', recipe);
    expect(stdout).toContain('with the variables of the first example');
    expect(stdout).toContain('tomato soup');
    const missing = await run('templates', 'preview', recipe, '--var', 'dish=stew');
    expect(missing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('sample_variables["main_ingredient"]: is required'),
    });
  });

  test('shows the questions of a rubric as they would be asked', async () => {
    const rubric = join(starterFolder, 'category-tile/rubric-measured.yaml');
    const sample = ['--var', 'item=pears', '--var', 'count=3', '--var', 'background=cream'];
    const { stdout } = await run('rubrics', 'preview', rubric, ...sample);
    expect(stdout).toContain('for 3 pears?');
    expect(stdout).toContain('by       the check background_colour, colour cream, tolerance 14');
    const { questions } = await json('rubrics', 'preview', rubric, ...sample);
    expect(questions[3]).toMatchObject({ id: 'ground', text: 'Is the tile cream?' });
  });
});

describe('import', () => {
  test('tells the plan first, does it, and has nothing left to do', async () => {
    const dir = join(folder, 'library');
    await cp(starterFolder, dir, { recursive: true });
    const planned = await json('templates', 'import', dir, '--dry-run');
    expect(planned.resources.map(({ action }: { action: string }) => action)).toEqual(
      Array(6).fill('create'),
    );
    expect(await run('templates', 'get', 'starter-seasonal')).toMatchObject({ code: 7 });
    await json('templates', 'import', dir, '--note', 'from git');
    expect(await json('templates', 'get', 'starter-seasonal')).toMatchObject({
      template: { visibility: 'VISIBILITY_ORGANISATION', labels: { library: 'starter' } },
      version: { changeNote: 'from git' },
    });
    const again = await json('templates', 'import', dir);
    expect(again.resources.map(({ action }: { action: string }) => action)).toEqual(
      Array(6).fill('unchanged'),
    );
    // Twelve of the folder's own, of which one is there from another test.
    const gates = await json('rubrics', 'import', dir);
    expect(gates.resources).toHaveLength(12);
  });

  test('adds a version where content differs, and moves aliases only when it is told', async () => {
    await json('templates', 'import', await file('moving', 'One {{ item }}', 'aliases: [production]\n'));
    const path = await file('moving', 'Two {{ item }}', 'aliases: [production, canary]\n');
    const { stdout } = await run('templates', 'import', path, '--dry-run');
    expect(stdout).toContain('templates/moving  add version 2, point "canary" at version 2\n');
    expect(stdout).toContain('content.body:\n      - One {{ item }}\n      + Two {{ item }}\n');
    expect(stdout).toContain(
      '"production" stays at version 1, which is what projects use; --promote moves it.',
    );
    await json('templates', 'import', path);
    const { template } = await json('templates', 'get', 'moving@latest');
    expect(template.aliases).toEqual({ latest: 2, production: 1, canary: 2 });
    const [moved] = (await json('templates', 'import', path, '--promote')).resources;
    expect(moved).toMatchObject({ action: 'update', summary: 'move "production" to version 2' });
  });

  test('brings over what an alias keeps, and what is worked on stays the latest', async () => {
    const dir = join(folder, 'pinned');
    await mkdir(dir);
    const content = (body: string) => `id: pinned\ncontent: { body: '${body}' }\n`;
    await writeFile(join(dir, 'template.yaml'), content('new'));
    await writeFile(join(dir, 'template@production.yaml'), content('old'));
    const [made] = (await json('templates', 'import', dir)).resources;
    expect(made).toMatchObject({
      summary: 'create version 1, add version 2, point "production" at version 1',
    });
    expect((await json('templates', 'get', 'pinned')).version.content).toMatchObject({ body: 'old' });
    expect((await json('templates', 'get', 'pinned@latest')).version.content).toMatchObject({ body: 'new' });
    await json('templates', 'alias', 'pinned', 'production', '2');
    const written = await json('templates', 'export', '--all', dir);
    expect(written).toContainEqual({ file: join(dir, 'template@production.yaml'), action: 'removed' });
    expect(await readFile(join(dir, 'template.yaml'), 'utf8')).toContain('aliases:\n  - production\n');
  });

  test('checks everything before it writes anything, and names file and path of every fault', async () => {
    const dir = join(folder, 'broken');
    const put = async (name: string, text: string) => {
      await mkdir(join(dir, name), { recursive: true });
      await writeFile(join(dir, name, 'template.yaml'), text);
    };
    await put('good', "id: unharmed\ncontent: { body: 'A cup' }\n");
    await put('liquid', "id: liquid\ncontent: { body: 'A {{ cup }}', negativePrompt: '{{' }\n");
    await put(
      'known',
      "id: known\ncontent: { body: 'A', variables: [{ name: b, type: VARIABLE_TYPE_ENUM }] }\n",
    );
    const refused = await run('templates', 'import', dir);
    expect(refused.code).toBe(2);
    for (const part of [
      `${join(dir, 'liquid/template.yaml')}: content.body: line 1, column 6: cup is not declared (TEMPLATE_INVALID)`,
      `${join(dir, 'liquid/template.yaml')}: content.negative_prompt: `,
      `${join(dir, 'known/template.yaml')}: content.variables[0].values: an enum needs values (TEMPLATE_INVALID)`,
    ]) {
      expect(refused.stderr).toContain(part);
    }
    await put('key', 'id: key\nkontent: {}\n');
    await put('twice', "id: unharmed\naliases: [latest]\ncontent: { body: 'B' }\n");
    await writeFile(
      join(dir, 'good/template@canary.yaml'),
      "id: other\ndescription: no\ncontent: { body: 'C' }\n",
    );
    const unread = await run('templates', 'import', dir, join(dir, 'nowhere'));
    expect(unread.code).toBe(2);
    for (const part of [
      `${join(dir, 'key/template.yaml')}: kontent: unknown key (did you mean content?)`,
      `${join(dir, 'twice/template.yaml')}: aliases[0]: expected lower-case letters`,
      `${join(dir, 'good/template@canary.yaml')}: id: expected that of ${join(dir, 'good/template.yaml')}`,
      `${join(dir, 'good/template@canary.yaml')}: description: belongs into`,
      `${join(dir, 'nowhere')}: there is no such file or folder`,
    ]) {
      expect(unread.stderr).toContain(part);
    }
    expect(await run('templates', 'get', 'unharmed')).toMatchObject({ code: 7 });
  });

  test('refuses one template in two files, and an archived one', async () => {
    const [one, two] = [await file('double', 'A {{ item }}'), join(folder, 'double-too.yaml')];
    await cp(one, two);
    const twice = await run('templates', 'import', one, two);
    expect(twice).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`templates/double is in ${one} too`),
    });
    await json('templates', 'import', one);
    await json('templates', 'archive', 'double');
    const archived = await run('templates', 'import', await file('double', 'B {{ item }}'));
    expect(archived).toMatchObject({ code: 2, stderr: expect.stringContaining('archive double --undo') });
  });
});

describe('export', () => {
  test('leaves a file that says the same as it is, with its comments and its order', async () => {
    const path = join(folder, 'own-recipe.yaml');
    await cp(join(starterFolder, 'recipe/template.yaml'), path);
    await json('templates', 'import', path);
    expect(await json('templates', 'export', 'starter-recipe', '-o', path)).toEqual([
      { file: path, action: 'unchanged' },
    ]);
    await json('templates', 'alias', 'starter-recipe', 'production', '1');
    expect(await json('templates', 'export', 'starter-recipe', '-o', path)).toEqual([
      { file: path, action: 'written' },
    ]);
    const text = await readFile(path, 'utf8');
    expect(text).toContain('aliases:\n  - production\n');
    expect(text).toContain('visibility: VISIBILITY_ORGANISATION\n');
    expect(await run('templates', 'export', 'starter-recipe')).toMatchObject({ code: 0, stdout: text });
    expect((await json('templates', 'import', path)).resources).toMatchObject([{ action: 'unchanged' }]);
  });

  test('writes where a folder has it already, and only the team’s where it is told', async () => {
    const dir = join(folder, 'laid-out');
    await mkdir(join(dir, 'food'), { recursive: true });
    await writeFile(
      join(dir, 'food/template-recipe.yaml'),
      "id: starter-recipe\ncontent: { body: 'other' }\n",
    );
    const written = await json('templates', 'export', '--all', dir, '--team', 'local');
    expect(written).toContainEqual({ file: join(dir, 'food/template-recipe.yaml'), action: 'written' });
    expect(await readdir(dir)).not.toContain('starter-recipe');
    expect(await json('templates', 'export', '--all', join(folder, 'none'), '--team', 'nobody')).toEqual([]);
  });

  test('tells what it needs to be told', async () => {
    expect(await run('templates', 'export')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('say which template, or --all DIR'),
    });
    expect(await run('templates', 'export', 'x', '--all', folder)).toMatchObject({ code: 2 });
    expect(await run('templates', 'export', 'x@')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"x@" is not NAME'),
    });
    expect(await run('templates', 'export', 'nothing')).toMatchObject({ code: 7 });
  });
});
