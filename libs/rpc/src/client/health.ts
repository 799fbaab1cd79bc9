import { service as healthService } from 'grpc-health-check';
import { fromServiceError } from '../wire/status.ts';
import type { Channel } from './channel.ts';

/** What the standard health service says. */
export type HealthStatus = 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

interface CheckDefinition {
  readonly path: string;
  readonly requestSerialize: (request: { service: string }) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => { status: HealthStatus };
}

/**
 * Asks the health of a server, or of one of its services. Rejects with an `RpcError`: UNAVAILABLE where nothing
 * answers, NOT_FOUND where the service is not known.
 */
export function checkHealth(channel: Channel, service = '', timeoutMs = 2_000): Promise<HealthStatus> {
  const { path, requestSerialize, responseDeserialize } = healthService.Check as unknown as CheckDefinition;
  const deadline = Date.now() + timeoutMs;
  return new Promise((resolve, reject) => {
    channel
      .next()
      .makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { service },
        { deadline },
        (error, response) => {
          if (error !== null) reject(fromServiceError(error, 'grpc.health.v1.Health', 'Check'));
          else resolve(response?.status ?? 'UNKNOWN');
        },
      );
  });
}
