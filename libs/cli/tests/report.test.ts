import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { partial } from '../../client/tests/scripted/partial.ts';
import { samplePng } from '../src/doctor/sample-image.ts';
import { run as runHere } from '../src/run.ts';
import { atelier } from './command.ts';
import { attribute, Dom, reachesOut, text } from './report/dom.ts';
import { BATCH, type RecordGateway, startRecordGateway } from './report/gateway.ts';
import { fullRecord } from './report/records.ts';
import { generationName } from './report/render.ts';

let gateway: RecordGateway;
let folder: string;
let file: string;

const judges = partial(EvaluationService, {
  listJudges: async () => ({
    judges: [
      { instance: 'builtin', version: 'builtin@1', type: 'builtin', checks: ['not_blank'], configured: true },
      {
        instance: 'qwen',
        version: 'qwen@qwen3-vl-8b/answer@1-3fa9c2d1',
        type: 'openai-compatible',
        model: 'qwen3-vl-8b',
        vision: true,
        logProbabilities: true,
        configured: true,
        priced: true,
      },
      {
        instance: 'claude',
        version: 'claude@claude-sonnet/answer@1-3fa9c2d1',
        type: 'anthropic',
        model: 'claude-sonnet',
        vision: true,
        configured: true,
        asks: 3,
      },
    ],
  }),
});

beforeAll(async () => {
  gateway = await startRecordGateway([judges]);
  folder = await mkdtemp(join(tmpdir(), 'atelier-report-'));
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  file = join(await mkdtemp(join(folder, 'case-')), 'out/report.html');
  gateway.rows.length = 0;
  gateway.records.clear();
  gateway.pages.length = 0;
});

const run = (...args: string[]) => atelier(gateway.address, args);
const read = async () => new Dom(await readFile(file, 'utf8'));

/** A record whose images are in the object store. */
function keep(number: number): Generation {
  const add = (noise: number) => gateway.store.add(samplePng(Buffer.from([number, noise, 99])));
  const images = { made: [add(0), add(1), add(2), add(3), add(4)] as const, reference: add(5) };
  const record = fullRecord(generationName(number), images);
  gateway.records.set(record.name, record);
  return record;
}

