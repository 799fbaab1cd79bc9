import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Client } from '@atelier/rpc';
import type { Ledger } from '../generations/ports.ts';

/** Most records that storage takes at once. */
const MAX_RECORDS = 500;

/** The ledger in storage. The gateway alone writes it, in its own name. */
export function recordLedger(records: Client<typeof RecordService>): Ledger {
  return {
    async record(events) {
      for (let start = 0; start < events.length; start += MAX_RECORDS) {
        const some = events.slice(start, start + MAX_RECORDS);
        const batch = some.map((value) => ({ record: { case: 'usage' as const, value } }));
        await records.appendRecords({ records: batch });
      }
    },
  };
}
