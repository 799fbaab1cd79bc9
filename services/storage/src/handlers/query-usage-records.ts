import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import { type Handlers, invalidArgument } from '@atelier/rpc';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { StorageContext } from '../context.ts';
import { isAdmin, listReach, resourceNotFound } from '../contract/access.ts';
import { readIndex } from '../contract/read-index.ts';

/** Adds up the ledger: the caller's team, or any with the scope platform-admin. */
export function queryUsageRecords(
  context: StorageContext,
): Handlers<typeof RecordService>['queryUsageRecords'] {
  return async ({ query }, call) => {
    if (query === undefined) throw invalidArgument('query', 'is required');
    const own = listReach(call);
    const mayAskAll = isAdmin(call.principal);
    if (!mayAskAll && query.team !== '' && query.team !== own.team) throw resourceNotFound(query.team);
    const reach = mayAskAll ? { team: query.team || undefined, project: undefined } : own;
    const end = query.endTime === undefined ? context.now() : timestampDate(query.endTime);
    const start =
      query.startTime === undefined ? beginningOfMonth(context.now()) : timestampDate(query.startTime);
    const { project, model, groupBy } = query;
    const { answer, asOf } = await readIndex(context, () =>
      context.warehouse.queryUsage({ reach, project, model, start, end, groupBy }),
    );
    return { rows: [...answer.rows], total: answer.total, asOf };
  };
}

function beginningOfMonth(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
}
