import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { readReach, resourceNotFound } from '../contract/access.ts';

/** Reads the latest record of a generation, with the review that counts, from the truth. */
export function getGenerationRecord({
  records,
}: StorageContext): Handlers<typeof RecordService>['getGenerationRecord'] {
  return async ({ name }, call) => {
    const generation = await records.generation(name, readReach(call));
    if (generation === undefined) throw resourceNotFound(name);
    return { generation };
  };
}
