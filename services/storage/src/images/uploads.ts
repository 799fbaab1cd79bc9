import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { BlobStore } from '../blobs/blob-store.ts';
import { idOf } from '../records/keys.ts';
import type { Announced } from './inspect.ts';

/** An upload that was reserved, and the image that it will become. */
export interface Upload extends Announced {
  readonly id: string;
  /** `teams/{id}`. */
  readonly team: string;
  /** Id of the image, fixed beforehand, so that a repeated commit cannot make a second one. */
  readonly imageId: string;
  readonly createTime: Date;
}

/** The same request id came earlier for other bytes. */
export class RequestIdReused extends Error {
  override readonly name = 'RequestIdReused';
}

const form = z.object({
  id: z.string(),
  team: z.string(),
  imageId: z.string(),
  sha256: z.string(),
  sizeBytes: z.number(),
  mediaType: z.string(),
  createTime: z.iso.datetime().transform((text) => new Date(text)),
});

/** The uploads that are reserved, each below its team, so that another team's cannot even be named. */
export class Uploads {
  readonly #blobs: BlobStore;
  readonly #now: () => Date;

  constructor(blobs: BlobStore, now: () => Date) {
    this.#blobs = blobs;
    this.#now = now;
  }

  /**
   * Reserves an upload. The same request id of the same team gives the same upload; throws `RequestIdReused` where it
   * came with other bytes.
   */
  async reserve(team: string, announced: Announced, requestId: string): Promise<Upload> {
    const now = this.#now();
    const newId = () => uuidv7({ msecs: now.getTime() });
    const id = requestId === '' ? newId() : derivedId(team, requestId);
    const upload: Upload = { ...announced, id, team, imageId: newId(), createTime: now };
    if (await this.#blobs.putIfAbsent(key(team, id, 'terms'), Buffer.from(JSON.stringify(upload))))
      return upload;
    const earlier = await this.find(team, id);
    if (earlier === undefined) throw new Error('an upload vanished while it was reserved');
    const same =
      earlier.sha256 === announced.sha256 &&
      earlier.sizeBytes === announced.sizeBytes &&
      earlier.mediaType === announced.mediaType;
    if (!same) throw new RequestIdReused('the request id came earlier for other bytes');
    return earlier;
  }

  /** An upload of a team; undefined where the team reserved no such one. */
  async find(team: string, id: string): Promise<Upload | undefined> {
    if (!isUploadId(id)) return undefined;
    const bytes = await this.#blobs.get(key(team, id, 'terms'));
    return bytes === undefined ? undefined : form.parse(JSON.parse(bytes.toString()));
  }
}

/** Where the bytes of an upload arrive. */
export function uploadDataKey({ team, id }: Pick<Upload, 'team' | 'id'>): string {
  return key(team, id, 'data');
}

function key(team: string, id: string, part: 'terms' | 'data'): string {
  return `uploads/${idOf(team)}/${id}/${part}`;
}

function isUploadId(id: string): boolean {
  return /^[0-9a-f]{32}$|^[0-9a-f-]{36}$/.test(id);
}

/** 128 bits of a digest, so that the same request id leads to the same upload without a search. */
function derivedId(team: string, requestId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([team, requestId]))
    .digest('hex')
    .slice(0, 32);
}
