import type {
  RecordService,
  Record as StoredRecord,
} from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import { aborted, type FieldViolation, type Handlers, invalidArgument } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { isAdmin, resourceNotFound } from '../contract/access.ts';
import { batchOf, violationsOf } from '../contract/batch.ts';
import { GenerationSuperseded } from '../records/records.ts';

/** Keeps records; they are durable when this returns. A repeat under the same ids changes nothing. */
export function appendRecords({ records }: StorageContext): Handlers<typeof RecordService>['appendRecords'] {
  return async (request, call) => {
    const violations = request.records.flatMap(recordViolations);
    if (violations.length > 0) throw invalidArgument(violations);
    const batch = batchOf(request.records);
    if (batch === undefined) throw invalidArgument('records', 'must all be of one team');
    if (!isAdmin(call.principal) && batch.team !== call.principal?.team) throw resourceNotFound(batch.team);
    try {
      await records.append(batch);
      return {};
    } catch (error) {
      if (!(error instanceof GenerationSuperseded)) throw error;
      throw aborted(`${error.generation} is at revision ${error.revision} already.`, {
        metadata: { resource: error.generation, revision: String(error.revision) },
        cause: error,
      });
    }
  };
}

function recordViolations(record: StoredRecord, index: number): FieldViolation[] {
  return violationsOf(record).map(({ field, description }) => ({
    field: `records[${index}].${field}`,
    description,
  }));
}
