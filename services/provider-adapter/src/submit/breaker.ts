import type { Logger } from '@atelier/observability';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { ProviderFailure } from '../providers/provider.ts';

/** Failures in a row after which a provider is taken for down. */
const FAILURES = 5;

/** For how long it is then left alone, in milliseconds, before one request tries it again. */
const PAUSE_MS = 10_000;

/** Failures that say that the provider is down, and not that it finds something wrong with the request. */
const DOWN: ReadonlySet<FailureClass> = new Set([FailureClass.UNAVAILABLE, FailureClass.UNKNOWN_OUTCOME]);

/**
 * Spares a provider that is down, and callers the wait for it: after some failures in a row requests fail at once, nothing is
 * sent, and after a pause one request tries whether it is well again.
 */
export class Breaker {
  readonly #policy: CircuitBreakerPolicy;

  constructor(provider: string, log: Logger) {
    this.#policy = circuitBreaker(
      handleWhen((error) => error instanceof ProviderFailure && DOWN.has(error.failureClass)),
      { halfOpenAfter: PAUSE_MS, breaker: new ConsecutiveBreaker(FAILURES) },
    );
    this.#policy.onBreak(() => log.warn({ provider }, 'the provider is taken for down'));
    this.#policy.onReset(() => log.info({ provider }, 'the provider is well again'));
  }

  /**
   * Runs a request. It may say by `isWell` that the provider is well before it ends, as when a job was taken that will last.
   * Rejects with UNAVAILABLE, surely not sent, while the provider is taken for down.
   */
  async run<T>(work: (isWell: () => void) => Promise<T>): Promise<T> {
    const sign = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    this.#policy
      .execute(() => {
        started.resolve();
        return sign.promise;
      })
      .catch((error: unknown) => started.reject(error));
    try {
      await started.promise;
    } catch (error) {
      throw error instanceof BrokenCircuitError ? down() : error;
    }
    try {
      const result = await work(sign.resolve);
      sign.resolve();
      return result;
    } catch (error) {
      sign.reject(error);
      throw error;
    }
  }
}

function down(): ProviderFailure {
  const message = 'The provider failed several times in a row, and is left alone for a while.';
  return new ProviderFailure(FailureClass.UNAVAILABLE, message, { retryAfterMs: PAUSE_MS, isNotSent: true });
}
