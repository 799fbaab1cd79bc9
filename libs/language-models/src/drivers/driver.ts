import type { AnswerToken, ModelFailureKind, ModelRequest } from '../language-model.ts';
import type { Consumption } from '../spending.ts';

/** How an answer ended. */
export type Ending =
  /** It was said to its end. */
  | 'whole'
  /** It was cut off, since it may not be longer. */
  | 'cut'
  /** Moderation refused it, or the question. */
  | 'refused';

/** What a vendor answered to one attempt. */
export interface Answered {
  readonly text: string;
  readonly ending: Ending;
  /** Tokens whose texts in a row are `text`. */
  readonly tokens: readonly AnswerToken[] | undefined;
  /** What it took; undefined where the vendor does not say. */
  readonly consumption: Consumption | undefined;
  /** Seconds of the vendor's machine, where it is those that are billed. */
  readonly seconds?: number | undefined;
}

/** A vendor's way of being asked. It asks once: repeats, bounds and prices are the affair of whoever uses it. */
export interface Driver {
  /** Asks. Throws a `VendorError`, or whatever the signal was aborted with. */
  ask(request: ModelRequest, signal: AbortSignal): Promise<Answered>;
}

/** What more there is to say of an attempt that failed. */
export interface VendorErrorOptions {
  /** How long the vendor asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Whether it may have been answered and billed all the same, such as when the connection was lost. */
  readonly mayBeBilled?: boolean;
  /** Seconds of the vendor's machine that it took. */
  readonly seconds?: number | undefined;
}

/** An attempt failed. The message holds nothing of the request, of the vendor's words, and no secret. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly kind: ModelFailureKind;
  readonly retryAfterMs: number | undefined;
  readonly mayBeBilled: boolean;
  readonly seconds: number | undefined;

  constructor(kind: ModelFailureKind, message: string, options: VendorErrorOptions = {}) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
    this.mayBeBilled = options.mayBeBilled === true;
    this.seconds = options.seconds;
  }
}
