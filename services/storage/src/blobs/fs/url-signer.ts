import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@atelier/config';
import type { BlobAudience } from '../blob-store.ts';

/** What a URL allows: one method on one object, and what the bytes are. */
export interface Grant {
  readonly method: 'GET' | 'PUT';
  readonly key: string;
  /** Length of an upload; 0 for a download. */
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly mediaType: string;
}

/** A grant that was read from a URL, with its end. */
export interface VerifiedGrant extends Grant {
  readonly expireTime: Date;
}

/** Base addresses that signed URLs start with, without a slash at the end. */
export type BlobOrigins = Readonly<Record<BlobAudience, string>>;

/** The path below which objects are served. */
export const BLOB_PATH = '/blobs/';

/** Signs and verifies URLs with HMAC-SHA256. Everything that a URL allows is under the signature, its end included. */
export class UrlSigner {
  readonly #secret: Secret;
  #origins: BlobOrigins;

  constructor(secret: Secret, origins: BlobOrigins) {
    this.#secret = secret;
    this.#origins = origins;
  }

  /** Sets the addresses once they are known, which is after listening where the port was left open. */
  set origins(origins: BlobOrigins) {
    this.#origins = origins;
  }

  /** The URL for a grant. Expiry is kept in whole seconds, rounded up. */
  sign(
    grant: Grant,
    { audience, expireTime }: { readonly audience: BlobAudience; readonly expireTime: Date },
  ): { readonly url: string; readonly expireTime: Date } {
    const seconds = Math.ceil(expireTime.getTime() / 1_000);
    const query = new URLSearchParams({
      method: grant.method,
      expires: String(seconds),
      size: String(grant.sizeBytes),
      sha256: grant.sha256,
      type: grant.mediaType,
      signature: this.#signature(grant, seconds).toString('base64url'),
    });
    const path = grant.key.split('/').map(encodeURIComponent).join('/');
    const url = `${this.#origins[audience]}${BLOB_PATH}${path}?${query}`;
    return { url, expireTime: new Date(seconds * 1_000) };
  }

  /** Reads what a URL allows; undefined where it was not signed here. Whether it has expired is the caller's to ask. */
  verify(key: string, query: URLSearchParams): VerifiedGrant | undefined {
    const method = query.get('method');
    const seconds = wholeNumber(query.get('expires'));
    const sizeBytes = wholeNumber(query.get('size'));
    if ((method !== 'GET' && method !== 'PUT') || seconds === undefined || sizeBytes === undefined)
      return undefined;
    const grant: Grant = {
      method,
      key,
      sizeBytes,
      sha256: query.get('sha256') ?? '',
      mediaType: query.get('type') ?? '',
    };
    const given = Buffer.from(query.get('signature') ?? '', 'base64url');
    const expected = this.#signature(grant, seconds);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return { ...grant, expireTime: new Date(seconds * 1_000) };
  }

  #signature(grant: Grant, seconds: number): Buffer {
    // JSON keeps the fields apart whatever they hold.
    const { method, key, sizeBytes, sha256, mediaType } = grant;
    const text = JSON.stringify(['atelier-blob.v1', method, key, sizeBytes, sha256, mediaType, seconds]);
    return createHmac('sha256', this.#secret.reveal()).update(text).digest();
  }
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
