import { type Code, type CodeName, codeName } from './code.ts';

/** One field of a request that breaks a rule. */
export interface FieldViolation {
  /** Path as it is in the contract, such as `generation.parameters.size`. */
  readonly field: string;
  readonly description: string;
  /** Identifier of the rule, for programs; may be empty. */
  readonly reason: string;
}

/** One quota that does not suffice. */
export interface QuotaViolation {
  /** Whose quota: `budgets/{id}`, `teams/{id}`. */
  readonly subject: string;
  readonly description: string;
}

/** What an error may carry beside its code and message. */
export interface AtelierErrorOptions {
  readonly reason?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly fieldViolations?: readonly FieldViolation[] | undefined;
  readonly quotaViolations?: readonly QuotaViolation[] | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * The one error of this library: what the platform refused or could not do. Branch on `reason`, a name of the contract's
 * `ErrorReason` such as `BUDGET_EXCEEDED`, and not on the text of the message.
 */
export class AtelierError extends Error {
  override readonly name: string = 'AtelierError';
  /** The gRPC status code. */
  readonly code: Code;
  /** Why, for programs. Empty where the transport failed and no server gave a reason. */
  readonly reason: string;
  /** Values that belong to the reason, such as the name of the resource. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Every field of the request that was refused. */
  readonly fieldViolations: readonly FieldViolation[];
  readonly quotaViolations: readonly QuotaViolation[];
  /** After how many milliseconds a repeat makes sense, where the server says so. */
  readonly retryAfterMs: number | undefined;

  constructor(code: Code, message: string, options: AtelierErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = options.reason ?? '';
    this.metadata = options.metadata ?? {};
    this.fieldViolations = options.fieldViolations ?? [];
    this.quotaViolations = options.quotaViolations ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }

  /** The name of the code, such as `NOT_FOUND`. */
  get codeName(): CodeName {
    return codeName(this.code);
  }
}
