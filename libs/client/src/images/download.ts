import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { Audience, type ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { fullName } from '../generation/generation-input.ts';
import { AtelierError } from '../rpc/atelier-error.ts';
import type { CallOptions } from '../rpc/call-options.ts';
import type { ServiceClient } from '../rpc/client.ts';
import { Code } from '../rpc/code.ts';
import type { Retries } from '../rpc/retry.ts';
import { getBytes } from './transfer.ts';

/** What a download needs besides the image. */
export interface DownloadContext {
  readonly images: ServiceClient<typeof ImageService>;
  readonly call: CallOptions & { readonly signal: AbortSignal };
  readonly retries: Retries;
}

/** The bytes of an image, verified against its digest. A signed URL that is still good for a minute is used again. */
export async function downloadImage(
  image: string | ImageRef,
  { images, call, retries }: DownloadContext,
): Promise<Uint8Array> {
  const ref = typeof image !== 'string' && isGood(image) ? image : await signed(image, images, call);
  return getBytes(ref, call.signal, retries);
}

/** Writes a file that appears whole or not at all; one that is there is replaced. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    await writeFile(partial, bytes);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function isGood({ url, expireTime }: ImageRef): boolean {
  return url !== '' && expireTime !== undefined && Number(expireTime.seconds) * 1_000 > Date.now() + 60_000;
}

async function signed(
  image: string | ImageRef,
  images: DownloadContext['images'],
  call: CallOptions,
): Promise<ImageRef> {
  const name = fullName('images', typeof image === 'string' ? image : image.name);
  const answer = await images.getImageUrl({ name, audience: Audience.PUBLIC }, call);
  if (answer.image === undefined)
    throw new AtelierError(Code.INTERNAL, 'The platform signed a URL for no image.');
  return answer.image;
}
