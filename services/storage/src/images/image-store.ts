import { type Image, ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { clone, create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import pLimit from 'p-limit';
import type { BlobStore, SignedUrl, SignOptions } from '../blobs/blob-store.ts';
import { type Owned, type Reach, reaches } from '../reach.ts';
import { idOf } from '../records/keys.ts';
import type { TruthStore } from '../records/truth-store.ts';
import { KeyedLock } from '../shared/keyed-lock.ts';
import { inspectImage } from './inspect.ts';
import { type Upload, uploadDataKey } from './uploads.ts';

/** What the image store needs. */
export interface ImageStoreOptions {
  readonly blobs: BlobStore;
  readonly truth: TruthStore;
  readonly now: () => Date;
  /** Images with more pixels are refused. */
  readonly maxPixels: number;
  /** Start of the stable addresses, without a slash at its end. */
  readonly publicUrl: string;
}

/** What is known of an image beside what is read from its bytes. */
export type ImageFacts = Omit<MessageInitShape<typeof ImageSchema>, '$typeName'>;

/** The bytes of an upload did not arrive. */
export class UploadMissing extends Error {
  override readonly name = 'UploadMissing';
}

/** Images that are held in memory and decoded at once. */
const INSPECTIONS = 4;

/** Revision of an image when it is committed, and when it is deleted. */
const COMMITTED = 1;
const DELETED = 2;

/** Images: immutable bytes under a key that names their digest, and a record each. */
export class ImageStore {
  readonly #options: ImageStoreOptions;
  readonly #locks = new KeyedLock();
  readonly #inspections = pLimit(INSPECTIONS);

  constructor(options: ImageStoreOptions) {
    this.#options = options;
  }

  /**
   * Makes an image of an upload whose bytes have arrived. Bytes and record are durable when this returns. Each step can be
   * repeated, so that a commit that died half-way is finished by its repeat, which gives the same image. Throws
   * `UploadMissing`, or `ImageRefused` for bytes that are not the announced image.
   */
  async commit(upload: Upload, facts: ImageFacts): Promise<Image> {
    return this.#locks.run(upload.imageId, async () => {
      const { blobs, truth } = this.#options;
      const committed = await truth.latest('images', upload.team, upload.imageId);
      if (committed !== undefined) return committed.record;
      const image = await this.#imageOf(upload, facts);
      await blobs.move(uploadDataKey(upload), imageKey(upload));
      await this.#write(image, COMMITTED);
      return image;
    });
  }

  /** An image within reach; undefined where there is none. It may be a tombstone. */
  async find(name: string, reach: Reach): Promise<Image | undefined> {
    const { truth } = this.#options;
    const id = idOf(name);
    const found =
      reach.team === undefined
        ? await truth.find('images', id)
        : await truth.latest('images', reach.team, id);
    return found !== undefined && reaches(reach, found.record as Owned) ? found.record : undefined;
  }

  /** A signed URL to an image's bytes; undefined where they were deleted. */
  async sign(image: Image, options: SignOptions): Promise<SignedUrl | undefined> {
    if (image.deleteTime !== undefined || image.ref === undefined) return undefined;
    const { sha256, mediaType } = image.ref;
    return this.#options.blobs.signDownload(keyOfImage(image), { sha256, mediaType }, options);
  }

  /** Deletes the bytes and leaves a tombstone, which is written first: what it names may be gone, never the reverse. */
  async delete(image: Image): Promise<Image> {
    const id = idOf(image.ref?.name ?? '');
    return this.#locks.run(id, async () => {
      const { blobs, truth, now } = this.#options;
      const latest = await truth.latest('images', image.team, id);
      const tombstone = clone(ImageSchema, latest?.record ?? image);
      if (tombstone.deleteTime === undefined) {
        tombstone.deleteTime = timestampFromDate(now());
        await this.#write(tombstone, DELETED);
      }
      await blobs.delete([keyOfImage(image)]);
      return tombstone;
    });
  }

  async #imageOf(upload: Upload, facts: ImageFacts): Promise<Image> {
    const { blobs, maxPixels, now, publicUrl } = this.#options;
    const inspected = await this.#inspections(async () => {
      // The bytes are at their final key already where an earlier commit died before it wrote the record.
      const bytes = (await blobs.get(uploadDataKey(upload))) ?? (await blobs.get(imageKey(upload)));
      if (bytes === undefined) throw new UploadMissing('the bytes of the upload have not arrived');
      return inspectImage(bytes, upload, maxPixels);
    });
    const { mediaType, width, height, perceptualHash } = inspected;
    return create(ImageSchema, {
      ...facts,
      ref: {
        name: `images/${upload.imageId}`,
        uri: blobs.uri(imageKey(upload)),
        sha256: upload.sha256,
        sizeBytes: BigInt(upload.sizeBytes),
        mediaType,
        width,
        height,
      },
      team: upload.team,
      perceptualHash,
      createTime: timestampFromDate(now()),
      stableUrl: `${publicUrl}/images/${upload.imageId}`,
    });
  }

  async #write(image: Image, revision: number): Promise<void> {
    const id = idOf(image.ref?.name ?? '');
    const writeTime = this.#options.now();
    const segment = { kind: 'images' as const, team: image.team, revision, writeTime, records: [image] };
    await this.#options.truth.writeRevision(id, segment);
  }
}

/** The immutable key of an image's bytes: it names the digest, and the team, below which everything of a team is. */
function imageKey({ team, imageId, sha256 }: Pick<Upload, 'team' | 'imageId' | 'sha256'>): string {
  return `teams/${idOf(team)}/images/${imageId}/${sha256}`;
}

function keyOfImage({ team, ref }: Image): string {
  return imageKey({ team, imageId: idOf(ref?.name ?? ''), sha256: ref?.sha256 ?? '' });
}
