import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type Handlers, requirePrincipal } from '@atelier/rpc';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { StorageContext } from '../context.ts';
import { audienceOf } from '../contract/audience.ts';
import { imageError } from '../contract/image-errors.ts';
import { uploadDataKey } from '../images/uploads.ts';

/** Reserves an upload and signs the URL to put its bytes to. */
export function createUpload(context: StorageContext): Handlers<typeof ImageService>['createUpload'] {
  const { blobs, config, now, uploads } = context;
  return async (request, call) => {
    const { team } = requirePrincipal(call);
    const announced = {
      sha256: request.sha256,
      sizeBytes: Number(request.sizeBytes),
      mediaType: request.mediaType,
    };
    try {
      const upload = await uploads.reserve(team, announced, request.requestId);
      const signed = await blobs.signUpload(uploadDataKey(upload), announced, {
        audience: audienceOf(request.audience, call),
        expireTime: new Date(now().getTime() + config.STORAGE_UPLOAD_LIFETIME),
      });
      const { url, headers, expireTime } = signed;
      return { uploadId: upload.id, url, headers, expireTime: timestampFromDate(expireTime) };
    } catch (error) {
      throw imageError(error);
    }
  };
}
