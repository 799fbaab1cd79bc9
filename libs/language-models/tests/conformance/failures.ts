import { CostBasis, type Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { ScriptedReply } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import type { ModelFailure } from '../../src/index.ts';
import { ANSWER, never, request } from '../world.ts';
import { good, type Stage, units } from './stage.ts';

/** How a driver fails, and what is asked again. */
export function testFailures(stage: Stage): void {
  const { subject } = stage;
  test.each<readonly [string, ScriptedReply, ModelFailure['kind']]>([
    ['what is no JSON', { kind: 'text', text: 'I would say that it is.' }, 'malformed'],
    ['JSON that is no object', { kind: 'text', text: '["yes"]' }, 'malformed'],
    ['an answer that was cut off', { kind: 'cut' }, 'malformed'],
    ['a refused answer', { kind: 'refused', of: 'output' }, 'refused'],
    ['a refused question', { kind: 'refused', of: 'input' }, 'refused'],
  ])('%s is asked for once, and what it took is told', async (_what, reply, kind) => {
    const server = await stage.start(reply);
    const failure = await stage.failing(stage.opened(server));
    expect(failure.kind).toBe(kind);
    expect(server.asks).toHaveLength(1);
    // Where the vendor answered, it said what the answer took.
    const isError =
      reply.kind === 'refused' && (reply.of === 'input' ? subject.protocol === 'openai' : false);
    const isFailedPrediction = reply.kind === 'refused' && subject.protocol === 'replicate';
    if (!isError && !isFailedPrediction) expect(units(failure.usage, 'input_token')).toBeGreaterThan(10);
    if (kind === 'malformed') expect(units(failure.usage, 'output_token')).toBeGreaterThan(0);
  });

  test.each<readonly [number, ModelFailure['kind']]>([
    [400, 'invalid_request'],
    [401, 'auth'],
    [402, 'auth'],
    [403, 'auth'],
    [404, 'invalid_request'],
    [413, 'invalid_request'],
    [422, 'invalid_request'],
  ])('a status %i is not asked again', async (status, kind) => {
    const server = await stage.start({ kind: 'status', status });
    expect(await stage.failing(stage.opened(server))).toMatchObject({ kind, usage: [] });
    expect(server.asks).toHaveLength(1);
  });

  test('a key that the vendor does not know is told as such', async () => {
    const server = await stage.start(good);
    expect((await stage.failing(stage.opened(server, { API_KEY: 'wrong' }))).kind).toBe('auth');
    expect(server.asks).toHaveLength(0);
  });

  test('asks again once it may, after it came too often', async () => {
    const server = await stage.start({ kind: 'status', status: 429, retryAfterSeconds: 0 }, good);
    expect((await stage.opened(server).model.ask(request(), never)).json).toEqual(ANSWER);
    expect(server.asks).toHaveLength(2);
  });

  test('gives up where it always comes too often, and does not wait for long', async () => {
    const server = await stage.start({ kind: 'status', status: 429, retryAfterSeconds: 0 });
    expect(await stage.failing(stage.opened(server))).toMatchObject({ kind: 'rate_limited', usage: [] });
    expect(server.asks).toHaveLength(5);
    const later = await stage.start({ kind: 'status', status: 429, retryAfterSeconds: 3_600 });
    expect(await stage.failing(stage.opened(later))).toMatchObject({ kind: 'rate_limited' });
    expect(later.asks).toHaveLength(1);
  });

  test.each([500, 503, 529])('asks again after a status %i', async (status) => {
    const server = await stage.start({ kind: 'status', status }, good);
    const { json, usage } = await stage.opened(server).model.ask(request(), never);
    expect(json).toEqual(ANSWER);
    // An error of the vendor costs nothing.
    expect(usage).toHaveLength(2);
    expect(server.asks).toHaveLength(2);
  });

  test('gives up where the vendor keeps failing', async () => {
    const server = await stage.start({ kind: 'status', status: 503 });
    expect(await stage.failing(stage.opened(server))).toMatchObject({ kind: 'unavailable', usage: [] });
    expect(server.asks).toHaveLength(3);
  });

  test('a vendor that does not answer in time is asked again, and may have billed it', async () => {
    const server = await stage.start({ kind: 'hang' }, good);
    const { json, usage } = await stage.opened(server, { TIMEOUT: '2s' }).model.ask(request(), never);
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
    const server = await stage.start({ kind: 'hang' });
    const failure = await stage.failing(stage.opened(server, { TIMEOUT: '100ms' }));
    expect(failure.kind).toBe('timeout');
    expect(units(failure.usage, 'output_token')).toBeGreaterThanOrEqual(3 * 200);
    await server.abandoned(3);
  });

  test.each([false, true])('asks again after a lost connection (halfway: %s)', async (halfway) => {
    const server = await stage.start({ kind: 'drop', halfway }, good);
    const { json, usage } = await stage.opened(server).model.ask(request(), never);
    expect(json).toEqual(ANSWER);
    // What was lost may have been billed.
    expect(usage).toHaveLength(4);
  });

  test('nothing was sent where nobody listens, and nothing is billed', async () => {
    const server = await stage.start(good);
    await server[Symbol.asyncDispose]();
    expect(await stage.failing(stage.opened(server))).toMatchObject({ kind: 'unavailable', usage: [] });
  });

  test('an answer without an end is not read to it', async () => {
    const server = await stage.start({ kind: 'flood' });
    const failure = await stage.failing(stage.opened(server));
    expect(failure.kind).toBe('malformed');
    await server.abandoned(1);
    expect(server.asks).toHaveLength(1);
  });
}

/** The basis that is expected of a usage: unknown where it has no price. */
function known(usage: Usage | undefined, basis: CostBasis = CostBasis.ACTUAL): CostBasis {
  return usage?.unitPriceMicroUsd === undefined ? CostBasis.UNKNOWN : basis;
}
