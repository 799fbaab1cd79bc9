import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invalidArgument, resourceExhausted, unauthenticated, unavailable } from '@atelier/rpc';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ScriptedGateway, startScriptedGateway } from '../../client/tests/scripted/gateway.ts';
import { atelier } from './command.ts';

let gateway: ScriptedGateway;
let folder: string;

beforeAll(async () => {
  gateway = await startScriptedGateway();
  folder = await mkdtemp(join(tmpdir(), 'atelier-cli-'));
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  atelier(gateway.address, args, env);
const project = ['--project', 'produce-cutouts'];

describe('generate', () => {
  test('tells every round, saves the image, and exits 0 when it is approved', async () => {
    const file = join(folder, 'out/apples.png');
    const { code, stdout } = await run([
      ...['generate', ...project, '--model', 'models/studio-draft', '--seed', '7'],
      ...['--var', 'item=apples', '--var', 'count=3', '--output', file],
    ]);
    expect(code).toBe(0);
    const image = gateway.store.imageNames[0];
    for (const part of [
      'Round 0 · models/studio-draft\n  prompt   3 red apples\n',
      '  clamped  size 768x768 -> 512x512: the model makes squares of 512\n',
      `  image    ${image}, 512 x 512, image/png, seed 7\n`,
      '  verdict  1 of 2 required questions pass\n',
      '✓ ground  Is ground right?\n',
      '✗ count   Is count right? (p 0.03)\n               5 objects are there; 3 were asked.\n',
      '  cost     $0.002\n  refine   Asks for the exact number.\n',
      'Round 1 · models/studio-draft · the prompt rewritten\n',
      '  verdict  2 of 2 required questions pass\n',
      'APPROVED after 2 rounds in 2.5 s. Approved in round 1.\n',
      `  image    http://gateway.test/${image}\n  file     ${file}\n           round 1, passes\n`,
      '  cost     $0.004\n',
    ]) {
      expect(stdout).toContain(part);
    }
    expect((await readFile(file)).subarray(1, 4).toString()).toBe('PNG');
  });

  test('exits 3 when it is not approved, with what does not pass', async () => {
    const { code, stdout } = await run(['generate', ...project, 'a pear', '--label', 'outcome=exhausted']);
    expect(code).toBe(3);
    expect(stdout).toContain('EXHAUSTED after 2 rounds');
    expect(stdout).toContain('round 1, not approved; not passed: count');
  });

  test('gives the generation as JSON, and nothing else', async () => {
    const { code, stdout } = await run(['generate', ...project, 'a pear', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'OUTCOME_APPROVED', cost: { microUsd: '4000' } });
  });

  test('gives events as lines of JSON, through a broken stream', async () => {
    gateway.breaks.push({ after: 3, error: unavailable('restarting') });
    const { stdout } = await run(['generate', ...project, 'a pear', '--json', '--events']);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ number }) => Number(number ?? 0)).filter(Boolean)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
  });

  test('sends what the options say, over a request from a file', async () => {
    const file = join(folder, 'request.yaml');
    await writeFile(
      file,
      [
        'project: projects/tiles',
        'brief: { variables: { item: pears, count: 2 }, style: { light: soft } }',
        'parameters: { size: { width: 640, height: 640 }, seed: 3 }',
        'policy: { max_rounds: 2 }',
      ].join('\n'),
    );
    const { stdout } = await run([
      ...[
        'generate',
        '--request',
        file,
        '--json',
        '--var',
        'count=4',
        '--var',
        'code="7"',
        '--style',
        'light=hard',
      ],
      ...[
        '--seed',
        '9',
        '--format',
        'jpg',
        '--quality',
        'high',
        '--negative-prompt',
        'text',
        '--param',
        'guidance=4.5',
      ],
      ...['--max-cost', '0.05', '--max-duration', '90s', '--fallback', 'studio-pro', '--no-refine'],
      ...['--on-unsupported', 'adapt', '--task', 'edit', '--subject', 'SKU-1', '--rubric', 'mine/versions/2'],
    ]);
    expect(JSON.parse(stdout).request).toMatchObject({
      project: 'projects/tiles',
      subjectId: 'SKU-1',
      brief: { variables: { item: 'pears', count: 4, code: '7' }, style: { light: 'hard' } },
      task: 'TASK_EDIT',
      parameters: {
        size: { width: 640, height: 640 },
        seed: '9',
        outputFormat: 'OUTPUT_FORMAT_JPEG',
        quality: 'QUALITY_HIGH',
        negativePrompt: 'text',
        guidance: 4.5,
      },
      policy: {
        maxRounds: 2,
        maxCostMicroUsd: '50000',
        maxDuration: '90s',
        fallbackModels: ['models/studio-pro'],
        refine: false,
      },
      onUnsupported: 'ON_UNSUPPORTED_ADAPT',
      rubric: 'rubrics/mine/versions/2',
    });
  });

  test('uploads reference images that are files', async () => {
    const file = join(folder, 'init.png');
    await writeFile(file, Buffer.from('\x89PNG\r\n\x1a\n pixels', 'latin1'));
    const known = 'images/0190c0de-0000-7000-8000-000000000002';
    const { stdout, stderr } = await run([
      ...['generate', ...project, 'a pear', '--json'],
      ...['--reference', `init=${file}@0.25`, '--reference', `style=${known}`],
    ]);
    const uploaded = gateway.store.imageNames.at(-1);
    expect(stderr).toContain(`as ${uploaded}`);
    expect(JSON.parse(stdout).request.parameters.referenceImages).toEqual([
      { image: uploaded, role: 'REFERENCE_ROLE_INIT', strength: 0.25 },
      { image: known, role: 'REFERENCE_ROLE_STYLE' },
    ]);
  });

  test('sends the key of the environment', async () => {
    await run(['generate', 'a pear', '--quiet'], { ATELIER_API_KEY: 'atl_1', ATELIER_PROJECT: 'tiles' });
    const stream = gateway.calls.filter(({ method }) => method === 'stream').at(-1);
    expect(stream?.authorization).toBe('Bearer atl_1');
  });
});

