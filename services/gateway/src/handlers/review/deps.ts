import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Client } from '@atelier/rpc';
import type { IdempotencyStore } from '../../generations/ports.ts';

/** What the handlers of reviews need. */
export interface ReviewDeps {
  readonly images: Client<typeof ImageService>;
  readonly records: Client<typeof RecordService>;
  readonly idempotency: IdempotencyStore;
  readonly now: () => Date;
}