describe('report', () => {
  test('writes one generation with all of its images, from the object store', async () => {
    const { name, results } = keep(1);
    const { code, stdout, stderr } = await run('report', name, '--html', file);
    expect(stdout).toMatch(/report\.html: 1 generation, 6 images, 0\.\d MiB\n$/);
    expect([code, stderr]).toEqual([0, '']);
    const page = await read();
    expect(reachesOut(page)).toEqual([]);
    expect(page.all('img')).toHaveLength(6);
    expect(page.all('h1').map(text)).toEqual(['item: lemons · count: 3']);
    const stable = results[0]?.stableUrl ?? '';
    expect(page.all('a').map((link) => attribute(link, 'href'))).toContain(stable);
    // Nothing of an unfinished file is left.
    expect(await readdir(join(file, '..'))).toEqual(['report.html']);
  });

  test('writes several, and a batch, with what it knows of its rows', async () => {
    for (const number of [1, 2, 3, 4]) keep(number);
    const items = [1, 2, 3].map((number) => ({
      itemId: `row-${number}`,
      generation: generationName(number),
    }));
    gateway.rows.push(...items, { itemId: 'row-4', generation: '' });
    gateway.rows.push({ itemId: 'row-5', generation: generationName(99) });
    const { stdout } = await run(
      'report',
      BATCH,
      generationName(4),
      generationName(1),
      '--html',
      file,
      '--json',
    );
    expect(JSON.parse(stdout)).toEqual({
      file,
      generations: 4,
      images: { embedded: 4, leftOut: 0 },
      bytes: expect.any(Number),
      notes: [`1 item of ${BATCH} has not begun.`, '1 generation is listed and no longer there.'],
    });
    const page = await read();
    expect(page.all('h1').map(text)).toEqual([`${BATCH} and 2 generations`]);
    expect(page.all('details', 'generation')).toHaveLength(4);
    expect(page.all('img')).toHaveLength(4);
    expect(page.all('li').map(text)).toContain(`1 item of ${BATCH} has not begun.`);
    for (const id of ['row-1', 'row-2', 'row-3']) expect(page.all('a').map(text)).toContain(id);
  });

  test('writes the last of a project up to the limit, and says that there are more', async () => {
    for (const number of [1, 2, 3, 4, 5]) keep(number);
    const args = ['--project', 'tiles', '--limit', '3', '--since', '2026-11-01', '--images', 'none'];
    const { code, stdout, stderr } = await run('report', ...args, '--html', file);
    expect(stdout).toContain('3 generations, 0 images');
    expect([code, stderr]).toEqual([0, 'Only the last 3 generations; there are more.\n']);
    expect(gateway.pages).toEqual(['generations 4', 'generations 2']);
    expect(gateway.since.at(-1)).toBe(BigInt(Date.parse('2026-11-01') / 1_000));
    expect((await read()).all('img')).toEqual([]);
  });

  test('replaces a file that is there, once the new one is complete', async () => {
    const { name } = keep(1);
    file = join(folder, 'old.html');
    await writeFile(file, 'the old report');
    expect((await run('report', generationName(7), '--html', file)).code).toBe(7);
    expect(await readFile(file, 'utf8')).toBe('the old report');
    expect((await readdir(folder)).filter((each) => each.includes('partial'))).toEqual([]);
    expect((await run('report', name, '--html', file)).code).toBe(0);
    expect((await read()).all('article')).toHaveLength(3);
  });

  test('tells that a file cannot be written before it asks for anything', async () => {
    const occupied = join(folder, 'occupied');
    await writeFile(occupied, '');
    const path = join(occupied, 'report.html');
    const { code, stderr } = await run('report', generationName(1), '--html', path);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${path}: cannot be written (E`)]);
  });

  test('goes on without an image that is gone, and says so', async () => {
    const record = keep(1);
    const image = record.rounds[0]?.candidates[0]?.image;
    await run('images', 'delete', image?.name ?? '');
    const { code, stdout } = await run('report', record.name, '--html', file);
    expect([code, stdout.includes('5 images')]).toEqual([0, true]);
    expect(stdout).toContain('; 1 left out');
    expect((await read()).all('p', 'no-picture').map(text).join()).toContain(`There is no ${image?.name}.`);
  });

  test.each([
    [['--html', 'x.html'], 2, 'Say what of'],
    [[generationName(1)], 2, 'Say where to: --html FILE'],
    [[generationName(1), '--project', 'tiles', '--html', 'x.html'], 2, 'either names or --project'],
    [[generationName(1), '--since', '2026-11-01', '--html', 'x.html'], 2, '--since goes with --project'],
    [['projects/tiles', '--html', '/tmp/x.html'], 2, 'neither generations/ID nor batches/ID'],
    [[generationName(1), '--images', 'some', '--html', 'x.html'], 2, 'none, results, all'],
    [['batches/0190c0de-0000-7000-a000-000000000009', '--html', '/tmp/x.html'], 7, 'NOT_FOUND'],
    [['--project', 'nothing', '--html', '/tmp/x.html'], 1, 'There is no generation to report on.'],
  ])('%j exits %i', async (args, expected, message) => {
    const { code, stderr } = await run('report', ...args);
    expect(stderr).toContain(message);
    expect(code).toBe(expected);
  });

  test('stops where it is interrupted, and leaves nothing behind', async () => {
    const { name } = keep(1);
    const interrupt = new AbortController();
    // The object store does not answer any more before the user loses patience.
    gateway.store.answers.push(...Array.from({ length: 200 }, () => 503));
    let stderr = '';
    const ended = runHere(['report', name, '--html', file], {
      stdout: { write: () => undefined },
      stderr: {
        isTTY: true,
        write: (words) => {
          stderr += words;
          if (words.includes('writing 1 of 1')) interrupt.abort();
        },
      },
      env: { ATELIER_ADDRESS: gateway.address, NO_COLOR: '1' },
      signal: interrupt.signal,
    });
    expect(await ended).toBe(130);
    gateway.store.answers.length = 0;
    expect(stderr).toContain('Interrupted.');
    expect(await readdir(join(file, '..'))).toEqual([]);
  });
});

describe('explain', () => {
  const words = (lines: string) => lines.replaceAll(/\s+/g, ' ');

  test('tells in short who asked where it is not the rubric, what was looked at twice, costs, and what measured the cycle', async () => {
    const { stdout } = await run('explain', keep(1).name);
    for (const part of [
      '(uncertain, not required, p 0.50, asked by this call)',
      '(no is good, p 0.66, looked at twice, asked by the organisation)',
      'cost $0.0176 (images $0.016, prompts $0.0002, judging $0.0014)',
      'edited images/',
      'effect mended mood: the round counts',
      'effect mended count; changed mood: the round counts',
      'APPROVED after 3 rounds',
      'of which images $0.04, prompts $0.0008, judging $0.0045',
      'It took 3 rounds and 4 images, and cost $0.0453.',
      'gemini, which took no part in the cycle, says of the best of round 0: 3 of 4 required questions pass, mean p 0.75; of the result (round 2): 4 of 4',
      'Without refinement, 3 images of the first prompt would not have been approved, where the cycle was (the cycle made 4).',
      'project revision 7, organisation revision 2, templates/tiles/versions/4',
    ])
      expect(words(stdout)).toContain(part);
    expect(stdout).not.toContain('Round 3');
    expect(stdout).not.toContain('qwen@qwen3-vl-8b/answer@1-3fa9c2d1:');
  });

  test('tells everything with --verbose', async () => {
    const { stdout } = await run('explain', keep(1).name, '--verbose');
    for (const part of [
      'qwen@qwen3-vl-8b/answer@1-3fa9c2d1: p(yes) 0.34, twin 0.66, from log-probabilities, kept from an earlier time',
      'qwen@qwen3-vl-8b/answer@1-3fa9c2d1: p(yes) 0.34, twin 0.66, from log-probabilities, asked 2 times, second look',
      'p(yes) 0.04, share of yes over 3 asks: 5 lemons.',
      'builtin@1: p(yes) 0.97, measured of the pixels',
      'asked by organisation; passes from 0.60, fails up to 0.40',
      'sent POST https://vendor.example/v1/images',
      'known place 1 of all, 4 of 4 required questions pass, mean p 0.86',
      'policy {"maxRounds":4',
      'Round 3 · models/studio-pro · the first prompt again, for the control arm',
      'gemini@gemini-pro/answer@1-3fa9c2d1: p(yes) 0.80, share of yes over 3 asks',
      'price models/studio-pro@2026-11, atelier 0.1.0',
    ])
      expect(words(stdout)).toContain(part);
  });
});

describe('judges', () => {
  test('are listed with model, where p comes from, and whether they are priced', async () => {
    const { stdout } = await run('judges');
    const [head = '', ...lines] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(head).toEqual([
      'judge',
      'type',
      'model',
      'configured',
      'p comes from',
      'priced',
      'version',
      'checks',
    ]);
    expect(lines.map((line) => line.slice(0, 6))).toEqual([
      ['builtin', 'builtin', 'yes', 'measuring', 'builtin@1', 'not_blank'],
      ['qwen', 'openai-compatible', 'qwen3-vl-8b', 'yes', 'log-probabilities', 'yes'],
      ['claude', 'anthropic', 'claude-sonnet', 'yes', '3 asks', 'no'],
    ]);
  });

  test('whose price is unknown are a warning of the doctor, and no failure', async () => {
    const { stdout } = await run('doctor', '--json');
    const { checks } = JSON.parse(stdout) as { checks: { part: string; health: string; message: string }[] };
    expect(checks.find(({ part }) => part === 'evaluator')).toMatchObject({
      health: 'warning',
      message: expect.stringContaining('what they cost is unknown: claude'),
    });
  });
});
