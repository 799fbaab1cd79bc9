import type { AdminService } from '@atelier/protos/atelier/storage/v1/admin_service_pb.ts';
import { failedPrecondition, type Handlers, unavailable } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { requireAdmin } from '../contract/access.ts';
import { RebuildRunning } from '../records/loader.ts';
import type { RebuildProgress } from '../records/rebuild.ts';
import { progressOf } from '../shared/progress.ts';
import { WarehouseUnavailable } from '../warehouse/warehouse.ts';

/** Empties the warehouse and fills it from the object store. A caller that leaves undoes it. */
export function rebuildWarehouse({
  loader,
}: StorageContext): Handlers<typeof AdminService>['rebuildWarehouse'] {
  return async function* (_, call) {
    requireAdmin(call);
    try {
      const reports = progressOf<RebuildProgress>((report) => loader.rebuild(report, call.signal));
      for await (const { segmentsRead, recordsLoaded, done } of reports) {
        yield { segmentsRead: BigInt(segmentsRead), recordsLoaded: BigInt(recordsLoaded), done };
      }
    } catch (error) {
      throw rebuildError(error);
    }
  };
}

function rebuildError(error: unknown): unknown {
  if (error instanceof RebuildRunning)
    return failedPrecondition('The warehouse is being rebuilt already.', { cause: error });
  if (error instanceof WarehouseUnavailable)
    return unavailable('The warehouse cannot be written to.', {
      reason: 'WAREHOUSE_UNAVAILABLE',
      cause: error,
    });
  return error;
}
