import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';

/** How many times the usual latency a request may take: queues at providers are long at times. */
const PATIENCE = 20;
const SHORTEST_MS = 2_000;
/** The longest that any request may take, in milliseconds. */
export const LONGEST_MS = 600_000;

/** Where an entry does not say how long its model takes. */
const UNSAID_MS = 300_000;

/** How long a native request may take, in milliseconds. */
export function timeoutMs({ typicalLatencyMs }: Model, images: number): number {
  if (typicalLatencyMs === 0n) return UNSAID_MS;
  const patient = Number(typicalLatencyMs) * PATIENCE * Math.max(1, images);
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, patient));
}
