import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { shownImage } from '../../src/pixels/index.ts';
import { seeded } from '../checks/draw.ts';

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#336699' } });

/** Pixels that no format makes small. */
async function noise(side: number) {
  const next = seeded(5);
  const data = Buffer.from(Array.from({ length: side * side * 3 }, () => Math.floor(next() * 256)));
  return sharp(data, { raw: { width: side, height: side, channels: 3 } });
}

describe('what models are shown', () => {
  test.each(['png', 'jpeg', 'webp'] as const)('a %s that fits goes byte by byte', async (format) => {
    const bytes = await plain(640, 480).toFormat(format).toBuffer();
    const shown = await shownImage({ bytes });
    expect(shown).toEqual({ bytes, mediaType: `image/${format}`, width: 640, height: 480, isChanged: false });
  });

  test.each(['png', 'jpeg', 'webp'] as const)('a large %s is made smaller and stays one', async (format) => {
    const shown = await shownImage({ bytes: await plain(4096, 1024).toFormat(format).toBuffer() });
    expect(shown).toMatchObject({ mediaType: `image/${format}`, width: 2048, height: 512, isChanged: true });
    expect((await sharp(shown.bytes).metadata()).format).toBe(format);
  });

  test('a channel for transparency that hides nothing changes nothing', async () => {
    const bytes = await plain(64, 48).ensureAlpha().png().toBuffer();
    expect(await shownImage({ bytes })).toMatchObject({ bytes, isChanged: false });
  });

  test('other formats come as PNG', async () => {
    const shown = await shownImage({ bytes: await plain(64, 64).gif().toBuffer() });
    expect(shown).toMatchObject({ mediaType: 'image/png', isChanged: true });
  });

  test('a picture that lies on its side is put upright', async () => {
    const bytes = await plain(64, 32).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await shownImage({ bytes })).toMatchObject({ width: 32, height: 64, isChanged: true });
  });

  test('print colours and 16 bits come as what a screen shows', async () => {
    const cmyk = await plain(64, 32).toColourspace('cmyk').jpeg().toBuffer();
    const deep = await plain(64, 32).toColourspace('rgb16').png().toBuffer();
    expect(await sharp(cmyk).metadata()).toMatchObject({ space: 'cmyk' });
    expect(await sharp(deep).metadata()).toMatchObject({ depth: 'ushort' });
    for (const bytes of [cmyk, deep]) {
      const shown = await shownImage({ bytes });
      expect(shown.isChanged).toBe(true);
      expect(await sharp(shown.bytes).metadata()).toMatchObject({ space: 'srgb', depth: 'uchar' });
    }
  });

  test('colours of a wide profile come as those of sRGB; a profile that is sRGB changes nothing', async () => {
    const wide = await plain(64, 32).withIccProfile('p3').jpeg().toBuffer();
    expect(await shownImage({ bytes: wide })).toMatchObject({ isChanged: true });
    const usual = await plain(64, 32).withIccProfile('srgb').jpeg().toBuffer();
    expect(await shownImage({ bytes: usual })).toMatchObject({ isChanged: false });
  });

  test('of a film the first frame is shown', async () => {
    const frames = Buffer.concat([Buffer.alloc(32 * 32 * 3, 0), Buffer.alloc(32 * 32 * 3, 255)]);
    const bytes = await sharp(frames, { raw: { width: 32, height: 64, channels: 3, pageHeight: 32 } })
      .webp({ loop: 0, lossless: true })
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    const shown = await shownImage({ bytes });
    expect(shown).toMatchObject({ mediaType: 'image/webp', width: 32, height: 32, isChanged: true });
    expect((await sharp(shown.bytes).metadata()).pages ?? 1).toBe(1);
    expect((await sharp(shown.bytes).stats()).channels[0]?.mean).toBeLessThan(10);
  });

  test('what transparency hides is not shown, and a light subject does not vanish', async () => {
    const cutOut = async (subject: number) => {
      // What is hidden says something else than what is seen.
      const pixels = Buffer.from(
        Array.from({ length: 64 * 64 }, (_, at) =>
          at % 64 < 32 ? Array(3).fill(subject) : [200, 0, 0, 0],
        ).flatMap((pixel) => (pixel.length === 4 ? pixel : [...pixel, 255])),
      );
      const bytes = await sharp(pixels, { raw: { width: 64, height: 64, channels: 4 } })
        .png()
        .toBuffer();
      const shown = await shownImage({ bytes });
      const { data, info } = await sharp(shown.bytes).raw().toBuffer({ resolveWithObject: true });
      expect(info.channels).toBe(3);
      return [...data.subarray(40 * 3, 41 * 3)];
    };
    expect(await cutOut(30)).toEqual([255, 255, 255]);
    expect(await cutOut(250)).toEqual([128, 128, 128]);
  });

  test('a file that vendors would refuse for its bytes becomes one that they take', async () => {
    const bytes = await (await noise(1200)).png().toBuffer();
    expect(bytes.length).toBeGreaterThan(3_750_000);
    const shown = await shownImage({ bytes });
    expect(shown.bytes.length).toBeLessThanOrEqual(3_750_000);
    expect(shown).toMatchObject({ mediaType: 'image/webp', isChanged: true });
  });

  test('what is no image is refused as such', async () => {
    await expect(shownImage({ bytes: Buffer.from('<html>') })).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
    });
    const cut = (await plain(3000, 3000).png().toBuffer()).subarray(0, 400);
    await expect(shownImage({ bytes: cut })).rejects.toMatchObject({ code: 'CORRUPT' });
  });
});
