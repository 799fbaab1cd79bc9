import { UsageReportSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { Code, codeName, toCode } from '../errors/code.ts';
import { RpcError } from '../errors/rpc-error.ts';
import { decodeStatus, encodeStatus, isReceived, wireMessage } from '../errors/status-details.ts';
import { HEADER } from './headers.ts';

/** Above this the client gives up on the call rather than keep it waiting: its caller reads RetryInfo instead. */
const MAX_PUSHBACK_MS = 2_000;

/** An error as the status and trailers of a gRPC call. */
export function toStatus(error: RpcError): StatusObject {
  const metadata = new Metadata();
  metadata.set(HEADER.statusDetails, Buffer.from(encodeStatus(error)));
  const pushback = pushbackMs(error);
  if (pushback !== undefined) metadata.set(HEADER.retryPushback, String(pushback));
  return { code: error.code, details: wireMessage(error), metadata };
}

/**
 * What the client's own retries are told. A fault of ours stays one. An error that only passes through was already retried
 * one hop further on, and is repeated at one layer only (AIP-194). One that reports what was used is not repeated out of
 * sight: whoever called has to be told of the money first.
 */
function pushbackMs(error: RpcError): number | undefined {
  if (error.code === Code.INTERNAL) return -1;
  if (error.code !== Code.UNAVAILABLE) return undefined;
  if (isReceived(error) || error.findDetail(UsageReportSchema) !== undefined) return -1;
  if (error.retryAfterMs === undefined) return undefined;
  return error.retryAfterMs <= MAX_PUSHBACK_MS ? Math.round(error.retryAfterMs) : -1;
}

/** Codes that grpc-js makes up itself, with texts that name addresses; callers get a plain text instead. */
const PLAIN_MESSAGES: Partial<Record<number, (method: string) => string>> = {
  [Code.UNAVAILABLE]: (method) => `The service of ${method} cannot be reached.`,
  [Code.DEADLINE_EXCEEDED]: (method) => `The deadline passed before ${method} answered.`,
  [Code.CANCELLED]: (method) => `The call of ${method} was cancelled.`,
  [Code.INTERNAL]: (method) => `The call of ${method} broke off.`,
  [Code.UNKNOWN]: (method) => `The call of ${method} failed.`,
};

/** Whether a call ended without a word of the server because its connection was lost. */
export function isLostConnection(failure: unknown): boolean {
  const { code, metadata } = failure as Partial<ServiceError>;
  if ((metadata?.get(HEADER.statusDetails) ?? []).length > 0) return false;
  return code === Code.UNAVAILABLE || isLostWhileEnding(failure as ServiceError);
}

/** What grpc-js calls INTERNAL where a connection is lost that was already asked to end. At any other time it is UNAVAILABLE. */
function isLostWhileEnding({ code, details }: ServiceError): boolean {
  return code === Code.INTERNAL && details.startsWith('Received RST_STREAM with code 0');
}

/**
 * The error of a failed client call. With details it is what the other server threw; without, it comes from the
 * transport or from a server that is not ours, and the text that grpc-js gave it is kept as the cause.
 */
export function fromServiceError(failure: ServiceError, service: string, method: string): RpcError {
  const [details] = failure.metadata?.get(HEADER.statusDetails) ?? [];
  if (details instanceof Uint8Array) {
    const error = decodeStatus(details);
    if (error !== undefined) return error;
  }
  const code = isLostWhileEnding(failure) ? Code.UNAVAILABLE : toCode(failure.code);
  const cause = { name: codeName(code), message: failure.details, code: failure.code };
  const message = PLAIN_MESSAGES[code]?.(`${service}/${method}`) ?? failure.details;
  const unreachable = code === Code.UNAVAILABLE && { metadata: { service } };
  const tooLarge = code === Code.RESOURCE_EXHAUSTED && /larger than/.test(failure.details);
  return new RpcError(code, message, {
    cause,
    ...unreachable,
    ...(tooLarge && { reason: 'MESSAGE_TOO_LARGE' }),
  });
}
