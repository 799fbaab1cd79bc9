import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Secret } from '@atelier/config';
import { createLogger } from '@atelier/observability';
import { expect, test } from '@jest/globals';
import { FsBlobStore } from '../src/blobs/fs/fs-blob-store.ts';
import { keptSigningKey } from '../src/blobs/fs/signing-key.ts';
import { UrlSigner } from '../src/blobs/fs/url-signer.ts';
import { serveBlobs } from '../src/blobs/http/blob-server.ts';
import { type BlobStoreFixture, describeBlobStore } from './blobs-conformance.ts';
import { sha256, temporaryDirectory } from './harness.ts';

async function openStore(): Promise<
  BlobStoreFixture & { readonly blobs: FsBlobStore; readonly folder: string }
> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(temporaryDirectory()).path;
  const signer = new UrlSigner(new Secret('key'), { internal: '', public: '' });
  const blobs = stack.use(await FsBlobStore.open(folder, signer));
  const log = createLogger({ service: 'storage', level: 'silent' });
  const address = { host: '127.0.0.1', port: 0 };
  const server = stack.use(await serveBlobs({ address, blobs, signer, log, now: () => new Date() }));
  const origin = `http://127.0.0.1:${server.port}`;
  signer.origins = { internal: origin, public: origin };
  const uriPrefix = `${pathToFileURL(join(folder, 'objects')).href}/`;
  return { blobs, folder, uriPrefix, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describeBlobStore('the local directory', openStore);

test('an upload that breaks off leaves nothing behind, and what an earlier process left goes at the start', async () => {
  await using store = await openStore();
  const terms = { sizeBytes: 100, sha256: sha256(Buffer.alloc(100)), mediaType: 'image/png' };
  const broken = new Readable({
    read() {
      this.push(Buffer.alloc(10));
      this.destroy(new Error('gone'));
    },
  });
  await expect(store.blobs.receive('uploads/a', broken, terms)).rejects.toMatchObject({
    name: 'UploadRefused',
  });
  await expect(
    store.blobs.receive('uploads/a', Readable.from([Buffer.alloc(101)]), terms),
  ).rejects.toMatchObject({
    why: 'too-long',
  });
  expect(readdirSync(join(store.folder, 'temporary'))).toEqual([]);
  expect(await store.blobs.head('uploads/a')).toBeUndefined();
});

test('the signing key is made once, and only its owner reads it', async () => {
  using directory = temporaryDirectory();
  const keys = await Promise.all([1, 2, 3].map(() => keptSigningKey(directory.path)));
  expect(new Set(keys.map((key) => key.reveal())).size).toBe(1);
  expect(keys[0]?.reveal()).toHaveLength(43);
  expect(statSync(join(directory.path, 'signing-key')).mode & 0o777).toBe(0o600);
  expect((await keptSigningKey(directory.path)).reveal()).toBe(keys[0]?.reveal());
});
