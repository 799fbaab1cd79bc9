import { fromStorage } from '@atelier/documents';
import { Audience, type ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type CallOptions, type Client, type Code, isRpcError, RpcError } from '@atelier/rpc';
import { getBytes, TransferError } from '@atelier/transfer';
import type { LoadedImage } from '../judges/judge.ts';

/** Largest file that is judged, the same as the limit of the decoder. */
const MAX_IMAGE_BYTES = 64 * 1024 * 1024;

/** An image by reference and with its bytes. */
export interface FetchedImage extends LoadedImage {
  readonly ref: ImageRef;
}

/**
 * Reads an image from storage on behalf of the caller, so that storage decides whether the caller's team may see it.
 * The bytes are verified against the digest of the reference.
 */
export async function loadImage(
  images: Client<typeof ImageService>,
  name: string,
  call: CallOptions & { readonly signal: AbortSignal },
): Promise<FetchedImage> {
  const { image } = await fromStorage(images.getImageUrl({ name, audience: Audience.INTERNAL }, call));
  if (image === undefined) throw new Error('storage gave no image');
  try {
    const bytes = await getBytes(image, { maxBytes: MAX_IMAGE_BYTES, signal: call.signal });
    // The signed URL is a credential of this service; nobody else is given it.
    return { ref: { ...image, url: '' }, sha256: image.sha256, bytes };
  } catch (error) {
    if (isRpcError(error) || !(error instanceof TransferError)) throw error;
    throw new RpcError(error.code as Code, `${name}: ${error.message}`, {
      reason: error.codeName === 'UNAVAILABLE' ? 'SERVICE_UNREACHABLE' : error.reason,
      metadata: { resource: name, service: 'storage' },
      cause: error,
    });
  }
}
