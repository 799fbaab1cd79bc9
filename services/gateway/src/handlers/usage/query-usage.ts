import type { UsageService } from '@atelier/protos/atelier/gateway/v1/usage_service_pb.ts';
import { type Handlers, invalidArgument } from '@atelier/rpc';
import { scopedQuery } from '../../usage/usage-query.ts';
import type { UsageDeps } from './deps.ts';

/** Adds up the ledger. */
export function queryUsage({ records, now }: UsageDeps): Handlers<typeof UsageService>['queryUsage'] {
  return async ({ query }, context) => {
    if (query === undefined) throw invalidArgument('query', 'is required');
    const request = { query: scopedQuery(query, context, now()) };
    const { rows, total, asOf } = await records.queryUsageRecords(request, context);
    return { rows, ...(total !== undefined && { total }), ...(asOf !== undefined && { asOf }) };
  };
}
