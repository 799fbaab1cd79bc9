import { randomUUID } from 'node:crypto';
import type { JsonValue } from '@bufbuild/protobuf';
import type { Spool, SpooledFile } from '../../spool/spool.ts';

/** A JSON document whose long strings are on disk, decoded from base64. */
export interface SpilledJson {
  readonly value: JsonValue;
  /** The file that a string of the document stands for; undefined for an ordinary string. */
  readonly file: (text: string) => SpooledFile | undefined;
}

/** Strings above this many characters are spilled: no identifier, prompt or signed address is that long. */
const SPILL_ABOVE = 65_536;

/** Most bytes of a document without what was spilled. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads a JSON document as it comes. Strings that are too long for text are images in base64, as a data URI or bare; they
 * are decoded onto disk piece by piece, so that an answer with several images of 20 MB takes no more memory than its
 * pieces. What is left of the document is read by `JSON.parse`, which is strict about the rest. Rejects with a
 * `SyntaxError` for what is no JSON, and with `TooManyBytes` for an image above the limit; then nothing of it is left on disk.
 */
export async function readSpilledJson(
  body: AsyncIterable<Uint8Array>,
  spool: Spool,
  maxImageBytes?: number,
): Promise<SpilledJson> {
  const files = new Map<string, SpooledFile>();
  const nonce = randomUUID();
  try {
    const text = await new Splitter(body).read(async (content) => {
      const mark = `${nonce}:${files.size}`;
      files.set(mark, await spool.write(decoded(content), maxImageBytes));
      return mark;
    });
    return { value: JSON.parse(text) as JsonValue, file: (string) => files.get(string) };
  } catch (error) {
    await Promise.all([...files.values()].map((file) => spool.drop(file)));
    throw error;
  }
}

/** Splits a document into short pieces of text, and the contents of long strings. */
class Splitter {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);
  #isEnded = false;

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#chunks = body[Symbol.asyncIterator]();
  }

  async read(spill: (content: AsyncIterable<Buffer>) => Promise<string>): Promise<string> {
    const kept: Buffer[] = [];
    let size = 0;
    const keep = (piece: Buffer) => {
      size += piece.byteLength;
      if (size > MAX_DOCUMENT_BYTES) throw new SyntaxError('the document is too long');
      kept.push(Buffer.from(piece));
    };
    for (;;) {
      const opening = await this.#upTo(QUOTE);
      keep(opening.piece);
      if (!opening.isFound) break;
      const string = await this.#string();
      keep(typeof string === 'object' ? string.piece : Buffer.from(`${await spill(this.#longString())}"`));
    }
    return Buffer.concat(kept).toString('utf8');
  }

  /** A string to its closing quote, where it is short; the word `long` where it is not. */
  async #string(): Promise<{ piece: Buffer } | 'long'> {
    for (;;) {
      const end = closingQuote(this.#rest);
      if ((end < 0 ? this.#rest.byteLength : end) > SPILL_ABOVE) return 'long';
      if (end >= 0) return { piece: this.#take(end + 1) };
      // An escape may be cut by the end of the chunk, so the search starts over: the string is short.
      if (!(await this.#more())) return { piece: this.#take(this.#rest.byteLength) };
    }
  }

  /** The content of a long string as it comes, without its quotes. */
  async *#longString(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = closingQuote(this.#rest);
      if (end >= 0) {
        yield this.#take(end);
        this.#take(1);
        return;
      }
      const isCut = this.#rest.at(-1) === BACKSLASH;
      yield this.#take(this.#rest.byteLength - (isCut ? 1 : 0));
      if (!(await this.#more())) throw new SyntaxError('the document ends within a string');
    }
  }

  /** What comes up to and with the next such byte, or to the end. */
  async #upTo(byte: number): Promise<{ readonly piece: Buffer; readonly isFound: boolean }> {
    for (;;) {
      const found = this.#rest.indexOf(byte);
      if (found >= 0) return { piece: this.#take(found + 1), isFound: true };
      if (this.#rest.byteLength > MAX_DOCUMENT_BYTES) throw new SyntaxError('the document is too long');
      if (!(await this.#more())) return { piece: this.#take(this.#rest.byteLength), isFound: false };
    }
  }

  async #more(): Promise<boolean> {
    if (this.#isEnded) return false;
    const { done, value } = await this.#chunks.next();
    if (done) {
      this.#isEnded = true;
      return false;
    }
    this.#rest = this.#rest.byteLength === 0 ? Buffer.from(value) : Buffer.concat([this.#rest, value]);
    return true;
  }

  #take(length: number): Buffer {
    const piece = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return piece;
  }
}

/** Where the quote is that ends the string at the beginning; -1 where it is not there yet. */
function closingQuote(bytes: Buffer): number {
  for (let at = 0; ; ) {
    const quote = bytes.indexOf(QUOTE, at);
    const escaped = bytes.indexOf(BACKSLASH, at);
    if (quote < 0 || escaped < 0 || quote < escaped) return quote;
    at = escaped + 2;
  }
}

/** The bytes that base64 stands for, a `data:` prefix and escaped slashes left out. */
async function* decoded(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = '';
  let isFirst = true;
  for await (const piece of content) {
    let text = left + piece.toString('latin1').replaceAll('\\/', '/');
    if (isFirst) text = text.replace(/^data:[^,]{0,200},/, '');
    isFirst = false;
    const whole = text.length - (text.length % 4);
    left = text.slice(whole);
    if (whole > 0) yield Buffer.from(text.slice(0, whole), 'base64');
  }
  if (left !== '') yield Buffer.from(left, 'base64');
}
