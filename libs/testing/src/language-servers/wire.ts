import type { ScriptedReply, SeenAsk } from './script.ts';

/** A request as it reached a scripted server. */
export interface WireRequest {
  readonly method: string;
  /** Path without the query, and without what all paths of the protocol begin with. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
  readonly body: Buffer;
}

/** What goes back over the wire. */
export type WireReply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown }
  /** Nothing, until the other end gives up. */
  | 'hang'
  /** The connection is closed. */
  | 'drop'
  /** Something, for ever. */
  | 'flood';

/** What a protocol reads of a question. */
export type Asked = Omit<SeenAsk, 'number' | 'headers' | 'body'>;

/** What a protocol works with. */
export interface Stage {
  /** The address under which the server is called. */
  readonly url: string;
  readonly key: string | undefined;
  readonly isSlow: boolean;
  /** What the vendor remembers between requests, such as its predictions. */
  readonly memory: Map<string, unknown>;
  /** Has the script answer. */
  ask(asked: Asked): Promise<ScriptedReply>;
  /** Tells that a question was given up by other means than a closed connection. */
  abandon(): void;
}

/** A vendor's side of a protocol. */
export interface Dialect {
  /** What all paths begin with. */
  readonly base: string;
  /** Answers a request. Throws an `Objection` for one that breaks the protocol. */
  handle(request: WireRequest, stage: Stage): Promise<WireReply>;
  /** The vendor's form of an error. */
  error(status: number, message: string, options?: ErrorOptions): WireReply;
}

/** What an error may say besides. */
export interface ErrorOptions {
  readonly code?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** A request breaks the protocol, and is refused for it. */
export class Objection extends Error {
  override readonly name = 'Objection';
  readonly status: number;
  readonly code: string | undefined;

  constructor(message: string, status = 400, code?: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The header in which most vendors say how long to wait. */
export function retryAfter({ retryAfterSeconds }: ErrorOptions): Readonly<Record<string, string>> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}
