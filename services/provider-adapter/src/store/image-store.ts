import { createHash } from 'node:crypto';
import { fromStorage } from '@atelier/documents';
import { Audience, type ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import type { Image, ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type CallOptions, type Client, Code, internal, RpcError } from '@atelier/rpc';
import { getBytes, putBytes, putFile, TransferError } from '@atelier/transfer';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Content, LoadedImage } from '../providers/provider.ts';

/** Most bytes of a reference image. Providers take much less; this only bounds memory. */
const MAX_REFERENCE_BYTES = 64 * 1024 * 1024;

/** Time for moving the bytes of one image, in milliseconds. */
const TRANSFER_TIMEOUT_MS = 120_000;

/** Images of the platform: bytes go straight to and from the object store, by short-lived signed addresses. */
export class ImageStore {
  readonly #images: Client<typeof ImageService>;

  constructor(images: Client<typeof ImageService>) {
    this.#images = images;
  }

  /** What is known of an image. NOT_FOUND also for another team's. */
  async facts(name: string, call: CallOptions): Promise<ImageRef> {
    const { image } = await fromStorage(this.#images.getImage({ name }, call));
    if (image?.ref === undefined) throw internal(`Storage gave nothing for ${name}.`);
    return image.ref;
  }

  /** The bytes of an image, digest verified. */
  async load(name: string, call: CallOptions): Promise<LoadedImage> {
    const request = { name, audience: Audience.INTERNAL };
    const { image } = await fromStorage(this.#images.getImageUrl(request, call));
    if (image === undefined) throw internal(`Storage gave nothing for ${name}.`);
    const bytes = await transfer(getBytes(image, { maxBytes: MAX_REFERENCE_BYTES, signal: timeout(call) }));
    const { mediaType, sha256, width, height } = image;
    return { bytes, mediaType, sha256, ...(width > 0 && height > 0 && { size: { width, height } }) };
  }

  /** Stores an image, from memory or from disk. A repeat with the same request id gives the same image. */
  async keep(
    content: Content,
    mediaType: string,
    image: MessageInitShape<typeof ImageSchema>,
    requestId: string,
    call: CallOptions,
  ): Promise<Image> {
    const isAtHand = Buffer.isBuffer(content);
    const sizeBytes = isAtHand ? content.byteLength : content.sizeBytes;
    const sha256 = isAtHand ? createHash('sha256').update(content).digest('hex') : content.sha256;
    const upload = await fromStorage(
      this.#images.createUpload(
        { sha256, sizeBytes: BigInt(sizeBytes), mediaType, audience: Audience.INTERNAL, requestId },
        call,
      ),
    );
    const options = { signal: timeout(call) };
    await transfer(isAtHand ? putBytes(upload, content, options) : putFile(upload, content, options));
    const committed = await fromStorage(this.#images.commitImage({ uploadId: upload.uploadId, image }, call));
    if (committed.image?.ref === undefined)
      throw internal('Storage committed an image and gave no reference.');
    return committed.image;
  }
}

/** The call's own signal and time, and never longer than a transfer may take. */
function timeout({ signal, deadline }: CallOptions): AbortSignal {
  const left = deadline === undefined ? TRANSFER_TIMEOUT_MS : deadline.getTime() - Date.now();
  const limit = AbortSignal.timeout(Math.max(1, Math.min(TRANSFER_TIMEOUT_MS, left)));
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}

/** Failures of a transfer as errors of the wire. */
async function transfer<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof TransferError)) throw cause;
    const isAway = cause.code === Code.UNAVAILABLE;
    throw new RpcError(cause.code as Code, isAway ? 'The object store cannot be reached.' : cause.message, {
      reason: cause.reason,
      ...(isAway && { metadata: { service: 'storage' } }),
      cause,
    });
  }
}
