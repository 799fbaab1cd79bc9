import type { RedisConnections } from '@atelier/coordination';
import type { Logger } from '@atelier/observability';
import { race } from '@atelier/rpc';
import type { AnsweredReply } from '../../judges/judge.ts';
import { type KeptAnswers, readAnswer, writeAnswer } from './kept-answers.ts';

const PREFIX = 'atelier:evaluator:answers:';

/** Longest wait for Redis, in milliseconds. Asking again is dearer than that, and waiting longer is slower. */
const PATIENCE_MS = 1_000;

/** Keeps answers in Redis, for all replicas, for so many milliseconds. While Redis is away nothing is kept. */
export class RedisAnswers implements KeptAnswers {
  readonly #redis: RedisConnections;
  readonly #lifetimeMs: number;
  readonly #log: Logger;

  constructor(redis: RedisConnections, lifetimeMs: number, log: Logger) {
    this.#redis = redis;
    this.#lifetimeMs = lifetimeMs;
    this.#log = log;
  }

  async find(keys: readonly string[], signal: AbortSignal): Promise<readonly (AnsweredReply | undefined)[]> {
    if (keys.length === 0) return [];
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    try {
      const found = await race(this.#redis.commands.mget(keys.map((key) => PREFIX + key)), patience);
      return keys.map((_, index) => readAnswer(found[index]));
    } catch (err) {
      if (!signal.aborted) this.#log.warn({ err }, 'answers that were kept could not be looked up');
      return keys.map(() => undefined);
    }
  }

  async keep(answers: ReadonlyMap<string, AnsweredReply>): Promise<void> {
    const { commands } = this.#redis;
    const writes = [...answers].map(([key, answer]) =>
      commands.set(PREFIX + key, writeAnswer(answer), 'PX', this.#lifetimeMs),
    );
    try {
      await race(Promise.all(writes), AbortSignal.timeout(PATIENCE_MS));
    } catch (err) {
      this.#log.warn({ err }, 'answers could not be kept');
    }
  }
}
