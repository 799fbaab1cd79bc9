import { deflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { decodeImage, defaultDecodeLimits } from '../../src/checks/index.ts';
import { circle, draw, picture } from './draw.ts';

const drawn = draw(circle(150, 100, 60, '#c33'), '#ffffff', 300, 200);

/** CRC-32 as PNG chunks carry it. */
function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let k = 0; k < 8; k++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(body.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc(named), named.length + 4);
  return out;
}

/** A tiny file that announces, and would inflate to, a gigantic grey picture. */
function bomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The central parts of an empty zip archive with one stored entry. */
const zip = Buffer.from('504b03040a00000000000000000000000000000000000000000001000000610000504b0506', 'hex');

describe('decodeImage refuses', () => {
  const cases: [string, () => Buffer | Promise<Buffer>, string][] = [
    ['no bytes', () => Buffer.alloc(0), 'EMPTY'],
    ['a zip renamed to .png', () => zip, 'NOT_AN_IMAGE'],
    ['a web page', () => Buffer.from('<!doctype html><title>no</title>'), 'NOT_AN_IMAGE'],
    [
      'random bytes',
      () => Buffer.from(Uint8Array.from({ length: 4096 }, (_, i) => (i * 197 + 13) % 251)),
      'NOT_AN_IMAGE',
    ],
    [
      'an SVG',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'UNSUPPORTED_FORMAT',
    ],
    ['a PDF', () => Buffer.from('%PDF-1.7\n'), 'UNSUPPORTED_FORMAT'],
    ['a bomb', () => bomb(60_000), 'TOO_MANY_PIXELS'],
    ['a PNG signature alone', async () => (await drawn).subarray(0, 8), 'CORRUPT'],
    [
      'a truncated PNG',
      async () => (await drawn).subarray(0, Math.floor((await drawn).length / 2)),
      'CORRUPT',
    ],
    [
      'a truncated JPEG',
      async () => {
        const jpeg = await sharp(await drawn)
          .jpeg()
          .toBuffer();
        return jpeg.subarray(0, Math.floor(jpeg.length / 2));
      },
      'CORRUPT',
    ],
    [
      'a PNG with a broken checksum',
      async () => {
        const broken = Buffer.from(await drawn);
        const at = broken.indexOf('IDAT') + 20;
        broken[at] = (broken[at] as number) ^ 0xff;
        return broken;
      },
      'CORRUPT',
    ],
  ];
  test.each(cases)('%s', async (_, bytes, code) => {
    await expect(decodeImage(await bytes())).rejects.toMatchObject({ name: 'ImageError', code });
  });

  test('what is over the limits of the caller', async () => {
    const bytes = await drawn;
    await expect(decodeImage(bytes, { ...defaultDecodeLimits, maxPixels: 59_999 })).rejects.toMatchObject({
      code: 'TOO_MANY_PIXELS',
    });
    await expect(decodeImage(bytes, { ...defaultDecodeLimits, maxBytes: 100 })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    expect((await decodeImage(bytes, { ...defaultDecodeLimits, maxPixels: 60_000 })).header.width).toBe(300);
  });
});

describe('decodeImage reads', () => {
  test.each(['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'] as const)('%s', async (format) => {
    const image = await decodeImage(
      await sharp(await drawn)
        .toFormat(format)
        .toBuffer(),
    );
    expect(image.header).toMatchObject({ format, width: 300, height: 200, frames: 1 });
    expect(image.working.data.length).toBe(300 * 200 * 4);
  });

  test('a picture as it is shown, after its orientation', async () => {
    const turned = await sharp(await drawn)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const image = await decodeImage(turned);
    expect([image.header.width, image.header.height]).toEqual([200, 300]);
    expect([image.working.width, image.working.height]).toEqual([200, 300]);
  });

  test('a greyscale picture and one with a palette as sRGB', async () => {
    const grey = await decodeImage(
      await sharp(await drawn)
        .greyscale()
        .png()
        .toBuffer(),
    );
    const palette = await decodeImage(
      await sharp(await drawn)
        .png({ palette: true, colours: 8 })
        .toBuffer(),
    );
    for (const image of [grey, palette])
      expect([...image.working.data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
  });

  test('a one-pixel picture, without a fault in what is derived from it', async () => {
    const image = await decodeImage(
      await sharp({ create: { width: 1, height: 1, channels: 3, background: '#888' } })
        .png()
        .toBuffer(),
    );
    expect(image.segmentation.objects).toEqual([]);
  });

  test('a large picture into a small working raster, and again at a size asked for', async () => {
    const image = await picture(circle(800, 600, 300, '#c33'), '#fff', 1600, 1200);
    expect([image.working.width, image.working.height]).toEqual([384, 288]);
    const larger = await image.scaled(1000);
    expect([larger.width, larger.height]).toEqual([1000, 750]);
    expect(await image.scaled(1000)).toBe(larger);
    expect((await image.scaled(9000)).width).toBe(1600);
  });
});
