import {
  type EvaluateImageResponse,
  Priority,
} from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { type Generation, Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { checkHealth, openChannel, type RpcError } from '@atelier/rpc';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { describeWith, judgeReply, programs, startLanguageServer } from '../src/index.ts';
import type { EvaluatorReplica } from './support/evaluators.ts';
import { inPhase, reading } from './support/events.ts';
import { eventually } from './support/eventually.ts';
import { HOSTS, questions, ScaledMesh } from './support/scaled-mesh.ts';

// Replicas of the evaluator behind one name, as a platform team runs them. The gateway is never restarted.

/** A thousand evaluations of real pictures take their time on a busy machine. */
jest.setTimeout(300_000);

describeWith(programs.loopbacks, 'replicas of the evaluator', () => {
  let mesh: ScaledMesh;
  let gateway: number | undefined;

  beforeAll(async () => {
    mesh = await ScaledMesh.start();
    gateway = mesh.gatewayPid;
  });

  afterEach(() => {
    // A test that fails keeps nothing waiting for the next.
    mesh.gate.open();
    expect(mesh.gatewayPid).toBe(gateway);
  });

  afterAll(async () => {
    await mesh?.[Symbol.asyncDispose]();
  });

  /** Whichever replica answers, an image has the same answers. */
  function expectSame(answers: readonly EvaluateImageResponse[]): void {
    const seen = new Map<string, Set<string>>();
    for (const { image, answers: given } of answers) {
      const told = given.map(({ questionId, pYes, verdict }) => `${questionId} ${pYes} ${verdict}`).join();
      seen.set(image?.name ?? '', (seen.get(image?.name ?? '') ?? new Set()).add(told));
    }
    expect([...seen.keys()].sort()).toEqual([...mesh.images].sort());
    for (const told of seen.values()) expect(told.size).toBe(1);
  }

  /** Every image that was made was judged, and every generation has its end. */
  function expectJudged(ended: readonly Generation[]): void {
    for (const { outcome, rounds } of ended) {
      expect([Outcome.APPROVED, Outcome.EXHAUSTED]).toContain(outcome);
      for (const { image, answers, failure } of rounds.flatMap(({ candidates }) => candidates)) {
        expect([image?.name, failure]).toEqual([expect.stringContaining('images/'), undefined]);
        expect(answers.map(({ questionId }) => questionId)).toEqual(questions.map(({ id }) => id));
      }
    }
  }

  /** Each has at least half of what it should have: connections end and begin all the time. */
  async function expectFairShares(calls: number): Promise<void> {
    const before = await mesh.answered();
    const loaded = mesh.load(24, (asked) => asked >= calls);
    await loaded.done;
    expect(loaded.answers).toHaveLength(calls);
    expectSame(loaded.answers);
    const shares = (await mesh.answered()).map((count, index) => (count - (before[index] ?? 0)) / calls);
    expect(shares.reduce((total, share) => total + share)).toBeCloseTo(1);
    for (const share of shares) expect(share).toBeGreaterThan(0.5 / mesh.replicas.length);
  }

  describe('under load', () => {
    test('share it', async () => {
      await expectFairShares(300);
      expectJudged(await mesh.generate(12));
    });

    test('lose nothing when one is killed, and go on without it', async () => {
      const killed = mesh.at(HOSTS[1]);
      const before = await killed.answered();
      const cycles = mesh.generate(12);
      const loaded = mesh.load(48, (asked) => asked >= 400);
      await eventually('it is in the middle of work', async () => (await killed.answered()) > before + 20);
      await killed.process.stop('SIGKILL');
      await loaded.done;
      expect(loaded.answers).toHaveLength(loaded.asked());
      expectSame(loaded.answers);
      expectJudged(await cycles);
      mesh.forget(killed);
      await expectFairShares(100);
    });

    test('are joined by one that is added', async () => {
      let isEnough = false;
      const loaded = mesh.load(24, () => isEnough);
      try {
        const added = await mesh.add(HOSTS[3]);
        await eventually('it has its share', async () => (await added.answered()) > 50);
      } finally {
        isEnough = true;
        await loaded.done;
      }
      expect(loaded.answers).toHaveLength(loaded.asked());
      await expectFairShares(200);
    });

    test('end what they have begun when they are stopped, and nothing is done twice', async () => {
      const stopped = mesh.at(HOSTS[0]);
      mesh.gate.close();
      const before = mesh.gate.asked.length;
      const calls = Promise.all(Array.from({ length: 30 }, (_, index) => mesh.evaluate(index)));
      await eventually('all are with a replica', async () => (await mesh.inFlight()) === 30);
      const ended = stopped.process.ended();
      const end = stopped.process.stop('SIGTERM', 90_000);
      using direct = openChannel(stopped.process.address, { services: [] });
      const health = () => checkHealth(direct).catch(() => 'AWAY');
      await eventually('it takes no more', async () => (await health()) !== 'SERVING');
      mesh.gate.open();
      expect(await calls).toHaveLength(30);
      await end;
      expect(await ended).toBe('exit code 0');
      expect(mesh.gate.asked.length - before).toBe(30);
      mesh.forget(stopped);
    });
  });

  describe('that are full', () => {
    /** One evaluation at a time and two that wait, at each of three. */
    const PLACES = 9;

    beforeAll(async () => {
      await mesh.scaleTo(HOSTS.slice(0, 3), { EVALUATOR_CONCURRENCY: '1', EVALUATOR_MAX_WAITING: '2' });
    });

    test('refuse at once and say when to come again', async () => {
      mesh.gate.close();
      const refused: RpcError[] = [];
      const calls = Array.from({ length: 30 }, (_, index) =>
        mesh.evaluate(index).catch((error: unknown) => void refused.push(error as RpcError)),
      );
      await eventually('the rest is refused', () => refused.length === 30 - PLACES);
      for (const error of refused) {
        expect([error.codeName, error.reason]).toEqual(['UNAVAILABLE', 'OVERLOADED']);
        expect(error.retryAfterMs).toBeGreaterThanOrEqual(100);
      }
      expect(await mesh.inFlight()).toBe(PLACES);
      mesh.gate.open();
      const answers = (await Promise.all(calls)).filter((answer) => answer !== undefined);
      expect([answers.length, refused.length]).toEqual([PLACES, 30 - PLACES]);
    });

    test('are waited for by cycles, which all end', async () => {
      mesh.gate.close();
      const calls = Promise.all(Array.from({ length: PLACES }, (_, index) => mesh.evaluate(index)));
      await eventually('every place is taken', async () => (await mesh.inFlight()) === PLACES);
      const brief = 'a red ball';
      const cycles = Array.from({ length: 6 }, () => reading(mesh.atelier.stream({ brief })));
      for (const cycle of cycles) {
        const { event } = await cycle.until(inPhase('paused'));
        expect(event.value).toMatchObject({
          message: 'The evaluator service is full; it goes on by itself.',
        });
      }
      mesh.gate.open();
      expectJudged(await Promise.all(cycles.map((cycle) => cycle.end())));
      expect(await calls).toHaveLength(PLACES);
    });
  });

  test('do interactive work before that of batches', async () => {
    await mesh.scaleTo([HOSTS[0]], { EVALUATOR_CONCURRENCY: '1' });
    const [replica] = mesh.replicas as [EvaluatorReplica];
    mesh.gate.close();
    const before = mesh.gate.asked.length;
    const calls: Promise<unknown>[] = [];
    for (const priority of [Priority.INTERACTIVE, Priority.BATCH, Priority.BATCH, Priority.INTERACTIVE]) {
      calls.push(mesh.evaluate(calls.length, { priority }));
      await eventually('it waits', async () => (await replica.inFlight()) === calls.length);
    }
    mesh.gate.open();
    await Promise.all(calls);
    const ids = mesh.images.map((name) => name.replace('images/', ''));
    const order = mesh.gate.asked.slice(before).map((path) => ids.findIndex((id) => path.includes(id)));
    expect(order).toEqual([0, 3, 1, 2]);
  });

  test('are asked again for what one was killed on, and the answer bills what it took itself', async () => {
    const warm = [{ id: 'warm', text: 'Is the light of the picture warm?', required: true }];
    const asked = Promise.withResolvers<void>();
    let answer: Promise<void> | undefined;
    await using model = await startLanguageServer('openai', async (ask) => {
      asked.resolve();
      await answer;
      return judgeReply(ask, ({ question }) => (question === warm[0]?.text ? 'yes' : undefined));
    });
    await mesh.scaleTo(HOSTS.slice(0, 2), {
      EVALUATOR_JUDGES: 'eye',
      JUDGE_EYE_TYPE: 'openai-compatible',
      JUDGE_EYE_MODEL: 'eye-1',
      JUDGE_EYE_BASE_URL: model.url,
      JUDGE_EYE_PRICE_INPUT: '1',
      JUDGE_EYE_PRICE_OUTPUT: '4',
    });
    const { answers: usual } = await mesh.evaluate(1, { questions: warm });
    const asksOfOne = model.asks.length;

    answer = new Promise(() => undefined);
    const call = mesh.evaluate(0, { questions: warm });
    await eventually('the model is asked', () => model.asks.length > asksOfOne);
    const inFlight = await Promise.all(mesh.replicas.map((replica) => replica.inFlight()));
    const killed = mesh.replicas[inFlight.indexOf(1)] as EvaluatorReplica;
    const spent = model.asks.length - asksOfOne;
    answer = undefined;
    await killed.process.stop('SIGKILL');
    mesh.forget(killed);

    const { answers, usage } = await call;
    expect(answers.map(({ verdict }) => verdict)).toEqual(usual.map(({ verdict }) => verdict));
    expect(model.asks).toHaveLength(asksOfOne + spent + asksOfOne);
    const billed = usage.filter(({ model: name }) => name.includes('eye'));
    expect(billed.length).toBeGreaterThan(0);
    for (const { cost } of billed) expect(cost?.microUsd).toBeGreaterThan(0n);
  });
});
