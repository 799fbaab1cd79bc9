import type { UsageService } from '@atelier/protos/atelier/gateway/v1/usage_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { UsageDeps } from './deps.ts';
import { queryUsage } from './query-usage.ts';

/** The handlers of UsageService. */
export function usageHandlers(deps: UsageDeps): Handlers<typeof UsageService> {
  return { queryUsage: queryUsage(deps) };
}
