import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import type { Started, StopRequested } from '../cycle/transitions.ts';
import { FencedError } from './cycle-journal.ts';
import { openLocalJournal } from './local-journal.ts';

let directory: string;
let nowMs = 1_800_000_000_000;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'journal-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const open = () => openLocalJournal({ directory, now: () => nowMs });
const started = (timeMs: number): Started => ({ kind: 'started', timeMs });
const stopped: StopRequested = { kind: 'stop_requested', timeMs: 3, reason: 6, detail: '$type and $bigint' };

describe('a journal on the local disk', () => {
  test('gives back what was appended, under a new epoch, after the process is gone', async () => {
    const id = uuidv7();
    const first = await open();
    const epoch = await first.create(id, started(1));
    await first.append(id, epoch, started(2));
    await first.append(id, epoch, stopped);
    const second = await open();
    expect(await second.unfinished()).toEqual([id]);
    expect(await second.claim(id)).toEqual({ epoch: epoch + 1, entries: [started(1), started(2), stopped] });
  });

  test('fences off whoever owned it before', async () => {
    const id = uuidv7();
    const first = await open();
    const epoch = await first.create(id, started(1));
    const second = await open();
    const claimed = await second.claim(id);
    await expect(first.append(id, epoch, started(2))).rejects.toThrow(FencedError);
    await second.append(id, claimed?.epoch ?? 0, started(3));
    await expect(second.append(id, epoch, started(4))).rejects.toThrow(FencedError);
    const third = await open();
    expect((await third.claim(id))?.entries).toEqual([started(1), started(3)]);
  });

  test('cuts off a line that a crash tore, and goes on behind the last whole one', async () => {
    const id = uuidv7();
    const first = await open();
    await first.create(id, started(1));
    await appendFile(join(directory, `${id}.jsonl`), '{"v":1,"epoch":1,"entry":{"kind":"sta');
    const second = await open();
    const claimed = await second.claim(id);
    expect(claimed?.entries).toEqual([started(1)]);
    await second.append(id, claimed?.epoch ?? 0, started(2));
    const lines = (await readFile(join(directory, `${id}.jsonl`), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).entry?.timeMs)).toEqual([1, undefined, 2]);
  });

  test('does not pass over a broken line in its midst, nor a schema that it does not know', async () => {
    const [broken, newer] = [uuidv7(), uuidv7()];
    const first = await open();
    for (const id of [broken, newer]) await first.create(id, started(1));
    await appendFile(join(directory, `${broken}.jsonl`), 'nonsense\n');
    await appendFile(join(directory, `${newer}.jsonl`), '{"v":99,"epoch":1}\n');
    const second = await open();
    await expect(second.claim(broken)).rejects.toMatchObject({ name: 'SyntaxError' });
    await expect(second.claim(newer)).rejects.toThrow('schema 99');
  });

  test('knows nothing of what was discarded', async () => {
    const id = uuidv7();
    const journal = await open();
    const epoch = await journal.create(id, started(1));
    await journal.discard(id, epoch);
    expect(await journal.unfinished()).toEqual([]);
    expect(await journal.claim(id)).toBeUndefined();
  });

  test('keeps what ended in the archive, for 7 days', async () => {
    const id = uuidv7({ msecs: nowMs });
    const journal = await open();
    const epoch = await journal.create(id, started(1));
    await journal.archive(id, epoch);
    expect(await journal.unfinished()).toEqual([]);
    expect(await journal.archived(id)).toEqual([started(1)]);
    nowMs += 6 * 24 * 3_600_000;
    expect(await (await open()).archived(id)).toEqual([started(1)]);
    nowMs += 2 * 24 * 3_600_000;
    expect(await (await open()).archived(id)).toBeUndefined();
  });
});
