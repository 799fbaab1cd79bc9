/** The gRPC status codes that a transfer can come to, by their numbers on the wire. */
const CODES = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  FAILED_PRECONDITION: 9,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
} as const;

/** Name of the gRPC status that a failed transfer corresponds to. */
export type TransferCodeName = keyof typeof CODES;

/** What a failed transfer may carry beside its message. */
export interface TransferErrorOptions {
  /** Name of `atelier.common.v1.ErrorReason` without its prefix, such as `DIGEST_MISMATCH`. */
  readonly reason?: string | undefined;
  /** HTTP status, where an answer came. */
  readonly status?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Bytes did not arrive. `code` is the number of the gRPC status that fits, and `reason` a reason of the contract, so
 * that a service can turn it into its own error without reading the text. The message never holds the signed URL,
 * which is a credential.
 */
export class TransferError extends Error {
  override readonly name = 'TransferError';
  readonly code: number;
  readonly codeName: TransferCodeName;
  readonly reason: string;
  readonly status: number | undefined;

  constructor(codeName: TransferCodeName, message: string, options: TransferErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.codeName = codeName;
    this.code = CODES[codeName];
    this.reason = options.reason ?? 'INTERNAL';
    this.status = options.status;
  }
}

/** Whether a repeat of the same transfer may go better. */
export function isPassing(error: unknown): boolean {
  return error instanceof TransferError && error.codeName === 'UNAVAILABLE';
}

/** What an HTTP status of the object store means; undefined for success. */
export function errorOfStatus(status: number, reason?: string): TransferError | undefined {
  if (status >= 200 && status < 300) return undefined;
  const options = { status, reason };
  if (status === 403)
    return new TransferError('PERMISSION_DENIED', 'The signed URL is not, or no longer, good.', {
      ...options,
      reason: reason ?? 'UNAUTHENTICATED',
    });
  if (status === 404 || status === 410)
    return new TransferError('NOT_FOUND', 'There is nothing at the signed URL.', {
      ...options,
      reason: reason ?? 'NOT_FOUND',
    });
  if (status === 408 || status === 429 || status >= 500)
    return new TransferError('UNAVAILABLE', `The object store answered ${status}.`, {
      ...options,
      reason: reason ?? 'SERVICE_UNREACHABLE',
    });
  return new TransferError('INVALID_ARGUMENT', `The object store refused the transfer with ${status}.`, {
    ...options,
    reason: reason ?? 'INVALID_FIELD',
  });
}

/** What an exception of the HTTP client means. An aborted signal decides over what the client says of it. */
export function errorOfException(thrown: unknown, signal: AbortSignal | undefined): TransferError {
  if (thrown instanceof TransferError) return thrown;
  if (signal?.aborted) {
    const late = (signal.reason as { name?: unknown } | undefined)?.name === 'TimeoutError';
    return late
      ? new TransferError('DEADLINE_EXCEEDED', 'The transfer took too long.', {
          reason: 'DEADLINE_EXCEEDED',
          cause: thrown,
        })
      : new TransferError('CANCELLED', 'The transfer was cancelled.', { reason: 'CANCELLED', cause: thrown });
  }
  return new TransferError('UNAVAILABLE', 'The object store could not be reached.', {
    reason: 'SERVICE_UNREACHABLE',
    cause: thrown,
  });
}
