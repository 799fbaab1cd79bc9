import {
  type GenerationEvent,
  GenerationEventSchema,
  type GenerationProgressSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';

/** What is under way. */
export type Progress = MessageInitShape<typeof GenerationProgressSchema>;

/**
 * The events of one generation, for any number of readers. The numbered ones are kept once, and every reader walks over
 * them at its own pace; of progress each reader has room for one, the newest. So a slow reader costs the others nothing,
 * and holds no memory of its own.
 */
export class EventLog {
  readonly #generation: string;
  readonly #events: GenerationEvent[] = [];
  readonly #readers = new Set<Reader>();
  #isClosed = false;

  constructor(generation: string) {
    this.#generation = generation;
  }

  /** Number of the last event. */
  get lastNumber(): bigint {
    return this.#events.at(-1)?.number ?? 0n;
  }

  get events(): readonly GenerationEvent[] {
    return this.#events;
  }

  append(events: readonly GenerationEvent[]): void {
    if (events.length === 0) return;
    this.#events.push(...events);
    for (const reader of this.#readers) reader.overtake();
  }

  /** Tells the readers that are there what is under way; it is not kept. */
  progress(progress: Progress, timeMs: number): void {
    if (this.#readers.size === 0 || this.#isClosed) return;
    const event = create(GenerationEventSchema, {
      generation: this.#generation,
      eventTime: timestampFromMs(timeMs),
      event: { case: 'progress', value: progress },
    });
    for (const reader of this.#readers) reader.show(event);
  }

  /** No further event will come: readers end after those that are there. */
  close(): void {
    this.#isClosed = true;
    for (const reader of this.#readers) reader.wake();
  }

  /**
   * Events after a number, then those that come, until the log is closed. Ends without an error where the signal is
   * aborted.
   */
  async *read(afterNumber: bigint, signal: AbortSignal): AsyncGenerator<GenerationEvent, void, undefined> {
    let position = this.#events.findIndex((event) => event.number > afterNumber);
    if (position < 0) position = this.#events.length;
    const reader = new Reader();
    const onAbort = () => reader.wake();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#readers.add(reader);
    try {
      while (!signal.aborted) {
        const event = this.#events[position];
        if (event !== undefined) {
          position += 1;
          // Numbers below may come later where the reader starts beyond what there is.
          if (event.number > afterNumber) yield event;
        } else if (this.#isClosed) return;
        else {
          const progress = await reader.next();
          if (progress !== undefined) yield progress;
        }
      }
    } finally {
      this.#readers.delete(reader);
      signal.removeEventListener('abort', onAbort);
    }
  }
}

/** Wakes up one reader, and holds the newest progress for it. */
class Reader {
  #progress: GenerationEvent | undefined;
  #isAwake = false;
  #resolve: (() => void) | undefined;

  wake(): void {
    this.#isAwake = true;
    this.#resolve?.();
  }

  /** A transition came: progress that was told before it is of the past. */
  overtake(): void {
    this.#progress = undefined;
    this.wake();
  }

  show(progress: GenerationEvent): void {
    this.#progress = progress;
    this.wake();
  }

  /** Waits for a change; gives progress if that is what changed. */
  async next(): Promise<GenerationEvent | undefined> {
    if (!this.#isAwake) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
      });
    }
    this.#isAwake = false;
    this.#resolve = undefined;
    const progress = this.#progress;
    this.#progress = undefined;
    return progress;
  }
}
