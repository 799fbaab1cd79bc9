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

  test('other formats come as PNG', async () => {
    const shown = await shownImage({ bytes: await plain(64, 64).gif().toBuffer() });
    expect(shown).toMatchObject({ mediaType: 'image/png', isChanged: true });
  });

  test('a picture that lies on its side is put upright', async () => {
    const bytes = await plain(64, 32).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await shownImage({ bytes })).toMatchObject({ width: 32, height: 64, isChanged: true });
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
