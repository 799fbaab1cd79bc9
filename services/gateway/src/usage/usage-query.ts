import type { UsageQuery } from '@atelier/protos/atelier/gateway/v1/usage_pb.ts';
import { type CallContext, invalidArgument, requirePrincipal } from '@atelier/rpc';
import { timestampFromDate, timestampMs } from '@bufbuild/protobuf/wkt';
import { periodStart } from '../budget/period.ts';
import { isPlatformAdmin, mayUseProject } from '../identity/team-access.ts';
import { missing } from '../resources/not-found.ts';

/**
 * The query as it may be put to the ledger: of the caller's team, or for administrators of the platform of any or all;
 * of the one project that a key is bound to; from the beginning of the current month where no time is given.
 */
export function scopedQuery(
  query: UsageQuery,
  context: Pick<CallContext, 'principal' | 'method'>,
  now: Date,
): UsageQuery {
  const principal = requirePrincipal(context);
  const isAdmin = isPlatformAdmin(principal);
  const team = query.team === '' && !isAdmin ? principal.team : query.team;
  if (team !== principal.team && !isAdmin) throw missing(team);
  const project = query.project === '' ? (principal.project ?? '') : query.project;
  if (!mayUseProject(principal, project)) throw missing(project);
  const startTime = query.startTime ?? timestampFromDate(periodStart('month', now));
  if (query.endTime !== undefined && timestampMs(query.endTime) <= timestampMs(startTime)) {
    throw invalidArgument('query.end_time', 'must be after start_time', { reason: 'CONTRADICTORY_FIELDS' });
  }
  return { ...query, team, project, startTime };
}
