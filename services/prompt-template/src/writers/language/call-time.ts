import type { WriterCall } from '../prompt-writer.ts';

/** What is kept back of the time of a call, so that its answer can still tell what was used: milliseconds, and a share. */
const MARGIN_MS = 500;
const MARGIN_SHARE = 0.1;

/** The time of a call, as far as it may be spent on asking. */
export class CallTime {
  /** Aborted when nobody waits any more, and shortly before the deadline. */
  readonly signal: AbortSignal;
  readonly #call: WriterCall;
  readonly #endMs: number;

  constructor(call: WriterCall) {
    this.#call = call;
    const { signal, deadline } = call;
    if (deadline === undefined) {
      this.#endMs = Number.POSITIVE_INFINITY;
      this.signal = signal;
      return;
    }
    const left = Math.max(0, deadline.getTime() - Date.now());
    const usable = Math.floor(left - Math.min(MARGIN_MS, MARGIN_SHARE * left));
    this.#endMs = Date.now() + usable;
    this.signal = AbortSignal.any([signal, AbortSignal.timeout(usable)]);
  }

  /** Whether the time is up and the caller still waits. */
  get isUp(): boolean {
    return this.signal.aborted && !this.#call.signal.aborted;
  }

  /** Whether so many milliseconds are left. */
  has(ms: number): boolean {
    return Date.now() + ms < this.#endMs;
  }
}
