import { file_google_rpc_error_details } from '@atelier/protos/google/rpc/error_details_pb.ts';
import { createRegistry, fromBinary } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import { ConnectError } from '@connectrpc/connect';
import type { RpcError } from '../errors/rpc-error.ts';
import { errorDetails, wireMessage } from '../errors/status-details.ts';

const registry = createRegistry(file_google_rpc_error_details);

type ErrorDetail = ConnectError['details'][number];

/**
 * An error as Connect sends it, with the same details as over gRPC. Those of google.rpc are also shown as JSON, for
 * people with curl. `Retry-After` goes beside `RetryInfo`, for what speaks only HTTP.
 */
export function toConnectError(error: RpcError): ConnectError {
  const headers: Record<string, string> = {};
  if (error.retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1_000));
  // The numbers of the codes are gRPC's own.
  const converted = new ConnectError(wireMessage(error), error.code as ConnectError['code'], headers);
  converted.details = errorDetails(error).map(toErrorDetail);
  return converted;
}

function toErrorDetail({ typeUrl, value }: Any): ErrorDetail {
  const type = typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
  const desc = registry.getMessage(type);
  return desc === undefined ? { type, value } : { desc, value: fromBinary(desc, value) };
}
