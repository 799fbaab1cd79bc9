import { Code } from './code.ts';
import { type FieldViolation, type QuotaViolation, RpcError, type RpcErrorOptions } from './rpc-error.ts';

type Options = RpcErrorOptions;

/**
 * INVALID_ARGUMENT naming one field. Reason `INVALID_FIELD` unless another is given.
 */
export function invalidArgument(field: string, description: string, options?: Options): RpcError;
/** INVALID_ARGUMENT naming every offending field. */
export function invalidArgument(violations: readonly FieldViolation[], options?: Options): RpcError;
export function invalidArgument(
  fieldOrViolations: string | readonly FieldViolation[],
  descriptionOrOptions?: string | Options,
  options?: Options,
): RpcError {
  if (typeof fieldOrViolations === 'string') {
    const description = typeof descriptionOrOptions === 'string' ? descriptionOrOptions : 'is invalid';
    const fieldViolations = [{ field: fieldOrViolations, description }];
    return new RpcError(Code.INVALID_ARGUMENT, summary(fieldViolations), { fieldViolations, ...options });
  }
  const rest = typeof descriptionOrOptions === 'object' ? descriptionOrOptions : options;
  return new RpcError(Code.INVALID_ARGUMENT, summary(fieldOrViolations), {
    fieldViolations: fieldOrViolations,
    ...rest,
  });
}

/** How many fields the message itself names; the details name all. */
const MAX_NAMED = 5;

function summary(violations: readonly FieldViolation[]): string {
  const named = violations
    .slice(0, MAX_NAMED)
    .map(({ field, description }) => (field === '' ? description : `${field}: ${description}`));
  const more = violations.length > MAX_NAMED ? `; and ${violations.length - MAX_NAMED} more` : '';
  return `${named.join('; ')}${more}`;
}

/** NOT_FOUND: it does not exist, or is another team's. */
export function notFound(message: string, options?: Options): RpcError {
  return new RpcError(Code.NOT_FOUND, message, options);
}

/** ALREADY_EXISTS. */
export function alreadyExists(message: string, options?: Options): RpcError {
  return new RpcError(Code.ALREADY_EXISTS, message, options);
}

/** FAILED_PRECONDITION: the state must change before a repeat makes sense. */
export function failedPrecondition(message: string, options?: Options): RpcError {
  return new RpcError(Code.FAILED_PRECONDITION, message, options);
}

/** ABORTED: lost a race, such as a compare-and-set; read again and repeat. */
export function aborted(message: string, options?: Options): RpcError {
  return new RpcError(Code.ABORTED, message, options);
}

/** OUT_OF_RANGE. */
export function outOfRange(message: string, options?: Options): RpcError {
  return new RpcError(Code.OUT_OF_RANGE, message, options);
}

/** UNAUTHENTICATED: no credential, or one that is not good. The message must not say which part was wrong. */
export function unauthenticated(message: string, options?: Options): RpcError {
  return new RpcError(Code.UNAUTHENTICATED, message, options);
}

/** PERMISSION_DENIED: known, but not allowed. What is another team's is NOT_FOUND instead. */
export function permissionDenied(message: string, options?: Options): RpcError {
  return new RpcError(Code.PERMISSION_DENIED, message, options);
}

/** RESOURCE_EXHAUSTED: a quota or budget, named in the violations. Overload is `overloaded`, not this. */
export function resourceExhausted(
  message: string,
  options?: Options & { readonly quotaViolations?: readonly QuotaViolation[] },
): RpcError {
  return new RpcError(Code.RESOURCE_EXHAUSTED, message, options);
}

/** UNIMPLEMENTED: this server does not offer it (yet); the message says what it waits for. */
export function unimplemented(message: string, options?: Options): RpcError {
  return new RpcError(Code.UNIMPLEMENTED, message, options);
}

/** UNAVAILABLE: a passing fault; idempotent calls are repeated by the client. */
export function unavailable(message: string, options?: Options): RpcError {
  return new RpcError(Code.UNAVAILABLE, message, options);
}

/**
 * UNAVAILABLE because the server is full, with the pushback that tells clients when to come again (milliseconds;
 * default 100). A refusal must cost much less than the work that it saves, so refuse before doing anything.
 */
export function overloaded(message = 'The server is full.', retryAfterMs = 100, options?: Options): RpcError {
  return new RpcError(Code.UNAVAILABLE, message, { reason: 'OVERLOADED', retryAfterMs, ...options });
}

/** DEADLINE_EXCEEDED. */
export function deadlineExceeded(message = 'The deadline passed.', options?: Options): RpcError {
  return new RpcError(Code.DEADLINE_EXCEEDED, message, options);
}

/** CANCELLED: whoever asked has gone, or asked to stop. */
export function cancelled(message = 'The call was cancelled.', options?: Options): RpcError {
  return new RpcError(Code.CANCELLED, message, options);
}

/** DATA_LOSS: what should be there is gone or corrupt. */
export function dataLoss(message: string, options?: Options): RpcError {
  return new RpcError(Code.DATA_LOSS, message, options);
}

/** INTERNAL: a fault of this server. Give the cause: it goes to the log. */
export function internal(message: string, options?: Options): RpcError {
  return new RpcError(Code.INTERNAL, message, options);
}
