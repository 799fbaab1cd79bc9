import { Priority } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { overloaded } from '@atelier/rpc';
import PQueue from 'p-queue';

/** How much work is taken on. */
export interface WorkQueueOptions {
  /** Evaluations at once. */
  readonly concurrency: number;
  /** Evaluations that may wait; the next is refused. */
  readonly maxWaiting: number;
}

/** Time after which a refused caller may come again, for each evaluation that waits before it. Milliseconds. */
const PUSHBACK_PER_WAITING_MS = 50;
const MIN_PUSHBACK_MS = 100;
const MAX_PUSHBACK_MS = 5_000;

/**
 * Bounded work: so many evaluations at once, so many waiting, interactive ones before those of batches, in the order of
 * their coming. Work whose caller has gone is dropped before it starts.
 */
export class WorkQueue {
  readonly #queue: PQueue;
  readonly #maxWaiting: number;

  constructor({ concurrency, maxWaiting }: WorkQueueOptions) {
    this.#queue = new PQueue({ concurrency });
    this.#maxWaiting = maxWaiting;
  }

  /** Evaluations that wait. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Evaluations that run. */
  get running(): number {
    return this.#queue.pending;
  }

  /** Runs the work when its turn comes. Throws UNAVAILABLE (OVERLOADED) at once when too much waits. */
  run<T>(work: () => Promise<T>, priority: Priority, signal: AbortSignal): Promise<T> {
    const isBusy = this.#queue.pending >= this.#queue.concurrency;
    if (isBusy && this.#queue.size >= this.#maxWaiting) {
      const pushback = Math.max(MIN_PUSHBACK_MS, this.#queue.size * PUSHBACK_PER_WAITING_MS);
      throw overloaded('Too many evaluations wait.', Math.min(MAX_PUSHBACK_MS, pushback));
    }
    signal.throwIfAborted();
    return this.#queue.add(work, { priority: priority === Priority.BATCH ? 0 : 1, signal });
  }
}
