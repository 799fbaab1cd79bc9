import type { UsageService } from '@atelier/protos/atelier/gateway/v1/usage_service_pb.ts';
import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Client, Handlers } from '@atelier/rpc';
import { queryUsage } from './query-usage.ts';

/** What the handlers of usage need. */
export interface UsageDeps {
  readonly records: Client<typeof RecordService>;
  readonly now: () => Date;
}

/** The handlers of UsageService. */
export function usageHandlers(deps: UsageDeps): Handlers<typeof UsageService> {
  return { queryUsage: queryUsage(deps) };
}
