import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProjectState } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ScriptedGateway, startScriptedGateway } from '../../client/tests/scripted/gateway.ts';
import { atelier } from './command.ts';
import { scriptedLibraries } from './library.ts';

const samples = fileURLToPath(new URL('../../../deploy/samples/', import.meta.url));

let gateway: ScriptedGateway;
let libraries: ReturnType<typeof scriptedLibraries>;
let dir: string;

beforeEach(async () => {
  libraries = scriptedLibraries();
  gateway = await startScriptedGateway(libraries.registrations);
  dir = await mkdtemp(join(tmpdir(), 'atelier-apply-'));
  await cp(join(samples, 'produce-cutouts'), dir, { recursive: true });
});

afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

const apply = (...options: string[]) => atelier(gateway.address, ['apply', dir, ...options]);

async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
  const path = join(dir, file);
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
}

describe('apply', () => {
  test('makes what is not there, and changes nothing the second time', async () => {
    const dry = await apply('--dry-run');
    expect(dry.code).toBe(0);
    expect(libraries.projects.size).toBe(0);
    const first = await apply();
    expect(first.stdout).toContain('templates/produce-cutout  create version 1');
    expect(first.stdout).toContain('20 sample briefs');
    expect(libraries.projects.get('projects/produce-cutouts')).toMatchObject({
      defaultModel: 'models/studio-standard',
      template: 'templates/produce-cutout',
      policy: { maxRounds: 4 },
    });
    expect(libraries.templates.get('templates/produce-cutout').head.displayName).toBe('Produce cut-out');
    const second = await apply('--json');
    expect(JSON.parse(second.stdout).resources.map(({ action }: { action: string }) => action)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    const quiet = await apply('--quiet');
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('shows what differs, and brings it over', async () => {
    await apply('--quiet');
    await edit('template.yaml', 'soft studio lighting\n', 'candle light\n');
    await edit('template.yaml', 'displayName: Produce cut-out', 'displayName: Cut-out');
    await edit('rubric.yaml', 'short_side: 768', 'short_side: 512');
    await edit('project.yaml', 'maxRounds: 4', 'maxRounds: 2');
    const dry = await apply('--dry-run');
    for (const part of [
      'templates/produce-cutout  add version 2, update the settings',
      'content.styleDefaults[lighting].value:\n      - soft studio lighting\n      + candle light\n',
      'displayName:\n      - Produce cut-out\n      + Cut-out\n',
      'content.questions[size].check.parameters.short_side:\n      - 768\n      + 512\n',
      'policy.maxRounds:\n      - 4\n      + 2\n',
    ]) {
      expect(dry.stdout).toContain(part);
    }
    expect(libraries.templates.get('templates/produce-cutout').contents).toHaveLength(1);
    expect(await apply()).toMatchObject({ code: 0, stderr: '' });
    expect(libraries.templates.get('templates/produce-cutout')).toMatchObject({
      head: { displayName: 'Cut-out' },
    });
    expect(libraries.rubrics.get('rubrics/produce-cutout').contents).toHaveLength(2);
    expect(libraries.projects.get('projects/produce-cutouts')).toMatchObject({
      policy: { maxRounds: 2 },
      revision: 2n,
    });
  });

  test('brings over the terms that no prompt of a project may contain', async () => {
    await edit('project.yaml', /$/, "forbiddenTerms: [acme, ' rival ']\n");
    expect(await apply('--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
    const project = libraries.projects.get('projects/produce-cutouts');
    expect(project?.forbiddenTerms).toEqual(['acme', ' rival ']);
    // As the platform keeps them.
    if (project !== undefined) project.forbiddenTerms = ['acme', 'rival'];
    expect(JSON.parse((await apply('--json')).stdout).resources.at(-1)).toMatchObject({
      action: 'unchanged',
    });
  });

  test('leaves a production alias where it is, until it is told to move it', async () => {
    await apply('--quiet');
    libraries.templates.get('templates/produce-cutout').aliases.production = 1;
    await edit('template.yaml', 'soft studio lighting\n', 'candle light\n');
    const { stdout } = await apply();
    expect(stdout).toContain('"production" stays at version 1');
    expect(libraries.templates.get('templates/produce-cutout').aliases.production).toBe(1);
    const promoted = await apply('--promote');
    expect(promoted.stdout).toContain('move "production" to version 2');
    expect(libraries.templates.get('templates/produce-cutout').aliases.production).toBe(2);
  });

  test('does not wake a project that was paused', async () => {
    await apply('--quiet');
    const project = libraries.projects.get('projects/produce-cutouts');
    if (project !== undefined) project.state = ProjectState.PAUSED;
    await edit('project.yaml', 'maxRounds: 4', 'maxRounds: 2');
    const { stdout } = await apply();
    expect(stdout).toContain('The project takes no work');
    expect(libraries.projects.get('projects/produce-cutouts')?.state).toBe(ProjectState.PAUSED);
  });

  test('changes nothing where the platform refuses the template', async () => {
    await edit('template.yaml', '{{ count }}', '{{ nobody }}');
    const { code, stderr } = await apply();
    expect(code).toBe(2);
    expect(stderr).toContain('TEMPLATE_INVALID');
    expect(stderr).toContain('content.body: nobody is not declared');
    expect(libraries.projects.size).toBe(0);
  });

  test('names file and path of everything that is wrong in the files', async () => {
    await edit('project.yaml', 'defaultModel', 'defaultModle');
    await edit('template.yaml', 'type: VARIABLE_TYPE_NUMBER', 'type: VARIABLE_TYPE_WORD');
    await edit('rubric.yaml', 'dependsOn: [not-blank]', 'dependOn: [not-blank]');
    await edit('briefs.yaml', 'subjectId: SKU-banana', 'subject: SKU-banana');
    const { code, stderr } = await apply();
    expect(code).toBe(2);
    for (const part of [
      `${join(dir, 'project.yaml')}: defaultModle: unknown key (did you mean defaultModel?)`,
      `${join(dir, 'template.yaml')}: content.variables[1]: `,
      `${join(dir, 'rubric.yaml')}: content.questions[2].dependOn: unknown key (did you mean dependsOn?)`,
      `${join(dir, 'briefs.yaml')}: [1].subject: unknown key`,
    ]) {
      expect(stderr).toContain(part);
    }
  });
});

describe('test', () => {
  test('runs the briefs with every seed, and adds them up', async () => {
    await apply('--quiet');
    const { code, stdout } = await atelier(gateway.address, [
      'test',
      dir,
      '--seeds',
      '1,2',
      '--concurrency',
      '4',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('✓ apples           seed 1  APPROVED, 2 rounds, 2 images, $0.004\n');
    expect(stdout).toContain('Approved       40 of 40 (100 %)\n  at round 0   0 of 40 (0 %)\n');
    expect(stdout).toContain(
      'Rounds         80, images 80\nCost           $0.16, $0.004 for each approved\n',
    );
  });

  test('exits 3 below the share that was asked for', async () => {
    await edit(
      'briefs.yaml',
      'subjectId: SKU-apples',
      'subjectId: SKU-apples\n  labels: { outcome: exhausted }',
    );
    const args = ['test', dir, '--only', 'apples', '--only', 'banana', '--min-pass-rate', '0.9', '--json'];
    const { code, stdout } = await atelier(gateway.address, args);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      project: 'projects/produce-cutouts',
      trials: 2,
      approved: 1,
      passRate: 0.5,
      results: [
        { id: 'apples', seed: 1, outcome: 'EXHAUSTED', approved: false, failedQuestions: ['count'] },
        { id: 'banana', seed: 1, outcome: 'APPROVED', approved: true, failedQuestions: [] },
      ],
    });
  });
});

test.each(['produce-cutouts', 'campaign-banners', 'category-tiles'])(
  'the sample %s is read as it is',
  async (name) => {
    const { code, stderr } = await atelier(gateway.address, ['apply', join(samples, name), '--quiet']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  },
);
