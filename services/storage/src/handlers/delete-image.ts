import { AuditEventSchema } from '@atelier/protos/atelier/gateway/v1/audit_pb.ts';
import type { Image } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type CallContext, type Handlers, requirePrincipal } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { v7 as uuidv7 } from 'uuid';
import type { StorageContext } from '../context.ts';
import { readReach, resourceNotFound } from '../contract/access.ts';
import type { RecordBatch } from '../records/records.ts';

/** Deletes an image's bytes and leaves a tombstone. Who did it and why goes to the audit records. */
export function deleteImage(context: StorageContext): Handlers<typeof ImageService>['deleteImage'] {
  const { images, now, records } = context;
  return async ({ name, reason }, call) => {
    const image = await images.find(name, readReach(call));
    if (image === undefined) throw resourceNotFound(name);
    const isFirst = image.deleteTime === undefined;
    const deleted = await images.delete(image);
    if (isFirst) await records.append(deletionBatch(deleted, reason, call, now()));
    return { image: deleted };
  };
}

function deletionBatch({ team, ref }: Image, reason: string, call: CallContext, time: Date): RecordBatch {
  const { keyId, subject } = requirePrincipal(call);
  const event = create(AuditEventSchema, {
    id: uuidv7({ msecs: time.getTime() }),
    team,
    actor: `${keyId} ${subject}`,
    method: `${call.method.parent.typeName}/${call.method.name}`,
    resource: ref?.name ?? '',
    code: 'OK',
    details: { reason },
    eventTime: timestampFromDate(time),
    requestId: call.requestId,
  });
  return { team, generations: [], usage: [], reviews: [], audit: [event] };
}
