import { Code } from './code.ts';
import { cancelled } from './constructors.ts';
import { RpcError } from './rpc-error.ts';

/**
 * What a caller may see of something that was thrown. An `RpcError` passes as it is; an aborted operation takes the
 * reason of the call's own signal; everything else is a fault of this server, and only its log learns more.
 */
export function toRpcError(thrown: unknown, signal?: AbortSignal, requestId?: string): RpcError {
  if (thrown instanceof RpcError) return thrown;
  if (signal?.aborted && isAbort(thrown, signal)) {
    return signal.reason instanceof RpcError ? signal.reason : cancelled(undefined, { cause: thrown });
  }
  return new RpcError(Code.INTERNAL, 'The server failed. Its log has the cause under the request id.', {
    cause: thrown,
    ...(requestId !== undefined && { metadata: { request_id: requestId } }),
  });
}

/** How Node and the libraries on it name an operation that ended because its signal was aborted. */
function isAbort(thrown: unknown, signal: AbortSignal): boolean {
  if (thrown === signal.reason) return true;
  const { name, code } = (thrown ?? {}) as { name?: unknown; code?: unknown };
  return (
    name === 'AbortError' ||
    name === 'TimeoutError' ||
    code === 'ABORT_ERR' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE'
  );
}
