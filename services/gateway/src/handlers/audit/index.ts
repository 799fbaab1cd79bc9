import type { AuditService } from '@atelier/protos/atelier/gateway/v1/audit_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { AuditDeps } from './deps.ts';
import { listAuditEvents } from './list-audit-events.ts';

/** The handlers of AuditService. */
export function auditHandlers(deps: AuditDeps): Handlers<typeof AuditService> {
  return { listAuditEvents: listAuditEvents(deps) };
}
