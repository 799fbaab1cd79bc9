import { createHash } from 'node:crypto';
import { type CallLimits, openRedis, RedisLimits } from '@atelier/coordination';
import { CostBasis, type Usage, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  describeWith,
  type LanguageProtocol,
  type LanguageServer,
  programs,
  type ScriptedReply,
  startLanguageServer,
  startRedis,
} from '@atelier/testing';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ModelFailure, type ModelRequest } from '../src/index.ts';
import { ANSWER, KEY, never, noise, type Opened, open, picture, request, SCHEMA, WORDS } from './world.ts';

/** A driver under test. */
export interface Subject {
  readonly type: string;
  readonly protocol: LanguageProtocol;
  /** A model with a price, or of a server that has none. */
  readonly model: string;
  /** Further variables. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Whether its protocol tells log-probabilities. */
  readonly tells: boolean;
  /** Whether the vendor holds answers to a schema. */
  readonly structured: boolean;
  /** Whether a prediction is looked for rather than waited for, so that giving up is told and not only noticed. */
  readonly isPolled?: boolean;
}

/** What every driver does, whatever its vendor's protocol. The vendor is a scripted server. */
export function describeConformance(subject: Subject): void {
  const servers: LanguageServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
  });

  const start = async (...replies: readonly ScriptedReply[]): Promise<LanguageServer> => {
    const reply = (number: number) => replies[Math.min(number, replies.length) - 1] as ScriptedReply;
    const server = await startLanguageServer(subject.protocol, ({ number }) => reply(number), { key: KEY });
    servers.push(server);
    return server;
  };
  const opened = (
    server: { readonly url: string },
    fields: Readonly<Record<string, string>> = {},
    options: { limits?: CallLimits; name?: string } = {},
  ): Opened =>
    open(
      {
        TYPE: subject.type,
        MODEL: subject.model,
        BASE_URL: server.url,
        API_KEY: KEY,
        ...subject.fields,
        ...fields,
      },
      options,
    );
  const good: ScriptedReply = { kind: 'json', json: ANSWER };

  /** Asks what will fail, and gives the failure. */
  const failing = async ({ model }: Opened, asked: ModelRequest = request()): Promise<ModelFailure> => {
    const failure = await model.ask(asked, never).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ModelFailure);
    return failure as ModelFailure;
  };

  describe(`${subject.type} conforms`, () => {
    test('shows words and images in order, and takes a structured answer', async () => {
      const server = await start(good);
      const [red, blue] = await Promise.all([picture(64, 48), picture(48, 64, '#2040c0')]);
      const { model } = opened(server);
      const text = (words: string) => ({ kind: 'text', text: words }) as const;
      const asked = request({
        parts: [text('The first picture:'), red, text('The second:'), blue, text(WORDS)],
        usageKind: UsageKind.REFINE,
      });
      const { text: said, json } = await model.ask(asked, never);
      expect(json).toEqual(ANSWER);
      expect(said).toContain('"answers"');
      expect(server.objections).toEqual([]);
      const [seen] = server.asks;
      expect(seen?.model).toBe(subject.model);
      expect(seen?.system).toContain('You judge pictures.');
      expect(seen?.temperature).toBe(model.takesTemperature ? 0 : undefined);
      const digests = [red, blue].map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'));
      expect(seen?.images.map(({ sha256 }) => sha256)).toEqual(digests);
      if (subject.protocol === 'replicate') {
        expect(seen?.texts[0]).toMatch(/The first picture:\s+\[image 1\]\s+The second:\s+\[image 2\]\s+Is/);
      } else {
        expect(seen?.order).toEqual(['text', 'image', 'text', 'image', 'text']);
        expect(seen?.texts).toEqual(['The first picture:', 'The second:', WORDS]);
      }
      if (subject.structured) expect(seen?.schema).toEqual(SCHEMA);
      else expect(seen?.system).toContain(JSON.stringify(SCHEMA, undefined, 2));
    });

    test('takes a picture of several hundred kilobytes', async () => {
      const server = await start(good);
      const large = await noise(400);
      expect(large.bytes.byteLength).toBeGreaterThan(256 * 1_024);
      const { model } = opened(server);
      await model.ask(request({ parts: [large, { kind: 'text', text: WORDS }] }), never);
      expect(server.asks[0]?.images[0]?.bytes.byteLength).toBe(large.bytes.byteLength);
    });

    if (subject.tells) {
      test('tells log-probabilities of tokens that add up to the answer', async () => {
        const alternatives = [{}, { yes: 0.7, no: 0.25, Yes: 0.05 }];
        const json = { answers: [{ id: 'Größe 🍎', answer: 'yes' }] };
        const server = await start({ kind: 'json', json, alternatives });
        const { model } = opened(server, { LOG_PROBABILITIES: 'on' });
        expect(model.logProbabilities).toBe(true);
        const { text, tokens } = await model.ask(request({ logProbabilities: true }), never);
        expect(tokens?.map((token) => token.text).join('')).toBe(text);
        const yes = tokens?.find((token) => token.text === 'yes');
        const p = yes?.top.map((token) => [token.text, Math.exp(token.logProbability).toFixed(2)]);
        expect(p).toEqual([
          ['yes', '0.70'],
          ['no', '0.25'],
          ['Yes', '0.05'],
        ]);
        expect(server.asks[0]?.logProbabilities).toBe(true);
      });

      test('does not ask for log-probabilities unless they are wanted', async () => {
        const server = await start(good);
        const { model } = opened(server, { LOG_PROBABILITIES: 'on' });
        expect((await model.ask(request(), never)).tokens).toBeUndefined();
        expect(server.asks[0]?.logProbabilities).toBe(false);
      });
    }

    test('asks for no log-probabilities of a model that tells none', async () => {
      const server = await start(good);
      const { model } = opened(server, { LOG_PROBABILITIES: 'off' });
      expect(model.logProbabilities).toBe(false);
      expect((await model.ask(request({ logProbabilities: true }), never)).tokens).toBeUndefined();
      expect(server.asks[0]?.logProbabilities).toBe(false);
    });

    test('sends no temperature to a model that takes none', async () => {
      const server = await start(good);
      const { model } = opened(server, { TEMPERATURE: 'off' });
      await model.ask(request({ temperature: 1 }), never);
      expect(model.takesTemperature).toBe(false);
      expect(server.asks[0]?.temperature).toBeUndefined();
    });

    test('shows no images to a model that is not to see any', async () => {
      const server = await start(good);
      const subjectUnderTest = opened(server, { VISION: 'off' });
      const failure = await failing(subjectUnderTest, request({ parts: [await picture(8, 8)] }));
      expect(failure).toMatchObject({ kind: 'invalid_request', usage: [] });
      expect(server.asks).toEqual([]);
    });

    test.each<readonly [string, ScriptedReply, ModelFailure['kind']]>([
      ['what is no JSON', { kind: 'text', text: 'I would say that it is.' }, 'malformed'],
      ['JSON that is no object', { kind: 'text', text: '["yes"]' }, 'malformed'],
      ['an answer that was cut off', { kind: 'cut' }, 'malformed'],
      ['a refused answer', { kind: 'refused', of: 'output' }, 'refused'],
      ['a refused question', { kind: 'refused', of: 'input' }, 'refused'],
    ])('%s is asked for once, and what it took is told', async (_what, reply, kind) => {
      const server = await start(reply);
      const failure = await failing(opened(server));
      expect(failure.kind).toBe(kind);
      expect(server.asks).toHaveLength(1);
      // Where the vendor answered, it said what the answer took.
      const isError =
        reply.kind === 'refused' && (reply.of === 'input' ? subject.protocol === 'openai' : false);
      const isFailedPrediction = reply.kind === 'refused' && subject.protocol === 'replicate';
      if (!isError && !isFailedPrediction) expect(units(failure.usage, 'input_token')).toBeGreaterThan(10);
      if (kind === 'malformed') expect(units(failure.usage, 'output_token')).toBeGreaterThan(0);
    });

    test.each<readonly [number, string | undefined, ModelFailure['kind']]>([
      [400, undefined, 'invalid_request'],
      [401, undefined, 'auth'],
      [402, undefined, 'auth'],
      [403, undefined, 'auth'],
      [404, undefined, 'invalid_request'],
      [413, undefined, 'invalid_request'],
      [422, undefined, 'invalid_request'],
    ])('a status %i is not asked again', async (status, code, kind) => {
      const server = await start({ kind: 'status', status, ...(code !== undefined && { code }) });
      expect(await failing(opened(server))).toMatchObject({ kind, usage: [] });
      expect(server.asks).toHaveLength(1);
    });

    test('a key that the vendor does not know is told as such', async () => {
      const server = await start(good);
      expect((await failing(opened(server, { API_KEY: 'wrong' }))).kind).toBe('auth');
      expect(server.asks).toHaveLength(0);
    });

    test('asks again once it may, after it came too often', async () => {
      const server = await start({ kind: 'status', status: 429, retryAfterSeconds: 0 }, good);
      expect((await opened(server).model.ask(request(), never)).json).toEqual(ANSWER);
      expect(server.asks).toHaveLength(2);
    });

    test('gives up where it always comes too often, and does not wait for long', async () => {
      const server = await start({ kind: 'status', status: 429, retryAfterSeconds: 0 });
      expect(await failing(opened(server))).toMatchObject({ kind: 'rate_limited', usage: [] });
      expect(server.asks).toHaveLength(5);
      const later = await start({ kind: 'status', status: 429, retryAfterSeconds: 3_600 });
      expect(await failing(opened(later))).toMatchObject({ kind: 'rate_limited' });
      expect(later.asks).toHaveLength(1);
    });

    test.each([500, 503, 529])('asks again after a status %i', async (status) => {
      const server = await start({ kind: 'status', status }, good);
      const { json, usage } = await opened(server).model.ask(request(), never);
      expect(json).toEqual(ANSWER);
      // An error of the vendor costs nothing.
      expect(usage).toHaveLength(2);
      expect(server.asks).toHaveLength(2);
    });

    test('gives up where the vendor keeps failing', async () => {
      const server = await start({ kind: 'status', status: 503 });
      expect(await failing(opened(server))).toMatchObject({ kind: 'unavailable', usage: [] });
      expect(server.asks).toHaveLength(3);
    });

    test('a vendor that does not answer in time is asked again, and may have billed it', async () => {
      const server = await start({ kind: 'hang' }, good);
      const { json, usage } = await opened(server, { TIMEOUT: '2s' }).model.ask(request(), never);
      expect(json).toEqual(ANSWER);
      await server.abandoned(1);
      expect(server.asks).toHaveLength(2);
      expect(usage.map(({ unit, cost }) => [unit, cost?.basis])).toEqual([
        ['input_token', known(usage[0])],
        ['output_token', known(usage[1])],
        ['input_token', known(usage[2], CostBasis.ESTIMATED)],
        ['output_token', known(usage[3], CostBasis.ESTIMATED)],
      ]);
    });

    test('a vendor that never answers is a timeout in the end', async () => {
      const server = await start({ kind: 'hang' });
      const failure = await failing(opened(server, { TIMEOUT: '100ms' }));
      expect(failure.kind).toBe('timeout');
      expect(units(failure.usage, 'output_token')).toBeGreaterThanOrEqual(3 * 200);
      await server.abandoned(3);
    });

    test.each([false, true])('asks again after a lost connection (halfway: %s)', async (halfway) => {
      const server = await start({ kind: 'drop', halfway }, good);
      const { json, usage } = await opened(server).model.ask(request(), never);
      expect(json).toEqual(ANSWER);
      // What was lost may have been billed.
      expect(usage).toHaveLength(4);
    });

    test('nothing was sent where nobody listens, and nothing is billed', async () => {
      const server = await start(good);
      await server[Symbol.asyncDispose]();
      expect(await failing(opened(server))).toMatchObject({ kind: 'unavailable', usage: [] });
    });

    test('a caller that leaves ends the request at the vendor', async () => {
      const server = await start({ kind: 'hang' });
      const left = new AbortController();
      const asking = opened(server).model.ask(request(), left.signal);
      await server.asked(1);
      left.abort(new Error('left'));
      await expect(asking).rejects.toThrow('left');
      await server.abandoned(1);
      expect(server.asks).toHaveLength(1);
    });

    test('a caller that leaves ends the wait for a place', async () => {
      const server = await start({ kind: 'hang' });
      const { model } = opened(server, { CONCURRENCY: '1' });
      const [first, second] = [new AbortController(), new AbortController()];
      const inside = model.ask(request(), first.signal);
      await server.asked(1);
      const waiting = model.ask(request(), second.signal);
      second.abort(new Error('left the line'));
      await expect(waiting).rejects.toThrow('left the line');
      first.abort(new Error('left'));
      await expect(inside).rejects.toThrow('left');
      expect(server.asks).toHaveLength(1);
    });

    test('an answer without an end is not read to it', async () => {
      const server = await start({ kind: 'flood' });
      const failure = await failing(opened(server));
      expect(failure.kind).toBe('malformed');
      await server.abandoned(1);
      expect(server.asks).toHaveLength(1);
    });

    test('usage, estimate and price belong together', async () => {
      const server = await start(good);
      const { model } = opened(server);
      const asked = request({ parts: [await picture(640, 480), { kind: 'text', text: WORDS }] });
      const { usage } = await model.ask(asked, never);
      expect(usage.map(({ unit }) => unit)).toEqual(['input_token', 'output_token']);
      for (const { kind, model: name, unitPriceMicroUsd, priceVersion, units: count, cost } of usage) {
        expect(kind).toBe(UsageKind.JUDGE);
        expect(name).toBe(`judges/qwen@${subject.model}`);
        expect(count).toBeGreaterThan(0);
        if (model.priced) {
          expect(cost?.basis).toBe(CostBasis.ACTUAL);
          expect(Number(cost?.microUsd)).toBe(Math.round(count * (unitPriceMicroUsd ?? Number.NaN)));
          expect(priceVersion).toMatch(/^\d{4}-\d\d-\d\d$/);
        } else {
          expect(cost).toMatchObject({ basis: CostBasis.UNKNOWN });
          expect(cost?.microUsd).toBeUndefined();
          expect(priceVersion).toBe('');
        }
      }
      const estimate = model.estimate(asked);
      if (model.priced) expect(estimate.microUsd).toBeGreaterThanOrEqual(total(usage));
      else expect(estimate).toMatchObject({ basis: CostBasis.UNKNOWN });
    });

    test('an operator’s price goes before ours, and may be nothing', async () => {
      const server = await start(good);
      const { model } = opened(server, { PRICE_INPUT: '0', PRICE_OUTPUT: '2.5' });
      const { usage } = await model.ask(request({ usageKind: UsageKind.EXPAND }), never);
      expect(model.priced).toBe(true);
      expect(usage.map(({ model: name }) => name)).toEqual(Array(2).fill(`llms/qwen@${subject.model}`));
      expect(usage[0]?.cost).toMatchObject({ microUsd: 0n, basis: CostBasis.ACTUAL });
      expect(usage[1]).toMatchObject({ unitPriceMicroUsd: 2.5, priceVersion: 'configured' });
      expect(model.estimate(request()).microUsd).toBeGreaterThanOrEqual(500n);
    });

    test('no key and no word of the request is in errors and logs', async () => {
      const replies: ScriptedReply[] = [
        { kind: 'status', status: 400, message: `no: ${WORDS} ${KEY}` },
        { kind: 'status', status: 401, message: `Incorrect API key provided: ${KEY}` },
        { kind: 'status', status: 500, message: `${WORDS}` },
        { kind: 'text', text: `no JSON, and ${WORDS}` },
        { kind: 'refused', of: 'output', message: WORDS },
        { kind: 'drop' },
        { kind: 'drop', halfway: true },
        good,
      ];
      for (const reply of replies) {
        const server = await start(reply);
        const subjectUnderTest = opened(server);
        const failure = await subjectUnderTest.model.ask(request(), never).catch((error: unknown) => error);
        const shown = [
          ...subjectUnderTest.lines,
          everythingOf(failure instanceof Error ? failure : undefined),
        ].join('\n');
        expect(shown).not.toContain(KEY);
        expect(shown).not.toContain(WORDS);
        if (reply.kind !== 'json') expect(shown).toContain('qwen');
      }
    });

    test('does not follow an answer to another address, where the key would go too', async () => {
      const server = await start(good);
      const elsewhere = await start(good);
      await using redirecting = await startRedirect(`${elsewhere.url}/elsewhere`);
      const path = new URL(server.url).pathname;
      const failure = await failing(opened({ url: `${redirecting.origin}${path}` }));
      expect(failure.kind).toBe('unavailable');
      expect(elsewhere.asks).toEqual([]);
      expect(elsewhere.objections).toEqual([]);
    });

    test('two instances side by side have keys, addresses and models of their own', async () => {
      const one = await start(good);
      const other = await startLanguageServer(subject.protocol, () => good, { key: 'another-key' });
      servers.push(other);
      const first = opened(one, {}, { name: 'ONE' });
      const second = opened(other, { API_KEY: 'another-key' }, { name: 'OTHER' });
      const [{ usage: ones }, { usage: others }] = await Promise.all([
        first.model.ask(request(), never),
        second.model.ask(request(), never),
      ]);
      expect([ones[0]?.model, others[0]?.model]).toEqual([
        `judges/one@${subject.model}`,
        `judges/other@${subject.model}`,
      ]);
      expect([one.asks, other.asks].map(({ length }) => length)).toEqual([1, 1]);
      expect([one.objections, other.objections]).toEqual([[], []]);
    });

    describeWith(programs.redis, `${subject.type} with Redis`, () => {
      test('replicas keep one bound together', async () => {
        await using redis = await startRedis();
        await using connections = [openRedis(redis.url, () => {}), openRedis(redis.url, () => {})].reduce(
          (stack, opening) => {
            stack.use(opening);
            stack.all.push(new RedisLimits(opening, 'evaluator', 10_000));
            return stack;
          },
          Object.assign(new AsyncDisposableStack(), { all: [] as RedisLimits[] }),
        );
        let inside = 0;
        let most = 0;
        const both = Promise.withResolvers<void>();
        const server = await startLanguageServer(
          subject.protocol,
          async () => {
            inside += 1;
            most = Math.max(most, inside);
            // The first two wait for each other, so that the bound is reached.
            if (inside === 2) both.resolve();
            await both.promise;
            await new Promise(setImmediate);
            inside -= 1;
            return good;
          },
          { key: KEY },
        );
        servers.push(server);
        const replicas = connections.all.map((limits) => opened(server, { CONCURRENCY: '2' }, { limits }));
        await Promise.all(
          Array.from({ length: 12 }, (_, index) => replicas[index % 2]?.model.ask(request(), never)),
        );
        expect(server.asks).toHaveLength(12);
        expect(most).toBe(2);
      });
    });
  });
}

function units(usage: readonly Usage[], unit: string): number {
  return usage.reduce((sum, entry) => (entry.unit === unit ? sum + entry.units : sum), 0);
}

function total(usage: readonly Usage[]): bigint {
  return usage.reduce((sum, { cost }) => sum + (cost?.microUsd ?? 0n), 0n);
}

/** The basis that is expected of a usage: unknown where it has no price. */
function known(usage: Usage | undefined, basis: CostBasis = CostBasis.ACTUAL): CostBasis {
  return usage?.unitPriceMicroUsd === undefined ? CostBasis.UNKNOWN : basis;
}

function everythingOf(error: Error | undefined): string {
  if (error === undefined) return '';
  const own = Object.getOwnPropertyNames(error).map((name) => {
    const value = (error as unknown as Record<string, unknown>)[name];
    return JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part));
  });
  return [...own, everythingOf(error.cause as Error | undefined)].join('\n');
}

async function startRedirect(to: string): Promise<AsyncDisposable & { readonly origin: string }> {
  const { createServer } = await import('node:http');
  const server = createServer((incoming, response) => {
    incoming.resume();
    incoming.on('end', () => response.writeHead(307, { location: to }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
