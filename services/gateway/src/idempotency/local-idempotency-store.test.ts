import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRpcError } from '@atelier/rpc';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { LocalIdempotencyStore } from './local-idempotency-store.ts';

const DAY_MS = 24 * 3_600_000;
let path: string;
let time = Date.parse('2026-11-22T12:00:00Z');
const now = () => new Date(time);

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'atelier-ids-')), 'deep', 'request-ids.jsonl');
});

const claim = (name: string, over: { team?: string; requestId?: string; bodyHash?: string } = {}) => ({
  team: 'teams/a',
  requestId: 'r1',
  bodyHash: 'h1',
  name,
  ...over,
});

async function refusal(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    return isRpcError(error) ? [error.codeName, error.reason, error.metadata.resource] : error;
  }
}

describe('LocalIdempotencyStore', () => {
  test('gives the earlier name for the same id and body, and refuses another body', async () => {
    await using store = new LocalIdempotencyStore(path, now);
    expect(await store.claim(claim('generations/1'))).toBeUndefined();
    expect(await store.claim(claim('generations/2'))).toBe('generations/1');
    expect(await refusal(store.claim(claim('generations/3', { bodyHash: 'h2' })))).toEqual([
      'ALREADY_EXISTS',
      'REQUEST_ID_REUSED',
      'generations/1',
    ]);
    expect(await store.claim(claim('generations/4', { team: 'teams/b', bodyHash: 'h2' }))).toBeUndefined();
    expect(await store.claim(claim('generations/5', { requestId: 'r2' }))).toBeUndefined();
  });

  test('of many claims at once one wins, and the others learn its name', async () => {
    await using store = new LocalIdempotencyStore(path, now);
    const names = Array.from({ length: 50 }, (_, index) => `generations/${index}`);
    const answers = await Promise.all(names.map((name) => store.claim(claim(name))));
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
    const winner = names[answers.indexOf(undefined)];
    expect(new Set(answers.filter((answer) => answer !== undefined))).toEqual(new Set([winner]));
  });

  test('remembers over a restart, for 7 days, and passes over a torn line', async () => {
    {
      await using store = new LocalIdempotencyStore(path, now);
      await store.claim(claim('generations/1'));
      await store.claim(claim('generations/2', { requestId: 'r2' }));
      await store.forget({ team: 'teams/a', requestId: 'r2', name: 'generations/2' });
    }
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(3);
    appendFileSync(path, '{"v":1,"team":"teams/a","id":"r3"');
    {
      await using store = new LocalIdempotencyStore(path, now);
      expect(await store.claim(claim('generations/3'))).toBe('generations/1');
      expect(await store.claim(claim('generations/4', { requestId: 'r2' }))).toBeUndefined();
      expect(await store.claim(claim('generations/5', { requestId: 'r3' }))).toBeUndefined();
    }
    {
      await using store = new LocalIdempotencyStore(path, now);
      expect(await store.claim(claim('generations/7', { requestId: 'r2' }))).toBe('generations/4');
      expect(await store.claim(claim('generations/8', { requestId: 'r3' }))).toBe('generations/5');
    }
    time += 7 * DAY_MS;
    await using store = new LocalIdempotencyStore(path, now);
    expect(await store.claim(claim('generations/6', { bodyHash: 'h9' }))).toBeUndefined();
  });

  test('takes back only the claim of the given name', async () => {
    await using store = new LocalIdempotencyStore(path, now);
    await store.claim(claim('generations/1'));
    await store.forget({ team: 'teams/a', requestId: 'r1', name: 'generations/other' });
    expect(await store.claim(claim('generations/2'))).toBe('generations/1');
    await store.forget({ team: 'teams/a', requestId: 'r1', name: 'generations/1' });
    expect(await store.claim(claim('generations/3'))).toBeUndefined();
  });
});
