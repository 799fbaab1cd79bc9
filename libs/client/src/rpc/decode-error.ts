import {
  BadRequestSchema,
  ErrorInfoSchema,
  QuotaFailureSchema,
  RetryInfoSchema,
} from '@atelier/protos/google/rpc/error_details_pb.ts';
import { StatusSchema } from '@atelier/protos/google/rpc/status_pb.ts';
import { fromBinary } from '@bufbuild/protobuf';
import { type Any, anyUnpack, type Duration } from '@bufbuild/protobuf/wkt';
import type { ServiceError } from '@grpc/grpc-js';
import { AtelierError, type AtelierErrorOptions } from './atelier-error.ts';
import { Code, codeName } from './code.ts';

/** Where gRPC carries the google.rpc.Status of an error. */
const STATUS_DETAILS = 'grpc-status-details-bin';

/** Whether something is the error with which grpc-js ends a call. */
export function isServiceError(thrown: unknown): thrown is ServiceError {
  return typeof (thrown as Partial<ServiceError> | null)?.code === 'number';
}

/**
 * Whether a call ended without a word because its connection was lost. While the connection was already asked to end,
 * grpc-js calls that INTERNAL, and not UNAVAILABLE as it does at any other time.
 */
function isLostConnection({ code, details }: ServiceError): boolean {
  return code === Code.INTERNAL && details.startsWith('Received RST_STREAM with code 0');
}

/** The error of a call, with the details that the server sent along. */
export function decodeError(failure: ServiceError): AtelierError {
  const code = isLostConnection(failure) ? Code.UNAVAILABLE : Code[codeName(failure.code)];
  const [bytes] = failure.metadata?.get(STATUS_DETAILS) ?? [];
  const options = bytes instanceof Uint8Array ? decodeDetails(bytes) : {};
  const message = options.reason === undefined ? plainMessages[code] : undefined;
  return new AtelierError(code, message ?? (failure.details || failure.message), {
    ...options,
    cause: failure,
  });
}

/** What grpc-js says by itself of these names its own workings; it stays in the cause. */
const plainMessages: Partial<Record<Code, string>> = {
  [Code.UNAVAILABLE]: 'The platform cannot be reached.',
  [Code.DEADLINE_EXCEEDED]: 'The platform did not answer in time.',
};

function decodeDetails(bytes: Uint8Array): AtelierErrorOptions {
  try {
    return Object.assign({}, ...fromBinary(StatusSchema, bytes).details.map(decodeDetail));
  } catch {
    // Bytes that are no status come from a proxy; code and message still stand.
    return {};
  }
}

function decodeDetail(detail: Any): AtelierErrorOptions {
  const info = anyUnpack(detail, ErrorInfoSchema);
  if (info !== undefined) return { reason: info.reason, metadata: info.metadata };
  const badRequest = anyUnpack(detail, BadRequestSchema);
  if (badRequest !== undefined) {
    const plain = badRequest.fieldViolations.map(({ field, description, reason }) => ({
      field,
      description,
      reason,
    }));
    return { fieldViolations: plain };
  }
  const retry = anyUnpack(detail, RetryInfoSchema);
  if (retry !== undefined) return { retryAfterMs: milliseconds(retry.retryDelay) };
  const quota = anyUnpack(detail, QuotaFailureSchema);
  if (quota !== undefined) {
    return {
      quotaViolations: quota.violations.map(({ subject, description }) => ({ subject, description })),
    };
  }
  return {};
}

function milliseconds(duration: Duration | undefined): number {
  return duration === undefined ? 0 : Number(duration.seconds) * 1_000 + Math.round(duration.nanos / 1e6);
}
