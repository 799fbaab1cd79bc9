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
 * their coming. Where nothing more may wait, an interactive one takes the place of the last of a batch, which is refused in
 * its stead. Work whose caller has gone is dropped before it starts.
 */
export class WorkQueue {
  readonly #queue: PQueue;
  readonly #maxWaiting: number;
  /** Places of batches, in the order of their coming; aborting one refuses it. */
  readonly #batches = new Set<AbortController>();

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
    const isBatch = priority === Priority.BATCH;
    const isBusy = this.#queue.pending >= this.#queue.concurrency;
    if (isBusy && this.#queue.size >= this.#maxWaiting) {
      const displaced = isBatch ? undefined : [...this.#batches].at(-1);
      if (displaced === undefined) throw this.#refusal();
      signal.throwIfAborted();
      displaced.abort(this.#refusal());
    }
    signal.throwIfAborted();
    return isBatch ? this.#runBatch(work, signal) : this.#queue.add(work, { priority: 1, signal });
  }

  async #runBatch<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const place = new AbortController();
    this.#batches.add(place);
    const begin = () => {
      this.#batches.delete(place);
      return work();
    };
    try {
      return await this.#queue.add(begin, { priority: 0, signal: AbortSignal.any([signal, place.signal]) });
    } finally {
      this.#batches.delete(place);
    }
  }

  #refusal(): Error {
    const pushback = Math.max(MIN_PUSHBACK_MS, this.#queue.size * PUSHBACK_PER_WAITING_MS);
    return overloaded('Too many evaluations wait.', Math.min(MAX_PUSHBACK_MS, pushback));
  }
}