describe('later', () => {
  test('create gives a name, which watch, get and explain take', async () => {
    const created = await run(['create', ...project, 'a pear', '--label', 'outcome=exhausted']);
    const name = created.stdout.trim();
    expect(name).toMatch(/^generations\/[0-9a-f-]{36}$/);
    const watched = await run(['watch', name]);
    expect(watched.code).toBe(3);
    expect(watched.stdout).toContain('Round 1');
    const got = await run(['get', name]);
    expect(got.code).toBe(0);
    expect(got.stdout).toContain('EXHAUSTED');
    const explained = await run(['explain', name]);
    expect(explained.code).toBe(0);
    for (const part of [
      'asked    "a pear"',
      'changed  Asks for the exact number.',
      'effect   no verdict changed: the round counts',
      'It ended EXHAUSTED because all rounds that the policy allows are used.',
      'It took 2 rounds and 2 images, and cost $0.004.',
      'The best image does not pass: "Is count right?" (5 objects are there; 3 were asked.).',
    ]) {
      expect(explained.stdout.replaceAll(/\n(?! {2}|\n)/g, ' ')).toContain(part);
    }
  });
});

describe('what goes wrong', () => {
  test.each([
    [
      'a refusal',
      invalidArgument('generation.parameters.size', 'too large', { reason: 'UNSUPPORTED_PARAMETER' }),
      2,
    ],
    ['no key', unauthenticated('Who is it?'), 5],
    [
      'a budget',
      resourceExhausted('Used up.', {
        reason: 'BUDGET_EXCEEDED',
        quotaViolations: [{ subject: 'budgets/x', description: 'is used up' }],
      }),
      6,
    ],
  ])('%s is told with its reason, and has its exit code', async (_, failure, expected) => {
    gateway.failures.push(failure);
    const { code, stderr } = await run(['generate', ...project, 'a pear']);
    expect(code).toBe(expected);
    expect(stderr).toContain(failure.reason);
    for (const { field, description } of failure.fieldViolations)
      expect(stderr).toContain(`  ${field}: ${description}`);
    for (const { subject, description } of failure.quotaViolations)
      expect(stderr).toContain(`  ${subject}: ${description}`);
  });

  test('is JSON where JSON is asked for', async () => {
    gateway.failures.push(invalidArgument('generation.model', 'unknown'));
    const { stdout } = await run(['generate', ...project, 'a pear', '--json']);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_FIELD',
      fieldViolations: [{ field: 'generation.model', description: 'unknown' }],
    });
  });

  test('wrong usage exits 2', async () => {
    const { code, stderr } = await run(['generate', 'a pear']);
    expect(stderr).toContain('Say which project');
    expect(code).toBe(2);
  });

  test('nobody at the address is told with the address', async () => {
    const { code, stderr } = await atelier('127.0.0.1:1', [
      'get',
      'generations/0190c0de-0000-7000-8000-000000000009',
    ]);
    expect(code).toBe(4);
    expect(stderr).toContain('127.0.0.1:1');
  });

  test('what does not exist has its exit code', async () => {
    const { code, stderr } = await run(['get', 'generations/0190c0de-0000-7000-8000-000000000009']);
    expect(code).toBe(7);
    expect(stderr).toContain('NOT_FOUND');
  });
});
