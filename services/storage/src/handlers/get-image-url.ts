import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { StorageContext } from '../context.ts';
import { readReach, resourceNotFound } from '../contract/access.ts';
import { audienceOf } from '../contract/audience.ts';

const DEFAULT_LIFETIME_SECONDS = 300;

/** Signs a URL to read an image's bytes from. A deleted image has none. */
export function getImageUrl({ images, now }: StorageContext): Handlers<typeof ImageService>['getImageUrl'] {
  return async ({ name, audience, lifetimeSeconds }, call) => {
    const image = await images.find(name, readReach(call));
    const seconds = lifetimeSeconds === 0 ? DEFAULT_LIFETIME_SECONDS : lifetimeSeconds;
    const signed =
      image &&
      (await images.sign(image, {
        audience: audienceOf(audience, call),
        expireTime: new Date(now().getTime() + seconds * 1_000),
      }));
    if (image?.ref === undefined || signed === undefined) throw resourceNotFound(name);
    return { image: { ...image.ref, url: signed.url, expireTime: timestampFromDate(signed.expireTime) } };
  };
}
