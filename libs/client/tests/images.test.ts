import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type AtelierError, Code, createAtelier, mediaTypeOf } from '../src/index.ts';
import { startScriptedGateway } from './scripted/gateway.ts';

const png = Buffer.from('\x89PNG\r\n\x1a\n and some pixels', 'latin1');

async function rejection(promise: Promise<unknown>): Promise<AtelierError> {
  return promise.then(
    () => Promise.reject(new Error('expected a rejection')),
    (error) => error,
  );
}

describe('images', () => {
  test('go in by path or bytes, and come out whole', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atelier-client-'));
    await using gateway = await startScriptedGateway();
    using atelier = createAtelier({ address: gateway.address });
    await writeFile(join(folder, 'in.png'), png);
    const byPath = await atelier.uploadReference(join(folder, 'in.png'));
    const byBytes = await atelier.uploadReference(png, 'image/png');
    expect(byPath).toMatchObject({
      mediaType: 'image/png',
      sizeBytes: BigInt(png.length),
      sha256: byBytes.sha256,
    });
    expect(Buffer.from(await atelier.downloadImage(byPath))).toEqual(png);
    await atelier.downloadImage(byBytes.name, join(folder, 'out.png'));
    expect(await readFile(join(folder, 'out.png'))).toEqual(png);
    expect((await readdir(folder)).sort()).toEqual(['in.png', 'out.png']);
    await rm(folder, { recursive: true });
  });

  test('are tried again while the store is busy', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = createAtelier({ address: gateway.address });
    gateway.store.answers.push(503);
    const ref = await atelier.uploadReference(png);
    gateway.store.answers.push(429, 500);
    expect(Buffer.from(await atelier.downloadImage(ref))).toEqual(png);
  });

  test('with other bytes than their reference names are refused', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atelier-client-'));
    await using gateway = await startScriptedGateway();
    using atelier = createAtelier({ address: gateway.address });
    const ref = await atelier.uploadReference(png);
    gateway.store.corrupt = true;
    const error = await rejection(atelier.downloadImage(ref, join(folder, 'out.png')));
    expect(error).toMatchObject({ code: Code.DATA_LOSS, reason: 'DIGEST_MISMATCH' });
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test('that the store refuses end with what it says, without a repeat', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = createAtelier({ address: gateway.address });
    const ref = await atelier.uploadReference(png);
    gateway.store.answers.push(403, 503);
    const error = await rejection(atelier.downloadImage(ref));
    expect(error).toMatchObject({ code: Code.PERMISSION_DENIED, metadata: { status: '403' } });
    expect(gateway.store.answers).toEqual([503]);
  });

  test('that are none are refused before anything is sent', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = createAtelier({ address: gateway.address });
    const before = gateway.store.imageNames.length;
    const error = await rejection(atelier.uploadReference(Buffer.from('GIF89a')));
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, reason: 'NOT_AN_IMAGE' });
    expect(gateway.store.imageNames).toHaveLength(before);
  });

  test.each([
    ['image/jpeg', '\xff\xd8\xff\xe0'],
    ['image/webp', 'RIFF\x10\0\0\0WEBPVP8 '],
    ['image/png', '\x89PNG\r\n\x1a\n'],
  ])('of type %s are known by their first bytes', (type, head) => {
    expect(mediaTypeOf(Buffer.from(head, 'latin1'))).toBe(type);
  });
});
