import { Health, HealthCheckResponse_ServingStatus } from '@atelier/protos/grpc/health/v1/health_pb.ts';
import type { Channel } from './channel.ts';
import { createClient } from './client.ts';

/** What the standard health service says. */
export type HealthStatus = keyof typeof HealthCheckResponse_ServingStatus;

const names = Object.keys(HealthCheckResponse_ServingStatus) as HealthStatus[];

const DEFAULT_TIMEOUT_MS = 2_000;

/**
 * Asks the health of a server (''), or of one of its services. Rejects with an `RpcError`: UNAVAILABLE where nothing
 * answers, NOT_FOUND where the service is not known, DEADLINE_EXCEEDED after `timeoutMs`.
 */
export async function checkHealth(
  channel: Channel,
  service = '',
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<HealthStatus> {
  const { status } = await createClient(Health, channel).check({ service }, { timeoutMs });
  return names.find((name) => HealthCheckResponse_ServingStatus[name] === status) ?? 'UNKNOWN';
}
