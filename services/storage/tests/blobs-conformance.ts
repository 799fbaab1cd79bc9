import { putBytes } from '@atelier/transfer';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BlobBody, BlobStore, SignOptions } from '../src/blobs/blob-store.ts';
import { sha256 } from './harness.ts';

/** A store to test, with a server behind its signed URLs. */
export interface BlobStoreFixture extends AsyncDisposable {
  readonly blobs: BlobStore;
  /** What the addresses of the store begin with. */
  readonly uriPrefix: string;
}

/** What every object store must do, whatever it is made of. Each test uses a prefix of its own. */
export function describeBlobStore(name: string, open: () => Promise<BlobStoreFixture>): void {
  describe(name, () => {
    let fixture: BlobStoreFixture;
    let blobs: BlobStore;
    beforeAll(async () => {
      fixture = await open();
      blobs = fixture.blobs;
    });
    afterAll(async () => fixture[Symbol.asyncDispose]());

    const content = Buffer.from('the bytes of an object');
    const terms = { sizeBytes: content.length, sha256: sha256(content), mediaType: 'image/png' };
    const soon = (): SignOptions => ({ audience: 'internal', expireTime: new Date(Date.now() + 60_000) });

    test('keeps what was put first', async () => {
      expect(await blobs.putIfAbsent('put/a', content)).toBe(true);
      expect(await blobs.putIfAbsent('put/a', Buffer.from('other'))).toBe(false);
      expect(await blobs.get('put/a')).toEqual(content);
      expect(await blobs.head('put/a')).toEqual({ sizeBytes: content.length });
    });

    test('lets exactly one of many win a key', async () => {
      const puts = Array.from({ length: 16 }, (_, index) =>
        blobs.putIfAbsent('race/a', Buffer.from(`${index}`)),
      );
      const won = await Promise.all(puts);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(String(await blobs.get('race/a'))).toBe(String(won.indexOf(true)));
    });

    test('has nothing where nothing was put', async () => {
      expect(await blobs.get('none/a')).toBeUndefined();
      expect(await blobs.head('none/a')).toBeUndefined();
      expect(await blobs.open('none/a')).toBeUndefined();
      expect(await blobs.move('none/a', 'none/b')).toBe(false);
      expect(await blobs.get('put')).toBeUndefined();
      expect(await all(blobs.list('none/'))).toEqual([]);
      expect(await blobs.listSegments('none/')).toEqual([]);
      await blobs.delete(['none/a']);
    });

    test('reads the whole or a part', async () => {
      await blobs.putIfAbsent('read/a', content);
      expect(await text(await blobs.open('read/a'))).toBe(String(content));
      expect(await text(await blobs.open('read/a', { start: 4, end: 8 }))).toBe('bytes');
    });

    test('moves to a free key, and leaves a taken one as it is', async () => {
      await blobs.putIfAbsent('move/from/a', content);
      expect(await blobs.move('move/from/a', 'move/to/a')).toBe(true);
      expect(await blobs.get('move/from/a')).toBeUndefined();
      await blobs.putIfAbsent('move/from/a', Buffer.from('other'));
      expect(await blobs.move('move/from/a', 'move/to/a')).toBe(true);
      expect(await blobs.get('move/to/a')).toEqual(content);
      expect(await blobs.get('move/from/a')).toBeUndefined();
    });

    test('deletes, and takes the key again', async () => {
      await blobs.putIfAbsent('delete/a/b', content);
      await blobs.putIfAbsent('delete/c', content);
      await blobs.delete(['delete/a/b', 'delete/c']);
      expect(await all(blobs.list('delete/'))).toEqual([]);
      expect(await blobs.putIfAbsent('delete/a/b', content)).toBe(true);
    });

    test('lists by the bytes of the keys', async () => {
      const keys = ['list/a/b/c', 'list/a/b-c', 'list/a.b', 'list/B', 'list/a/10', 'list/a/9', 'list/_x/y'];
      for (const key of keys) await blobs.putIfAbsent(key, Buffer.from(key));
      await blobs.putIfAbsent('listed/not', content);
      const found = await all(blobs.list('list/'));
      expect(found.map(({ key }) => key)).toEqual(keys.toSorted());
      expect(found.map(({ sizeBytes }) => sizeBytes)).toEqual(keys.toSorted().map((key) => key.length));
      expect(await blobs.listSegments('list/')).toEqual(['B', '_x', 'a', 'a.b']);
    });

    test.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', 'a/.b', 'a b', 'a\0b'])(
      'does not take %j for a key',
      async (key) => {
        await expect(blobs.get(key)).rejects.toThrow(TypeError);
        await expect(blobs.putIfAbsent(key, content)).rejects.toThrow(TypeError);
      },
    );

    test('takes an upload by a signed URL, and gives it back by another', async () => {
      const upload = await blobs.signUpload('signed/a', terms, soon());
      await putBytes(upload, content);
      expect(await blobs.get('signed/a')).toEqual(content);
      const { url, expireTime } = await blobs.signDownload('signed/a', terms, soon());
      expect(expireTime.getTime()).toBeGreaterThan(Date.now());
      const answer = await fetch(url);
      expect(answer.headers.get('content-type')).toBe('image/png');
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(content);
    });

    test('takes no other bytes by a signed URL', async () => {
      const upload = await blobs.signUpload('signed/b', terms, soon());
      await expect(putBytes(upload, Buffer.alloc(content.length))).rejects.toMatchObject({
        name: 'TransferError',
      });
      await expect(putBytes(upload, Buffer.alloc(3))).rejects.toMatchObject({ name: 'TransferError' });
      expect(await blobs.head('signed/b')).toBeUndefined();
    });

    test('has immutable addresses', () => {
      expect(blobs.uri('a/b')).toBe(`${fixture.uriPrefix}a/b`);
    });
  });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function text(body: BlobBody | undefined): Promise<string> {
  return body === undefined ? '' : Buffer.concat(await all<Buffer>(body.stream)).toString();
}
