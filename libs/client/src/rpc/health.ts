import { Health, HealthCheckResponse_ServingStatus } from '@atelier/protos/grpc/health/v1/health_pb.ts';
import { createServiceClient } from './client.ts';
import type { Connection } from './connection.ts';

/** What the standard health service says of a server. */
export type HealthStatus = Exclude<keyof typeof HealthCheckResponse_ServingStatus, number>;

const names = Object.entries(HealthCheckResponse_ServingStatus) as [HealthStatus, number][];

/** Asks the standard health service about the whole server. It needs no key. */
export async function checkHealth(connection: Connection, timeoutMs: number): Promise<HealthStatus> {
  const { status } = await createServiceClient(Health, connection).check({ service: '' }, { timeoutMs });
  return names.find(([, value]) => value === status)?.[0] ?? 'UNKNOWN';
}
