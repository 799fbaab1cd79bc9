import type { AuditService } from '@atelier/protos/atelier/gateway/v1/audit_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { teamAsked } from '../../identity/team-access.ts';
import type { AuditDeps } from './deps.ts';

/** Lists administrative acts of a team, newest first. */
export function listAuditEvents({ records }: AuditDeps): Handlers<typeof AuditService>['listAuditEvents'] {
  return async (request, context) => {
    const { pageSize, pageToken, resource, startTime, endTime } = request;
    const team = teamAsked(request.team, context);
    const answer = await records.listAuditRecords(
      {
        pageSize,
        pageToken,
        resource,
        team,
        ...(startTime !== undefined && { startTime }),
        ...(endTime !== undefined && { endTime }),
      },
      context,
    );
    return { events: answer.events, nextPageToken: answer.nextPageToken };
  };
}
