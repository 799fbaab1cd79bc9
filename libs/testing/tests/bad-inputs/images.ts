import { bombPng, plainPng, sha256, zipBytes } from '../support/pictures.ts';
import { NOBODY } from '../support/refusal.ts';
import type { Row, World } from './world.ts';

const INVALID = 'INVALID_ARGUMENT INVALID_FIELD';
const NOT_FOUND = 'NOT_FOUND NOT_FOUND';

/** Announces bytes, sends them, and commits; the bytes may differ from what was announced. */
async function commit({ services }: World, bytes: Buffer, mediaType = 'image/png'): Promise<unknown> {
  const reserved = { sha256: sha256(bytes), sizeBytes: BigInt(bytes.length), mediaType };
  const { uploadId, url, headers } = await services.images.createUpload(reserved);
  const sent = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) });
  if (!sent.ok) throw new Error(`the upload was refused with ${sent.status}`);
  return services.images.commitImage({ uploadId });
}

const upload =
  (fields: object): Row[2] =>
  ({ services }) =>
    services.images.createUpload({
      sha256: 'a'.repeat(64),
      sizeBytes: 10n,
      mediaType: 'image/png',
      ...fields,
    });

/** What ImageService refuses. */
export const badImages: readonly Row[] = [
  ['CreateUpload without a digest', `${INVALID} sha256`, upload({ sha256: '' })],
  ['CreateUpload of nothing', `${INVALID} size_bytes`, upload({ sizeBytes: 0n })],
  ['CreateUpload of more than 256 MiB', `${INVALID} size_bytes`, upload({ sizeBytes: 268_435_457n })],
  ['CreateUpload of a GIF', `${INVALID} media_type`, upload({ mediaType: 'image/gif' })],
  [
    'CommitImage of an upload that is not',
    'FAILED_PRECONDITION UPLOAD_MISSING',
    ({ services }) => services.images.commitImage({ uploadId: NOBODY }),
  ],
  [
    'CommitImage before the bytes',
    'FAILED_PRECONDITION UPLOAD_MISSING',
    async ({ services }) => {
      const { uploadId } = await services.images.createUpload({
        sha256: 'b'.repeat(64),
        sizeBytes: 10n,
        mediaType: 'image/png',
      });
      return services.images.commitImage({ uploadId });
    },
  ],
  ['CommitImage of a zip', 'INVALID_ARGUMENT NOT_AN_IMAGE upload_id', (world) => commit(world, zipBytes)],
  [
    'CommitImage of a PNG as JPEG',
    'INVALID_ARGUMENT NOT_AN_IMAGE upload_id',
    async (world) => commit(world, await plainPng(), 'image/jpeg'),
  ],
  [
    'CommitImage of a PNG that is cut off',
    'INVALID_ARGUMENT NOT_AN_IMAGE upload_id',
    async (world) => {
      const whole = await plainPng('#2266aa', 512, 512);
      return commit(world, whole.subarray(0, whole.length - 400));
    },
  ],
  [
    'CommitImage of a decompression bomb',
    'INVALID_ARGUMENT IMAGE_TOO_LARGE upload_id',
    (world) => commit(world, bombPng()),
  ],
  ['GetImage of none', NOT_FOUND, ({ services }) => services.images.getImage({ name: `images/${NOBODY}` })],
  [
    'GetImage of a malformed name',
    `${INVALID} name`,
    ({ services }) => services.images.getImage({ name: 'images/../../secret' }),
  ],
  [
    'GetImageUrl of none',
    NOT_FOUND,
    ({ services }) => services.images.getImageUrl({ name: `images/${NOBODY}` }),
  ],
  [
    'GetImageUrl for a day',
    `${INVALID} lifetime_seconds`,
    ({ services, image }) => services.images.getImageUrl({ name: image, lifetimeSeconds: 86_400 }),
  ],
  [
    'ListImages with a made-up token',
    'INVALID_ARGUMENT INVALID_PAGE_TOKEN page_token',
    ({ services }) => services.images.listImages({ pageToken: 'made-up' }),
  ],
  [
    'DeleteImage of none',
    NOT_FOUND,
    ({ services }) => services.images.deleteImage({ name: `images/${NOBODY}` }),
  ],
  [
    'VerifyImage of no digest',
    `${INVALID} sha256`,
    ({ services }) => services.images.verifyImage({ sha256: 'abc' }),
  ],
];
