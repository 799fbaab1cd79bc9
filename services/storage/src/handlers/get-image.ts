import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { readReach, resourceNotFound } from '../contract/access.ts';

/** Reads what is known of an image, tombstones included. */
export function getImage({ images }: StorageContext): Handlers<typeof ImageService>['getImage'] {
  return async ({ name }, call) => {
    const image = await images.find(name, readReach(call));
    if (image === undefined) throw resourceNotFound(name);
    return { image };
  };
}
