import { type Atelier, createAtelier } from '@atelier/client';
import type { Io } from './io.ts';
import { Output } from './output/output.ts';
import { parseDuration } from './request/values.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly address?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly timeout?: string;
}

/** Where the gateway of a mesh on this machine listens. */
export const DEFAULT_ADDRESS = '127.0.0.1:50051';

/** One run of the command: where it calls, and how it speaks. */
export class Session implements Disposable {
  readonly out: Output;
  readonly address: string;
  readonly env: Io['env'];
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  readonly #timeoutMs: number | undefined;
  #atelier: Atelier | undefined;

  constructor(io: Io, options: GlobalOptions) {
    this.out = new Output(io, { json: options.json ?? false, quiet: options.quiet ?? false });
    this.address = options.address ?? (io.env.ATELIER_ADDRESS || DEFAULT_ADDRESS);
    this.env = io.env;
    this.signal = io.signal;
    this.#timeoutMs = options.timeout === undefined ? undefined : parseDuration('--timeout', options.timeout);
  }

  /** The client. It connects at its first call. */
  get atelier(): Atelier {
    this.#atelier ??= createAtelier({
      address: this.address,
      apiKey: this.env.ATELIER_API_KEY,
      defaults: { project: this.env.ATELIER_PROJECT },
    });
    return this.#atelier;
  }

  /** The typed clients of the contract. */
  get services() {
    return this.atelier.services;
  }

  /** What every call is given. */
  get call() {
    return { signal: this.signal, ...(this.#timeoutMs !== undefined && { timeoutMs: this.#timeoutMs }) };
  }

  [Symbol.dispose](): void {
    this.#atelier?.close();
  }
}
