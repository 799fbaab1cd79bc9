import { deflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { caller, fixture, picture, refusal, sha256, uploadBytes } from './harness.ts';

const red = caller('red');

/** A PNG chunk: length, type, data and CRC-32 (PNG specification, section 5). */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A PNG of a few kilobytes that would be 3.6 gigabytes of pixels. */
function bomb(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(60_000, 0);
  header.writeUInt32BE(60_000, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(1_000_000));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const zip = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(200)]);

describe('an upload is refused at commit', () => {
  test.each([
    ['a zip that is called a PNG', async () => zip, 'image/png', 'NOT_AN_IMAGE'],
    ['a JPEG that is called a PNG', () => picture('jpeg'), 'image/png', 'NOT_AN_IMAGE'],
    ['a PNG that is called a WebP', () => picture('png'), 'image/webp', 'NOT_AN_IMAGE'],
    [
      'a page of HTML',
      async () => Buffer.from('<html><script>1</script></html>'),
      'image/png',
      'NOT_AN_IMAGE',
    ],
    ['one byte', async () => Buffer.from([0x89]), 'image/png', 'NOT_AN_IMAGE'],
    [
      'a PNG cut off in the middle',
      async () => (await picture('png', { size: 512 })).subarray(0, 900),
      'image/png',
      'NOT_AN_IMAGE',
    ],
    [
      'a JPEG cut off in the middle',
      async () => (await picture('jpeg', { size: 512 })).subarray(0, 2_000),
      'image/jpeg',
      'NOT_AN_IMAGE',
    ],
    [
      'a signature of PNG and nothing else',
      async () => (await picture()).subarray(0, 30),
      'image/png',
      'NOT_AN_IMAGE',
    ],
    ['a decompression bomb', async () => bomb(), 'image/png', 'IMAGE_TOO_LARGE'],
  ])('%s', async (_, make, mediaType, reason) => {
    await using storage = await fixture();
    const uploadId = await uploadBytes(storage, await make(), { mediaType });
    expect(await refusal(storage.images.commitImage({ uploadId }, { principal: red }))).toBe(
      `INVALID_ARGUMENT ${reason}`,
    );
    expect((await storage.images.listImages({}, { principal: red })).images).toEqual([]);
  });

  test.each([
    ['an unknown upload', '0'.repeat(32)],
    ['an id that is a path', '../../../signing-key'],
    ['an upload whose bytes did not arrive', 'reserved'],
  ])('%s', async (_, id) => {
    await using storage = await fixture();
    const bytes = await picture();
    const reserved = await storage.images.createUpload(
      { sha256: sha256(bytes), sizeBytes: BigInt(bytes.length), mediaType: 'image/png' },
      { principal: red },
    );
    const uploadId = id === 'reserved' ? reserved.uploadId : id;
    expect(await refusal(storage.images.commitImage({ uploadId }, { principal: red }))).toBe(
      'FAILED_PRECONDITION UPLOAD_MISSING',
    );
  });

  test('a picture of more pixels than the operator allows', async () => {
    await using storage = await fixture({ STORAGE_MAX_PIXELS: '4000' });
    const uploadId = await uploadBytes(storage, await picture());
    expect(await refusal(storage.images.commitImage({ uploadId }, { principal: red }))).toBe(
      'INVALID_ARGUMENT IMAGE_TOO_LARGE',
    );
  });
});

test.each([
  ['no digest', { sha256: '', sizeBytes: 1n, mediaType: 'image/png' }],
  ['a digest in upper case', { sha256: 'A'.repeat(64), sizeBytes: 1n, mediaType: 'image/png' }],
  ['no bytes', { sha256: 'a'.repeat(64), sizeBytes: 0n, mediaType: 'image/png' }],
  ['too many bytes', { sha256: 'a'.repeat(64), sizeBytes: 268_435_457n, mediaType: 'image/png' }],
  ['a type that is no picture', { sha256: 'a'.repeat(64), sizeBytes: 1n, mediaType: 'text/html' }],
  ['a type that is not accepted', { sha256: 'a'.repeat(64), sizeBytes: 1n, mediaType: 'image/gif' }],
])('an upload is not reserved for %s', async (_, request) => {
  await using storage = await fixture();
  expect(await refusal(storage.images.createUpload(request, { principal: red }))).toBe(
    'INVALID_ARGUMENT INVALID_FIELD',
  );
});
