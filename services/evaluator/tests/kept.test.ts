import { openRedis } from '@atelier/coordination';
import { createLogger } from '@atelier/observability';
import { ProbabilitySource } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { type Question, QuestionSchema } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { describeWith, programs, startRedis } from '@atelier/testing';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type KeptAnswers, keyOf } from '../src/evaluation/kept/kept-answers.ts';
import { MemoryAnswers } from '../src/evaluation/kept/memory.ts';
import { RedisAnswers } from '../src/evaluation/kept/redis.ts';
import type { AnsweredReply } from '../src/judges/judge.ts';

const log = createLogger({ service: 'test', level: 'silent' });
const never = new AbortController().signal;
const DAY_MS = 86_400_000;

function answer(pYes: number): AnsweredReply {
  return {
    kind: 'answered',
    pYes,
    source: ProbabilitySource.REPEATED_ASKS,
    asks: 3,
    critique: 'more',
    finding: 'less',
    measured: { count: 3, found: 'x', is_so: true },
  };
}

const kept = (pYes: number) => ({ ...answer(pYes), asks: 0, isKept: true });

/** What every store of answers does. */
function conformance(open: () => KeptAnswers): void {
  test('what is kept is found, in the order in which it is asked for, and nobody was asked for it', async () => {
    const answers = open();
    const twin = { ...answer(0.25), pYesTwin: 0.5 };
    await answers.keep(
      new Map([
        ['one', answer(0.5)],
        ['two', twin],
      ]),
    );
    expect(await answers.find(['two', 'none', 'one'], never)).toEqual([
      { ...twin, asks: 0, isKept: true },
      undefined,
      kept(0.5),
    ]);
  });

  test('a later answer takes the place of an earlier one', async () => {
    const answers = open();
    await answers.keep(new Map([['again', answer(0.1)]]));
    await answers.keep(new Map([['again', answer(0.9)]]));
    expect(await answers.find(['again'], never)).toEqual([kept(0.9)]);
  });

  test('nothing is found for nothing', async () => {
    const answers = open();
    await answers.keep(new Map());
    expect(await answers.find([], never)).toEqual([]);
  });
}

describe('answers in memory', () => {
  conformance(() => new MemoryAnswers(DAY_MS));
});

describeWith(programs.redis, 'answers in Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let connections: ReturnType<typeof openRedis>;

  beforeAll(async () => {
    redis = await startRedis();
    connections = openRedis(redis.url, () => undefined, 300);
  });

  afterAll(async () => {
    await connections[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  conformance(() => new RedisAnswers(connections, DAY_MS, log));

  test('are those of all replicas, and end', async () => {
    await new RedisAnswers(connections, DAY_MS, log).keep(new Map([['shared', answer(0.5)]]));
    expect(await new RedisAnswers(connections, DAY_MS, log).find(['shared'], never)).toEqual([kept(0.5)]);
    const left = await connections.commands.pttl('atelier:evaluator:answers:shared');
    expect(left).toBeGreaterThan(DAY_MS - 60_000);
    expect(left).toBeLessThanOrEqual(DAY_MS);
  });

  test('what another version wrote that this one does not understand is not there', async () => {
    for (const [key, text] of [
      ['broken', '{"pYes":'],
      ['other', '{"pYes":2,"source":3}'],
    ] as const) {
      await connections.commands.set(`atelier:evaluator:answers:${key}`, text);
    }
    const found = await new RedisAnswers(connections, DAY_MS, log).find(['broken', 'other'], never);
    expect(found).toEqual([undefined, undefined]);
  });

  test('are not there while Redis is away, and that is no error', async () => {
    const answers = new RedisAnswers(connections, DAY_MS, log);
    await answers.keep(new Map([['lasting', answer(0.5)]]));
    await redis.kill();
    await answers.keep(new Map([['lost', answer(0.5)]]));
    expect(await answers.find(['lasting', 'lost'], never)).toEqual([undefined, undefined]);
    await redis.restart();
    await using back = openRedis(redis.url, () => undefined);
    expect(await new RedisAnswers(back, DAY_MS, log).find(['lasting'], never)).toEqual([kept(0.5)]);
  });
});

describe('the key of an answer', () => {
  const ask = (change = {}) => ({
    team: 'teams/red',
    image: { sha256: 'i', bytes: Buffer.alloc(0) },
    references: [{ sha256: 'r', bytes: Buffer.alloc(0) }],
    ...change,
  });
  const question = (change: MessageInitShape<typeof QuestionSchema> = {}): Question =>
    create(QuestionSchema, { id: 'a', text: 'Is it red?', ...change });
  const answerer = { judge: 'eye@1', manner: '3 asks' };
  const plain = keyOf(ask(), question(), answerer);
  const other = [{ sha256: 's', bytes: Buffer.alloc(0) }];

  test('is the same for what is asked alike, whatever a rubric makes of the answer', () => {
    const same = question({ id: 'b', required: true, weight: 3, passThreshold: 0.9, dependsOn: ['c'] });
    expect(keyOf(ask(), same, answerer)).toBe(plain);
    expect(keyOf(ask({ references: other }), question(), answerer)).toBe(plain);
    expect(plain).toMatch(/^[0-9a-f]{64}$/);
  });

  test('differs with everything that an answer follows from', () => {
    const shown = question({ showReferences: true });
    const keys = [
      plain,
      keyOf(ask({ team: 'teams/blue' }), question(), answerer),
      keyOf(ask({ image: { sha256: 'j', bytes: Buffer.alloc(0) } }), question(), answerer),
      keyOf(ask(), question({ text: 'Is it blue?' }), answerer),
      keyOf(ask(), question({ negatedText: 'Is it blue?' }), answerer),
      keyOf(ask(), question({ openCount: { of: 'pears', expected: '3' } }), answerer),
      keyOf(ask(), question({ openCount: { of: 'pears', expected: '4' } }), answerer),
      keyOf(ask(), question({ check: { kind: 'text_present', parameters: { text: 'A' } } }), answerer),
      keyOf(ask(), question({ check: { kind: 'text_present', parameters: { text: 'B' } } }), answerer),
      keyOf(ask(), shown, answerer),
      keyOf(ask({ references: other }), shown, answerer),
      keyOf(ask(), question(), { ...answerer, judge: 'eye@2' }),
      keyOf(ask(), question(), { ...answerer, manner: '1 ask' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
