import { Code, internal, isRpcError, unavailable } from '@atelier/rpc';

/**
 * Awaits an answer of storage, and turns what only concerns this service and storage into what its own caller can use:
 * no connection is UNAVAILABLE naming storage, a refused mesh credential is a fault of this installation. Everything
 * else passes as it is.
 */
export async function fromStorage<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw storageError(error);
  }
}

/** The same for an error that was caught already. */
export function storageError(error: unknown): unknown {
  if (!isRpcError(error)) return error;
  if (error.code === Code.UNAVAILABLE && error.reason === 'SERVICE_UNREACHABLE') {
    return unavailable('Storage cannot be reached.', {
      reason: 'SERVICE_UNREACHABLE',
      metadata: { service: 'storage' },
      retryAfterMs: error.retryAfterMs,
      cause: error,
    });
  }
  if (error.code === Code.UNAUTHENTICATED || error.code === Code.PERMISSION_DENIED) {
    return internal('Storage refuses this service.', { cause: error });
  }
  return error;
}
