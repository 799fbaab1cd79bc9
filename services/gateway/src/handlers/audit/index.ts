import type { AuditService } from '@atelier/protos/atelier/gateway/v1/audit_service_pb.ts';
import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Client, Handlers } from '@atelier/rpc';
import { listAuditEvents } from './list-audit-events.ts';

/** What the handlers of the audit log need. */
export interface AuditDeps {
  readonly records: Client<typeof RecordService>;
}

/** The handlers of AuditService. */
export function auditHandlers(deps: AuditDeps): Handlers<typeof AuditService> {
  return { listAuditEvents: listAuditEvents(deps) };
}
