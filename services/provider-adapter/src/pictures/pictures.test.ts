import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { Spool } from '../spool/spool.ts';
import { finishPicture } from './finish-picture.ts';
import { changeImage } from './mask.ts';
import { findMismatches } from './mismatches.ts';
import { NotAPictureError, readPicture } from './picture.ts';

const directory = await mkdtemp(join(tmpdir(), 'pictures-'));
const spool = new Spool(directory);
afterAll(() => rm(directory, { recursive: true }));

const red = sharp({ create: { width: 80, height: 60, channels: 3, background: '#ff0000' } });
const png = await red.clone().png().toBuffer();

describe('reading', () => {
  test('goes by the bytes', async () => {
    const jpeg = await red.clone().jpeg().toBuffer();
    expect(await readPicture(jpeg)).toEqual({
      width: 80,
      height: 60,
      format: 'jpeg',
      mediaType: 'image/jpeg',
      hasAlpha: false,
    });
  });

  test.each([
    ['a zip', Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex')],
    ['nothing', Buffer.alloc(0)],
    ['half a picture', png.subarray(0, png.length - 30)],
    ['a GIF', Buffer.from('GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;', 'latin1')],
    ['text', Buffer.from('<html>error</html>')],
  ])('refuses %s', async (_name, bytes) => {
    await expect(readPicture(bytes)).rejects.toBeInstanceOf(NotAPictureError);
  });
});

describe('finishing', () => {
  test('changes nothing where nothing was asked', async () => {
    const file = await spool.write(png);
    const finish = { size: { width: 80, height: 60 } };
    expect(await finishPicture(file, await readPicture(file), finish, spool)).toBeUndefined();
  });

  test('crops to the exact size, and encodes anew', async () => {
    const finish = { size: { width: 50, height: 50 }, format: 'webp', compression: 40 };
    const file = await spool.write(png);
    const finished = await finishPicture(file, await readPicture(file), finish, spool);
    expect(await readPicture(finished ?? Buffer.alloc(0))).toMatchObject({
      width: 50,
      height: 50,
      format: 'webp',
    });
  });
});

test('mismatches compare the header with what was asked', async () => {
  const picture = await readPicture(png);
  const expected = { size: { width: 80, height: 80 }, format: 'webp', background: 'transparent' };
  expect(findMismatches(picture, expected)).toEqual([
    { field: 'size', asked: '80x80', got: '80x60' },
    { field: 'output_format', asked: 'webp', got: 'png' },
    { field: 'background', asked: 'transparent', got: 'opaque' },
  ]);
  expect(findMismatches(picture, { aspectRatio: '4:3' })).toEqual([]);
  expect(findMismatches(picture, { aspectRatio: '1:1' })).toMatchObject([{ field: 'aspect_ratio' }]);
});

test('a mask is turned to the polarity of the provider', async () => {
  // Left half white: repaint here.
  const white = await sharp({ create: { width: 2, height: 4, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer();
  const mask = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#000000' } })
    .composite([{ input: white, left: 0, top: 0 }])
    .png()
    .toBuffer();
  const image = { bytes: mask, mediaType: 'image/png', sha256: '' };
  const pixels = async (change: 'mask_invert' | 'mask_alpha') => {
    const { bytes } = await changeImage(image, change);
    const rgba = await sharp(bytes).ensureAlpha().raw().toBuffer();
    return [rgba[0], rgba[3], rgba[12], rgba[15]];
  };
  // Red and alpha of the first and the last pixel of the first row.
  expect(await pixels('mask_invert')).toEqual([0, 255, 255, 255]);
  expect(await pixels('mask_alpha')).toEqual([0, 0, 0, 255]);
  expect(await changeImage(image, 'none')).toBe(image);
});
