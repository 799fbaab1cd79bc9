import type {
  CandidateProgress,
  CandidateResult,
  GenerateImagesStarted,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { CallOptions } from '@atelier/rpc';

/** How far a candidate is. */
export type Progress = Pick<CandidateProgress, 'phase'> & { readonly fraction?: number | undefined };

type Listener = (progress: Progress) => void;

/**
 * One candidate that is being made in this process. Callers attach and leave as they like; the work goes on without them,
 * under the latest call that came for it, since principals are short-lived.
 */
export class Seat {
  readonly id: string;
  readonly key: string;
  /** Settles when the candidate has ended; rejects where it could not be brought to an end, and may be tried again. */
  readonly ended: Promise<CandidateResult>;
  /** Settles when it is known what is sent. */
  readonly started: Promise<GenerateImagesStarted>;
  /** Set while cancelling makes sense; gives whether the work was stopped. */
  onCancel: (() => boolean) | undefined;
  #isCancelRequested = false;
  #call: CallOptions;
  readonly #listeners = new Set<Listener>();
  readonly #end = Promise.withResolvers<CandidateResult>();
  readonly #start = Promise.withResolvers<GenerateImagesStarted>();

  constructor(id: string, key: string, call: CallOptions) {
    this.id = id;
    this.key = key;
    this.#call = call;
    this.ended = this.#end.promise;
    this.started = this.#start.promise;
    // Whoever listens hears of it; where nobody does, the next call will.
    this.ended.catch(() => {});
    this.started.catch(() => {});
  }

  /** The latest call's principal and trace, without its deadline and cancellation. */
  get call(): CallOptions {
    return this.#call;
  }

  attach(call: CallOptions): void {
    this.#call = call;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  progress(progress: Progress): void {
    for (const listener of this.#listeners) listener(progress);
  }

  start(started: GenerateImagesStarted): void {
    this.#start.resolve(started);
  }

  end(result: CandidateResult): void {
    this.#end.resolve(result);
  }

  fail(error: unknown): void {
    this.#start.reject(error);
    this.#end.reject(error);
  }

  get isCancelRequested(): boolean {
    return this.#isCancelRequested;
  }

  /** Notes that it is not wanted any more, which stops nothing yet. */
  requestCancel(): void {
    this.#isCancelRequested = true;
  }

  /** Asks that it be cancelled. True where the work was stopped by it. */
  cancel(): boolean {
    this.requestCancel();
    return this.onCancel?.() ?? false;
  }
}
