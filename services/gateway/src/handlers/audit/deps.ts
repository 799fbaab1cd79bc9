import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Client } from '@atelier/rpc';

/** What the handlers of the audit log need. */
export interface AuditDeps {
  readonly records: Client<typeof RecordService>;
}
