import {
  type LanguageModel,
  type ModelAnswer,
  ModelFailure,
  type ModelRequest,
} from '@atelier/language-models';
import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { mergeUsage } from '../judges/costs.ts';

/** How asking the writer once came out. What is neither is thrown. */
export type Asked = ModelAnswer | 'malformed' | 'refused';

/** Asking the writer failed for good. The cause is the `ModelFailure`; `usage` is what all asking used up to then. */
export class WriterFailure extends Error {
  override readonly name = 'WriterFailure';
  override readonly cause: ModelFailure;
  readonly usage: readonly Usage[];

  constructor(cause: ModelFailure, usage: readonly Usage[]) {
    super(cause.message);
    this.cause = cause;
    this.usage = usage;
  }
}

/** Asks the writer any number of times, and remembers what all of it used. */
export class Asking {
  readonly #model: LanguageModel;
  readonly #signal: AbortSignal;
  readonly #usage: Usage[] = [];

  constructor(model: LanguageModel, signal: AbortSignal) {
    this.#model = model;
    this.#signal = signal;
  }

  /** What was used so far, with like and like as one. */
  get usage(): Usage[] {
    return mergeUsage(this.#usage);
  }

  /** Throws `WriterFailure` where the writer could not be asked, or the signal's reason. */
  async ask(request: ModelRequest): Promise<Asked> {
    try {
      const answer = await this.#model.ask(request, this.#signal);
      this.#usage.push(...answer.usage);
      return answer;
    } catch (error) {
      if (!(error instanceof ModelFailure)) throw error;
      this.#usage.push(...error.usage);
      if (error.kind === 'malformed' || error.kind === 'refused') return error.kind;
      throw new WriterFailure(error, this.usage);
    }
  }
}
