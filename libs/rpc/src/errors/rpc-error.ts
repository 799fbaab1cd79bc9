import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { type Any, anyIs, anyPack, anyUnpack } from '@bufbuild/protobuf/wkt';
import { type Code, codeName } from './code.ts';
import { defaultReason, type Reason } from './reason.ts';

/** One field that is wrong, by its path in the proto (`brief.variables["item"]`, `questions[2].text`). */
export interface FieldViolation {
  readonly field: string;
  /** What is wrong and what would be right, in words. */
  readonly description: string;
  /** UPPER_SNAKE identifier of the rule, for programs. */
  readonly reason?: string | undefined;
}

/** One quota that does not suffice. */
export interface QuotaViolation {
  /** Whose quota: `budgets/{id}`, `teams/{id}`. */
  readonly subject: string;
  readonly description: string;
}

/** What an error may carry beside its code and message. */
export interface RpcErrorOptions {
  /** Why, for programs; the default follows from the code. */
  readonly reason?: Reason | (string & {}) | undefined;
  /** Values that belong to the reason, such as the name of the resource. Never a secret. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly fieldViolations?: readonly FieldViolation[] | undefined;
  /** After how many milliseconds a repeat makes sense. */
  readonly retryAfterMs?: number | undefined;
  readonly quotaViolations?: readonly QuotaViolation[] | undefined;
  /** Further details, packed (see `packDetail`), each type at most once. */
  readonly details?: readonly Any[] | undefined;
  /** What led to this, for this process's log. It never crosses the wire. */
  readonly cause?: unknown;
}

/**
 * The one error class on the wire. Handlers throw it, clients receive it, both transports carry it whole: the code and
 * message of the status, and `ErrorInfo`, `BadRequest`, `RetryInfo` and `QuotaFailure` of google.rpc.
 *
 * The message is for people who debug the caller: it says what is wrong, and holds no secret and nothing of another
 * team. Anything that is thrown and is not an `RpcError` reaches the caller as INTERNAL without its text.
 */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: Code;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly fieldViolations: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;
  readonly quotaViolations: readonly QuotaViolation[];
  readonly details: readonly Any[];

  constructor(code: Code, message: string, options: RpcErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = options.reason ?? defaultReason(code);
    this.metadata = options.metadata ?? {};
    this.fieldViolations = options.fieldViolations ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.quotaViolations = options.quotaViolations ?? [];
    this.details = options.details ?? [];
  }

  /** The name of the code, such as `NOT_FOUND`. */
  get codeName(): string {
    return codeName(this.code);
  }

  /** The further detail of the given type, if the error carries one. */
  findDetail<D extends DescMessage>(schema: D): MessageShape<D> | undefined {
    const found = this.details.find((detail) => anyIs(detail, schema));
    return found === undefined ? undefined : anyUnpack(found, schema);
  }
}

/** Packs a message as a further detail of an error. */
export function packDetail<D extends DescMessage>(schema: D, init: MessageInitShape<D>): Any {
  return anyPack(schema, create(schema, init));
}

/** Whether something that was caught is an `RpcError`, of the given code if one is given. */
export function isRpcError(error: unknown, code?: Code): error is RpcError {
  return error instanceof RpcError && (code === undefined || error.code === code);
}
