import { type DescMessage, type JsonValue, type MessageShape, toJson } from '@bufbuild/protobuf';
import type { Io } from '../io.ts';
import { type Style, styleFor } from './style.ts';

/** How the command speaks. */
export interface OutputOptions {
  /** Results as JSON on standard output, and nothing else there. */
  readonly json: boolean;
  /** No words, only what was asked for. */
  readonly quiet: boolean;
}

/** What a list without items says. */
const NOTHING = ['None.'];

/** Results go to standard output, as text or as JSON; what is told on the way goes to standard error. */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly style: Style;
  /** Characters of a line. */
  readonly width: number;
  readonly #io: Io;
  #statusLength = 0;

  constructor(io: Io, options: OutputOptions) {
    this.json = options.json;
    this.quiet = options.quiet;
    this.style = styleFor(io.stdout, io.env);
    this.width = Math.min(io.stdout.columns ?? 110, 140);
    this.#io = io;
  }

  /** Lines for people. Silent where JSON is wanted. */
  lines(lines: string | readonly string[]): void {
    if (this.json || this.quiet) return;
    this.clearStatus();
    for (const line of typeof lines === 'string' ? [lines] : lines) this.#io.stdout.write(`${line}\n`);
  }

  /** The result: JSON where that is wanted, else the lines, which `quiet` does not silence. */
  result(value: JsonValue, lines: readonly string[]): void {
    this.clearStatus();
    if (this.json) this.#io.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
    else for (const line of lines) this.#io.stdout.write(`${line}\n`);
  }

  /** A result that is a message of the contract. */
  message<D extends DescMessage>(schema: D, message: MessageShape<D>, lines: readonly string[]): void {
    this.result(this.json ? (toJson(schema, message) as JsonValue) : null, lines);
  }

  /** Messages of the contract, as an array. */
  messages<D extends DescMessage>(
    schema: D,
    messages: readonly MessageShape<D>[],
    lines: readonly string[],
  ): void {
    const json = this.json ? messages.map((item) => toJson(schema, item) as JsonValue) : null;
    this.result(json, messages.length > 0 ? lines : NOTHING);
  }

  /** One of many results that come over time, as a line of JSON. */
  event<D extends DescMessage>(schema: D, message: MessageShape<D>): void {
    if (this.json) this.#io.stdout.write(`${JSON.stringify(toJson(schema, message))}\n`);
  }

  /** Something that the user should know and a program need not. */
  note(text: string): void {
    if (this.quiet) return;
    this.clearStatus();
    this.#io.stderr.write(`${text}\n`);
  }

  /** What is under way, in one line that the next one replaces. Only on a terminal. */
  status(text: string): void {
    if (this.json || this.quiet || this.#io.stderr.isTTY !== true) return;
    const line = text.slice(0, this.width - 1);
    this.#io.stderr.write(`\r${line.padEnd(this.#statusLength)}`);
    this.#statusLength = line.length;
  }

  clearStatus(): void {
    if (this.#statusLength === 0) return;
    this.#io.stderr.write(`\r${' '.repeat(this.#statusLength)}\r`);
    this.#statusLength = 0;
  }
}
