import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { errorCode, ifThere } from '../../shared/error-code.ts';
import {
  type BlobBody,
  type BlobEntry,
  type BlobHead,
  type BlobStore,
  type ByteRange,
  checkedKey,
  type DownloadTerms,
  type SignedUrl,
  type SignOptions,
  type UploadTerms,
} from '../blob-store.ts';
import { DurableFiles } from './durable-files.ts';
import { listTree } from './list-tree.ts';
import { receive } from './receive.ts';
import type { UrlSigner } from './url-signer.ts';

/** The object store in a local directory, for one process at a time. Signed URLs lead to its own HTTP server. */
export class FsBlobStore implements BlobStore {
  readonly #root: string;
  readonly #files: DurableFiles;
  readonly #signer: UrlSigner;

  private constructor(root: string, files: DurableFiles, signer: UrlSigner) {
    this.#root = root;
    this.#files = files;
    this.#signer = signer;
  }

  /** Opens the store in a directory, which is made where it is missing. */
  static async open(directory: string, signer: UrlSigner): Promise<FsBlobStore> {
    const root = join(resolve(directory), 'objects');
    const files = new DurableFiles(root, join(resolve(directory), 'temporary'));
    await files.prepare();
    return new FsBlobStore(root, files, signer);
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    const path = this.#path(key);
    return this.#files.publish(await this.#files.writeTemporary(bytes), path);
  }

  /**
   * Takes an upload as it arrives. Resolves once it is durable under its key; where the key is taken, that object stays.
   * Rejects with an `UploadRefused` for other bytes than the terms name, and leaves nothing behind.
   */
  async receive(key: string, stream: Readable, terms: UploadTerms): Promise<void> {
    const path = this.#path(key);
    await this.#files.publish(await receive(stream, terms, this.#files.temporaryPath()), path);
  }

  async get(key: string): Promise<Buffer | undefined> {
    return ifThere(readFile(this.#path(key)));
  }

  async open(key: string, range?: ByteRange): Promise<BlobBody | undefined> {
    const path = this.#path(key);
    const head = await this.head(key);
    if (head === undefined) return undefined;
    return { sizeBytes: head.sizeBytes, stream: createReadStream(path, range) };
  }

  async head(key: string): Promise<BlobHead | undefined> {
    const found = await ifThere(stat(this.#path(key)));
    return found?.isFile() ? { sizeBytes: found.size } : undefined;
  }

  async move(from: string, to: string): Promise<boolean> {
    const [source, target] = [this.#path(from), this.#path(to)];
    try {
      await this.#files.publish(source, target);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    }
    await this.#files.remove([source]);
    return true;
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.#files.remove(keys.map((key) => this.#path(key)));
  }

  list(prefix: string): AsyncIterable<BlobEntry> {
    return listTree(this.#path(prefix.slice(0, -1)), prefix);
  }

  async listSegments(prefix: string): Promise<readonly string[]> {
    const names = await ifThere(readdir(this.#path(prefix.slice(0, -1))));
    return (names ?? []).sort();
  }

  uri(key: string): string {
    return pathToFileURL(this.#path(key)).href;
  }

  async signUpload(key: string, terms: UploadTerms, options: SignOptions): Promise<SignedUrl> {
    const { url, expireTime } = this.#signer.sign({ method: 'PUT', key: checkedKey(key), ...terms }, options);
    return { url, expireTime, headers: { 'content-type': terms.mediaType } };
  }

  async signDownload(key: string, terms: DownloadTerms, options: SignOptions): Promise<SignedUrl> {
    const grant = { method: 'GET' as const, key: checkedKey(key), ...terms, sizeBytes: 0 };
    const { url, expireTime } = this.#signer.sign(grant, options);
    return { url, expireTime, headers: {} };
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #path(key: string): string {
    return join(this.#root, checkedKey(key));
  }
}
