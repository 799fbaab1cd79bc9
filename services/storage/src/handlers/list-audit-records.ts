import { AuditEventSchema } from '@atelier/protos/atelier/gateway/v1/audit_pb.ts';
import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { isAdmin, listReach, resourceNotFound } from '../contract/access.ts';
import { pageAnswer } from '../contract/page-answer.ts';
import { pageRequest, periodOf, readIndex } from '../contract/read-index.ts';

const DEFAULT_PAGE_SIZE = 50;

/** Lists administrative acts, newest first: those of the caller's team, or any with the scope platform-admin. */
export function listAuditRecords(
  context: StorageContext,
): Handlers<typeof RecordService>['listAuditRecords'] {
  return async (request, call) => {
    const { team, resource } = request;
    const own = listReach(call);
    const mayAskAll = isAdmin(call.principal);
    if (!mayAskAll && team !== '' && team !== own.team) throw resourceNotFound(team);
    const reach = mayAskAll ? { team: undefined, project: undefined } : own;
    const filter = { reach, team, resource, ...periodOf(request) };
    const filters = ['audit', filter];
    const page = pageRequest(request, filters, DEFAULT_PAGE_SIZE);
    const { answer } = await readIndex(context, () => context.warehouse.listAudit(filter, page));
    const { messages, nextPageToken } = pageAnswer(AuditEventSchema, answer, filters);
    return { events: messages, nextPageToken };
  };
}
