import {
  type BadRequest_FieldViolationSchema,
  BadRequestSchema,
  ErrorInfoSchema,
  QuotaFailureSchema,
  RetryInfoSchema,
} from '@atelier/protos/google/rpc/error_details_pb.ts';
import { StatusSchema } from '@atelier/protos/google/rpc/status_pb.ts';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { type Any, anyUnpack, type Duration } from '@bufbuild/protobuf/wkt';
import { toCode } from './code.ts';
import { ERROR_DOMAIN } from './reason.ts';
import { packDetail, RpcError, type RpcErrorOptions } from './rpc-error.ts';

/** The details of an error that came off the wire, exactly as they came, so that passing it on changes nothing. */
const received = new WeakMap<RpcError, readonly Any[]>();

/** Whether the error was made by another server and only passes through here. */
export function isReceived(error: RpcError): boolean {
  return received.has(error);
}

/**
 * The google.rpc details of an error, packed. Those of a received error are the ones that came; others are built from
 * the fields of the error, each type once.
 */
export function errorDetails(error: RpcError): readonly Any[] {
  return received.get(error) ?? buildDetails(error, error.fieldViolations.length);
}

function buildDetails(error: RpcError, maxViolations: number): Any[] {
  const details = [
    packDetail(ErrorInfoSchema, {
      reason: error.reason,
      domain: ERROR_DOMAIN,
      metadata: { ...error.metadata },
    }),
  ];
  if (error.fieldViolations.length > 0) {
    details.push(packDetail(BadRequestSchema, { fieldViolations: violations(error, maxViolations) }));
  }
  if (error.retryAfterMs !== undefined) {
    details.push(packDetail(RetryInfoSchema, { retryDelay: toDuration(error.retryAfterMs) }));
  }
  if (error.quotaViolations.length > 0) {
    details.push(
      packDetail(QuotaFailureSchema, { violations: error.quotaViolations.map((item) => ({ ...item })) }),
    );
  }
  return [...details, ...error.details];
}

function violations(
  error: RpcError,
  maximum: number,
): MessageInitShape<typeof BadRequest_FieldViolationSchema>[] {
  const all = error.fieldViolations.map(({ field, description, reason }) => ({
    field,
    description,
    ...(reason !== undefined && { reason }),
  }));
  if (all.length <= maximum) return all;
  return [...all.slice(0, maximum), { field: '', description: `and ${all.length - maximum} more fields` }];
}

/**
 * Bytes of the encoded status. In base64 this stays below the 8 KiB of response metadata that clients in some
 * languages accept at most by default.
 */
const MAX_STATUS_BYTES = 5_600;
const MAX_MESSAGE_CHARACTERS = 1_000;

/** The text of an error as it may stand in a header: bounded, and without half characters. */
export function wireMessage(error: RpcError): string {
  const { message } = error;
  const text =
    message.length > MAX_MESSAGE_CHARACTERS ? `${message.slice(0, MAX_MESSAGE_CHARACTERS)}…` : message;
  return text.toWellFormed();
}

/**
 * Encodes an error as google.rpc.Status for the `grpc-status-details-bin` trailer. Where the whole is too long for a
 * header, the last of the field violations are replaced by their number.
 */
export function encodeStatus(error: RpcError): Uint8Array {
  const encode = (details: readonly Any[]) =>
    toBinary(
      StatusSchema,
      create(StatusSchema, { code: error.code, message: wireMessage(error), details: [...details] }),
    );
  let bytes = encode(errorDetails(error));
  let keep = isReceived(error) ? 0 : error.fieldViolations.length;
  while (bytes.length > MAX_STATUS_BYTES && keep > 1) {
    keep = Math.floor(keep / 2);
    bytes = encode(buildDetails(error, keep));
  }
  return bytes;
}

/** Rebuilds the error from the bytes of a google.rpc.Status. Gives undefined where the bytes are not one. */
export function decodeStatus(bytes: Uint8Array, cause?: unknown): RpcError | undefined {
  try {
    const status = fromBinary(StatusSchema, bytes);
    return errorFromDetails(status.code, status.message, status.details, cause);
  } catch {
    return undefined;
  }
}

/** Rebuilds an error from the parts of a status that came off the wire. */
export function errorFromDetails(
  code: number,
  message: string,
  details: readonly Any[],
  cause?: unknown,
): RpcError {
  const options: { -readonly [K in keyof RpcErrorOptions]: RpcErrorOptions[K] } = { cause };
  const others: Any[] = [];
  for (const detail of details) {
    const info = anyUnpack(detail, ErrorInfoSchema);
    const badRequest = anyUnpack(detail, BadRequestSchema);
    const retry = anyUnpack(detail, RetryInfoSchema);
    const quota = anyUnpack(detail, QuotaFailureSchema);
    if (info !== undefined) {
      options.reason = info.reason;
      options.metadata = info.metadata;
    } else if (badRequest !== undefined) {
      options.fieldViolations = badRequest.fieldViolations.map(({ field, description, reason }) => ({
        field,
        description,
        ...(reason !== '' && { reason }),
      }));
    } else if (retry !== undefined) {
      options.retryAfterMs = retry.retryDelay === undefined ? 0 : fromDuration(retry.retryDelay);
    } else if (quota !== undefined) {
      options.quotaViolations = quota.violations.map(({ subject, description }) => ({
        subject,
        description,
      }));
    } else {
      others.push(detail);
    }
  }
  const error = new RpcError(toCode(code), message, { ...options, details: others });
  received.set(error, details);
  return error;
}

function toDuration(ms: number): { seconds: bigint; nanos: number } {
  const whole = Math.max(0, Math.round(ms));
  return { seconds: BigInt(Math.floor(whole / 1_000)), nanos: (whole % 1_000) * 1_000_000 };
}

function fromDuration({ seconds, nanos }: Duration): number {
  return Number(seconds) * 1_000 + Math.round(nanos / 1_000_000);
}
