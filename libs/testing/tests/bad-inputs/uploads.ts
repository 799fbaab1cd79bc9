import { setTimeout } from 'node:timers/promises';
import { plainPng, sha256 } from '../support/pictures.ts';
import { HttpRefusal } from '../support/refusal.ts';
import type { Row, World } from './world.ts';

/** A reserved upload of a PNG. */
async function reserved({ services }: World) {
  const bytes = await plainPng('#118833');
  const announced = { sha256: sha256(bytes), sizeBytes: BigInt(bytes.length), mediaType: 'image/png' };
  const { url, headers } = await services.images.createUpload(announced);
  return { url: new URL(url), headers, bytes };
}

interface Attempt {
  url: URL;
  headers: Record<string, string>;
  bytes: Buffer;
  method?: string;
}

/** Changes an upload before it is sent; gives status and reason as one line. */
function sending(change: (attempt: Attempt) => void): Row[2] {
  return async (world) => {
    const attempt: Attempt = await reserved(world);
    change(attempt);
    const { url, headers, bytes, method = 'PUT' } = attempt;
    const body = method === 'GET' ? {} : { body: new Uint8Array(bytes) };
    const response = await fetch(url, { method, headers, ...body });
    const { reason } = (await response.json()) as { reason: string };
    throw new HttpRefusal(`${response.status} ${reason}`);
  };
}

/** What storage's own HTTP port refuses: signed URLs that are not what was signed. */
export const badUploads: readonly Row[] = [
  [
    'a forged signature',
    '403 UNAUTHENTICATED',
    sending(({ url }) => {
      for (const [name, value] of url.searchParams) {
        if (value.length > 20)
          url.searchParams.set(
            name,
            value.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
          );
      }
    }),
  ],
  [
    'no signature',
    '403 UNAUTHENTICATED',
    sending(({ url }) => {
      url.search = '';
    }),
  ],
  [
    'the path of another object',
    '403 UNAUTHENTICATED',
    sending(({ url }) => {
      url.pathname = `${url.pathname}0`;
    }),
  ],
  [
    'a path out of the store',
    '403 UNAUTHENTICATED',
    sending(({ url }) => {
      url.pathname = '/blobs/..%2f..%2fetc%2fpasswd';
    }),
  ],
  [
    'reading by the URL of an upload',
    '403 UNAUTHENTICATED',
    sending((attempt) => {
      attempt.method = 'GET';
    }),
  ],
  [
    'deleting',
    '405 INVALID_FIELD',
    sending((attempt) => {
      attempt.method = 'DELETE';
    }),
  ],
  [
    'a URL that says that it is good for longer',
    '403 UNAUTHENTICATED',
    sending(({ url }) => {
      for (const [name, value] of url.searchParams) {
        if (/^\d{9,}$/.test(value)) url.searchParams.set(name, String(Number(value) + 3_600));
      }
    }),
  ],
  [
    'reading when the URL has expired',
    '403 UNAUTHENTICATED',
    async ({ services, image }) => {
      const { image: signed } = await services.images.getImageUrl({ name: image, lifetimeSeconds: 1 });
      const { url = '', expireTime } = signed ?? {};
      const endsAt = Number(expireTime?.seconds ?? 0) * 1_000;
      await setTimeout(Math.max(0, endsAt - Date.now()) + 1);
      const response = await fetch(url);
      const { reason } = (await response.json()) as { reason: string };
      throw new HttpRefusal(`${response.status} ${reason}`);
    },
  ],
  [
    'other bytes of that length',
    '400 DIGEST_MISMATCH',
    sending(({ bytes }) => {
      bytes.fill(0, 40, 60);
    }),
  ],
  [
    'fewer bytes',
    '400 DIGEST_MISMATCH',
    sending((attempt) => {
      attempt.bytes = attempt.bytes.subarray(0, 50);
    }),
  ],
  [
    'more bytes',
    '413 DIGEST_MISMATCH',
    sending((attempt) => {
      attempt.bytes = Buffer.concat([attempt.bytes, Buffer.alloc(100)]);
    }),
  ],
  [
    'another media type',
    '403 UNAUTHENTICATED',
    sending(({ headers }) => {
      headers['content-type'] = 'image/webp';
    }),
  ],
];
