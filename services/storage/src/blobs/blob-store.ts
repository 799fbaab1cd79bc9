import type { Readable } from 'node:stream';

/** For whom a signed URL is: it decides the host that the URL names. */
export type BlobAudience = 'internal' | 'public';

/** What is known of an object without reading it. */
export interface BlobHead {
  readonly sizeBytes: number;
}

/** A part of an object: bytes `start` to `end`, both included, from 0. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** An object that is being read. The stream must be consumed or destroyed. */
export interface BlobBody {
  readonly sizeBytes: number;
  readonly stream: Readable;
}

/** What an upload must be: its URL is good for these bytes alone. */
export interface UploadTerms {
  readonly sizeBytes: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  readonly mediaType: string;
}

/** What a download says of itself: the digest becomes the entity tag. */
export interface DownloadTerms {
  readonly sha256: string;
  readonly mediaType: string;
}

/** A URL that needs no further credential until it expires. */
export interface SignedUrl {
  readonly url: string;
  /** What the request must carry, as it is signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expireTime: Date;
}

/** How a URL is signed. */
export interface SignOptions {
  readonly audience: BlobAudience;
  readonly expireTime: Date;
}

/** One object of a listing. */
export interface BlobEntry {
  readonly key: string;
  readonly sizeBytes: number;
}

/**
 * The object store: whole, immutable objects under keys. Nothing half-written is ever visible, and what was put is
 * durable when the call returns. Keys are segments of letters, digits and `._:=-` between slashes, and no key is a
 * prefix of another by whole segments. A key that is not of this form is a TypeError.
 */
export interface BlobStore extends AsyncDisposable {
  /** Puts an object unless there is one; tells whether it was put. Of several at once exactly one succeeds. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>;
  /** Reads a small object whole; undefined where there is none. */
  get(key: string): Promise<Buffer | undefined>;
  /** Opens an object, or a part of it, for reading; undefined where there is none. The range must lie within it. */
  open(key: string, range?: ByteRange): Promise<BlobBody | undefined>;
  /** What is known of an object; undefined where there is none. */
  head(key: string): Promise<BlobHead | undefined>;
  /**
   * Moves an object to a key that is not taken, and tells whether it was there to be moved. Where the new key is taken,
   * that object stays and the old one goes: keys of moved objects name their content.
   */
  move(from: string, to: string): Promise<boolean>;
  /** Deletes objects; one that is not there is no error. */
  delete(keys: readonly string[]): Promise<void>;
  /** All objects whose key begins with the prefix (which ends with a slash), in the order of their keys' bytes. */
  list(prefix: string): AsyncIterable<BlobEntry>;
  /** The next segments below a prefix that ends with a slash, in order, without listing what is below them. */
  listSegments(prefix: string): Promise<readonly string[]>;
  /** The immutable address of a key, for records: `file:///…` or `s3://bucket/…`. */
  uri(key: string): string;
  /** A URL to PUT the bytes of one object to. */
  signUpload(key: string, terms: UploadTerms, options: SignOptions): Promise<SignedUrl>;
  /** A URL to GET an object from. */
  signDownload(key: string, terms: DownloadTerms, options: SignOptions): Promise<SignedUrl>;
}

const KEY = /^[A-Za-z0-9_][A-Za-z0-9._:=-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._:=-]*)*$/;

/** S3 allows so many bytes. */
const MAX_KEY_LENGTH = 1_024;

/** Gives the key back, or throws a TypeError: a key never leaves the store, whatever it was made from. */
export function checkedKey(key: string): string {
  if (key.length > MAX_KEY_LENGTH || !KEY.test(key)) throw new TypeError('not a key of the object store');
  return key;
}
