import type { AdminService } from '@atelier/protos/atelier/storage/v1/admin_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { StorageContext } from '../context.ts';
import { requireAdmin } from '../contract/access.ts';

/** Says how far the index is behind the truth. */
export function getWarehouseStatus({
  loader,
}: StorageContext): Handlers<typeof AdminService>['getWarehouseStatus'] {
  return async (_, call) => {
    requireAdmin(call);
    const { asOf, pendingSegments, lagMs, lastError } = loader.status();
    return {
      asOf: timestampFromDate(asOf),
      pendingSegments: BigInt(pendingSegments),
      lagMs: BigInt(lagMs),
      lastError,
    };
  };
}
