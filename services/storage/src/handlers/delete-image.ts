import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { readReach, resourceNotFound } from '../access.ts';
import type { StorageContext } from '../context.ts';

/** Deletes an image's bytes and leaves a tombstone. Who did it and why goes to the audit records. */
export function deleteImage(context: StorageContext): Handlers<typeof ImageService>['deleteImage'] {
  const { images } = context;
  return async ({ name }, call) => {
    const image = await images.find(name, readReach(call));
    if (image === undefined) throw resourceNotFound(name);
    return { image: await images.delete(image) };
  };
}
