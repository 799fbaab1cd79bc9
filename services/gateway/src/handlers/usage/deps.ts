import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Client } from '@atelier/rpc';

/** What the handlers of usage need. */
export interface UsageDeps {
  readonly records: Client<typeof RecordService>;
  readonly now: () => Date;
}
