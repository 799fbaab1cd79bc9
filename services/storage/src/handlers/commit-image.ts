import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type Handlers, requirePrincipal } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { factsOf } from '../contract/facts.ts';
import { imageError } from '../contract/image-errors.ts';
import { UploadMissing } from '../images/image-store.ts';

/** Checks the uploaded bytes and makes the image. A repeat gives the same image. */
export function commitImage({
  images,
  uploads,
}: StorageContext): Handlers<typeof ImageService>['commitImage'] {
  return async ({ uploadId, image: said }, call) => {
    const principal = requirePrincipal(call);
    const facts = factsOf(said, principal, call);
    try {
      const upload = await uploads.find(principal.team, uploadId);
      if (upload === undefined) throw new UploadMissing('the upload is unknown');
      return { image: await images.commit(upload, facts) };
    } catch (error) {
      throw imageError(error);
    }
  };
}
