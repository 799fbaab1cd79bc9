import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Audience, type ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import { ImageOrigin } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { AtelierError } from '../rpc/atelier-error.ts';
import type { CallOptions } from '../rpc/call-options.ts';
import type { ServiceClient } from '../rpc/client.ts';
import { Code } from '../rpc/code.ts';
import type { Retries } from '../rpc/retry.ts';
import { type MediaType, mediaTypeOf } from './media-type.ts';
import { putBytes } from './transfer.ts';

/** Most that the platform takes, in bytes. */
const MAX_BYTES = 256 * 1024 * 1024;

/** What an upload needs besides the image. */
export interface UploadContext {
  readonly images: ServiceClient<typeof ImageService>;
  readonly call: CallOptions & { readonly signal: AbortSignal };
  readonly retries: Retries;
}

/**
 * Uploads an image by its path or bytes and commits it. The signed URL is good for these bytes alone, and the platform
 * checks digest, size and pixels before the image exists.
 */
export async function uploadImage(
  source: string | Uint8Array,
  mediaType: MediaType | undefined,
  { images, call, retries }: UploadContext,
): Promise<ImageRef> {
  const bytes = typeof source === 'string' ? await readFile(source) : source;
  if (bytes.byteLength > MAX_BYTES) {
    throw new AtelierError(
      Code.INVALID_ARGUMENT,
      `The image has ${bytes.byteLength} bytes; ${MAX_BYTES} are allowed.`,
      {
        reason: 'IMAGE_TOO_LARGE',
      },
    );
  }
  const upload = await images.createUpload(
    {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: BigInt(bytes.byteLength),
      mediaType: mediaType ?? mediaTypeOf(bytes),
      audience: Audience.PUBLIC,
    },
    call,
  );
  await putBytes(upload, bytes, call.signal, retries);
  const committed = await images.commitImage(
    { uploadId: upload.uploadId, image: { origin: ImageOrigin.UPLOADED } },
    call,
  );
  const ref = committed.image?.ref;
  if (ref === undefined)
    throw new AtelierError(Code.INTERNAL, 'The platform committed the image without a reference.');
  return ref;
}
