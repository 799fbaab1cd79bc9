import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/**
 * A value that must never be shown. It hides itself from every ordinary way of printing (string conversion, JSON,
 * `util.inspect`, and so loggers); only `reveal()` gives the text, at the place where it is used.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself. Call it only where the text leaves the process, such as the header of a request. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
