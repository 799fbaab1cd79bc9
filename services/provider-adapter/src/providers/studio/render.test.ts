import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { KNOWN_NOUNS } from './parse/lexicon.ts';
import { renderStudioImage, type StudioModelTraits, type StudioRequest } from './render.ts';

const PERFECT: StudioModelTraits = {
  name: 'perfect',
  adherence: 1,
  taste: 1,
  textAccuracy: 1,
  reliableCount: 24,
  shading: 'both',
  supportsTransparency: true,
  supportsNegativePrompt: true,
};

const make = (prompt: string, more: Partial<StudioRequest> = {}, traits = PERFECT) =>
  renderStudioImage(traits, { prompt, width: 384, height: 384, seed: 7, format: 'png', ...more });

interface Decoded {
  data: Buffer;
  width: number;
  height: number;
  at(x: number, y: number): number[];
}

async function decode(bytes: Buffer): Promise<Decoded> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): number[] => [
    ...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4),
  ];
  return { data, width: info.width, height: info.height, at };
}

/** Separate areas that differ from the colour of the top left pixel, as boxes, specks left out. */
function things(image: Decoded): { left: number; top: number; right: number; bottom: number }[] {
  const { data, width, height } = image;
  const ground = image.at(0, 0);
  const free = (index: number): boolean =>
    [0, 1, 2].some((channel) => Math.abs((data[index * 4 + channel] ?? 0) - (ground[channel] ?? 0)) > 60);
  const seen = new Uint8Array(width * height);
  const boxes: { left: number; top: number; right: number; bottom: number }[] = [];
  for (let start = 0; start < seen.length; start += 1) {
    if (seen[start] || !free(start)) continue;
    const stack = [start];
    const box = { left: width, top: height, right: 0, bottom: 0 };
    let area = 0;
    seen[start] = 1;
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      const x = index % width;
      const y = (index - x) / width;
      area += 1;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
      for (const [next, inside] of [
        [index - 1, x > 0],
        [index + 1, x < width - 1],
        [index - width, y > 0],
        [index + width, y < height - 1],
      ] as const) {
        if (!inside || seen[next] || !free(next)) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
    if (area > 150) boxes.push(box);
  }
  return boxes;
}

describe('a new picture', () => {
  test('is the same, byte for byte, for the same request, and another for another seed, model or prompt', async () => {
    const first = await make('a bowl of oranges in a kitchen');
    expect((await make('a bowl of oranges in a kitchen')).bytes.equals(first.bytes)).toBe(true);
    expect((await make('a bowl of oranges in a kitchen', { seed: 7n })).bytes.equals(first.bytes)).toBe(true);
    expect((await make('a bowl of oranges in a kitchen', { seed: 8 })).bytes.equals(first.bytes)).toBe(false);
    expect((await make('a bowl of lemons in a kitchen')).bytes.equals(first.bytes)).toBe(false);
    expect(
      (await make('a bowl of oranges in a kitchen', {}, { ...PERFECT, name: 'other' })).bytes.equals(
        first.bytes,
      ),
    ).toBe(false);
  });

  test.each([1, 2, 3, 5, 8])('has %i separate apples when told so', async (count) => {
    for (const style of ['flat illustration', 'realistic']) {
      const { bytes } = await make(`exactly ${count} red apples on a plain white background, no shadow`, {
        style,
        width: 512,
        height: 512,
      });
      expect(things(await decode(bytes))).toHaveLength(count);
    }
  });

  test('keeps kinds apart from each other', async () => {
    for (let seed = 0; seed < 5; seed += 1) {
      const { bytes } = await make('two lemons, a red mug and three carrots on a plain #d0e4ff background', {
        seed,
        width: 640,
        height: 512,
      });
      expect(things(await decode(bytes))).toHaveLength(6);
    }
  });

  test.each([...KNOWN_NOUNS])('draws %s whole and in the middle', async (noun) => {
    const { bytes } = await make(
      `a single ${noun}, centred, flat illustration, on a plain #2040c0 background, no shadow`,
      { width: 256, height: 256 },
    );
    const boxes = things(await decode(bytes));
    const left = Math.min(...boxes.map((box) => box.left));
    const right = Math.max(...boxes.map((box) => box.right));
    expect(left).toBeGreaterThan(0);
    expect(right).toBeLessThan(255);
    expect(Math.abs((left + right) / 2 - 127.5)).toBeLessThan(12);
  });

  test('has the ground it was told, to the last bit', async () => {
    for (const [words, colour] of [
      ['plain white background', [255, 255, 255, 255]],
      ['background colour #f4efe6', [0xf4, 0xef, 0xe6, 255]],
      ['isolated on black', [0, 0, 0, 255]],
    ] as const) {
      const image = await decode((await make(`a lemon, centred, ${words}`)).bytes);
      for (const [x, y] of [
        [0, 0],
        [383, 0],
        [0, 383],
        [383, 383],
        [192, 3],
      ] as const)
        expect(image.at(x, y)).toEqual(colour);
    }
  });

  test('takes the share of the frame and the place it was told', async () => {
    const [small] = things(
      await decode(
        (
          await make(
            'an orange filling 15% of the frame in the left third, plain white background, no shadow',
          )
        ).bytes,
      ),
    );
    const [large] = things(
      await decode(
        (await make('an orange filling 60% of the frame, centred, plain white background, no shadow')).bytes,
      ),
    );
    const share = (box: NonNullable<typeof small>) =>
      ((box.right - box.left) * (box.bottom - box.top)) / 384 ** 2;
    expect(share(small!)).toBeGreaterThan(0.11);
    expect(share(small!)).toBeLessThan(0.21);
    expect((small!.left + small!.right) / 2).toBeLessThan(384 * 0.4);
    expect(share(large!)).toBeGreaterThan(0.5);
    expect(share(large!)).toBeLessThan(0.75);
  });

  test('writes quoted text where it belongs, and only there', async () => {
    const prompt = 'a lemon, centred, plain white background, no shadow';
    const strip = (image: Decoded, from: number, to: number) => {
      let dark = 0;
      for (let y = from; y < to; y += 1)
        for (let x = 0; x < image.width; x += 1)
          if (
            image
              .at(x, y)
              .slice(0, 3)
              .every((value) => value < 70)
          )
            dark += 1;
      return dark;
    };
    const none = await decode((await make(prompt)).bytes);
    const top = await decode(
      (await make(`${prompt}. The text must read exactly "SUMMER SALE" in large letters at the top`)).bytes,
    );
    const bottom = await decode((await make(`${prompt}, "SALE" at the bottom`)).bytes);
    expect(strip(none, 0, 60)).toBe(0);
    expect(strip(top, 0, 90)).toBeGreaterThan(1500);
    expect(strip(top, 300, 384)).toBe(0);
    expect(strip(bottom, 0, 60)).toBe(0);
    expect(strip(bottom, 310, 384)).toBeGreaterThan(700);
  });

  test('is really transparent where the model can', async () => {
    const image = await decode((await make('a lemon', { background: 'transparent' })).bytes);
    expect(image.at(0, 0)[3]).toBe(0);
    expect(image.at(192, 192)[3]).toBe(255);
    const plain = await make(
      'a lemon',
      { background: 'transparent' },
      { ...PERFECT, supportsTransparency: false },
    );
    expect((await sharp(plain.bytes).metadata()).hasAlpha).toBe(false);
  });

  test('has the format and size asked for and nothing but pixels inside', async () => {
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const { bytes, mediaType } = await make('a secretword and two pears', {
        format,
        width: 640,
        height: 256,
        compression: 80,
      });
      const metadata = await sharp(bytes).metadata();
      expect(metadata).toMatchObject({ format, width: 640, height: 256 });
      expect(mediaType).toBe(`image/${format}`);
      expect([metadata.exif, metadata.xmp, metadata.iptc, metadata.comments]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
      expect(bytes.includes('secretword') || bytes.includes('tEXt') || bytes.includes('pear')).toBe(false);
    }
  });

  test('a lower quality is a smaller file', async () => {
    const sized = async (compression: number) =>
      (await make('a market', { format: 'jpeg', compression })).bytes.length;
    expect(await sized(20)).toBeLessThan(await sized(95));
  });

  test('only models that take a negative prompt read it', async () => {
    const deaf = { ...PERFECT, supportsNegativePrompt: false, shading: 'shaded' as const };
    expect(
      (await make('a lemon', { negativePrompt: 'shadow' }, { ...deaf, supportsNegativePrompt: true }))
        .understood.plan.shadow,
    ).toBe(false);
    expect((await make('a lemon', { negativePrompt: 'shadow' }, deaf)).understood.plan.shadow).toBe(true);
  });

  test('refuses sizes out of bounds and stops when told', async () => {
    await expect(make('a lemon', { width: 255 })).rejects.toThrow(RangeError);
    await expect(make('a lemon', { height: 2049 })).rejects.toThrow(RangeError);
    await expect(
      renderStudioImage(
        PERFECT,
        { prompt: 'a lemon', width: 256, height: 256, seed: 1, format: 'png' },
        AbortSignal.abort(new Error('enough')),
      ),
    ).rejects.toThrow('enough');
  });
});

describe('an edit', () => {
  const base = () =>
    make(
      'two red tomatoes filling 12% of the frame in the left third, plain #ffe14d background, no shadow, flat illustration',
    );
  const edit = async (prompt: string, strength: number, more: Partial<StudioRequest> = {}) => {
    const { bytes } = await base();
    return decode((await make(prompt, { init: { image: bytes, strength }, ...more })).bytes);
  };

  test('keeps everything at strength 0 and nothing at strength 1', async () => {
    const before = await decode((await base()).bytes);
    expect((await edit('a banana on a plain blue background', 0)).data.equals(before.data)).toBe(true);
    const anew = await edit('a banana on a plain white background', 1);
    const fresh = await decode((await make('a banana on a plain white background')).bytes);
    expect(anew.data.equals(fresh.data)).toBe(true);
  });

  test('changes the ground and keeps the subject', async () => {
    const before = await decode((await base()).bytes);
    const after = await edit('plain white background', 0.5);
    expect(after.at(0, 0)).toEqual([255, 255, 255, 255]);
    const [thing] = things(before);
    const middle = [
      Math.round((thing!.left + thing!.right) / 2),
      Math.round((thing!.top + thing!.bottom) / 2),
    ] as const;
    expect(after.at(...middle)).toEqual(before.at(...middle));
    expect(things(after)).toHaveLength(2);
  });

  test('a weak edit only goes part of the way', async () => {
    const [red, green, blue] = (await edit('plain blue background', 0.15)).at(0, 0);
    expect(red).toBeGreaterThan(0x1f);
    expect(red).toBeLessThan(0xff);
    expect(green).toBeLessThan(0xe1);
    expect(blue).toBeGreaterThan(0x4d);
  });

  test('moves and scales the subject', async () => {
    const boxes = things(await edit('keep the subject centred, filling 40% of the frame', 0.5));
    const left = Math.min(...boxes.map((box) => box.left));
    const right = Math.max(...boxes.map((box) => box.right));
    expect(boxes).toHaveLength(2);
    expect(Math.abs((left + right) / 2 - 191.5)).toBeLessThan(8);
    expect(right - left).toBeGreaterThan(250);
  });

  test('takes away what is too much', async () => {
    expect(things(await edit('exactly one object, no other objects', 0.5))).toHaveLength(1);
  });

  test('recolours, relights and writes', async () => {
    const before = await decode((await base()).bytes);
    const [thing] = things(before);
    const middle = [
      Math.round((thing!.left + thing!.right) / 2),
      Math.round(thing!.top + (thing!.bottom - thing!.top) * 0.75),
    ] as const;
    const [red, green] = (await edit('the subject must be green', 0.5)).at(...middle);
    expect(green).toBeGreaterThan(red!);
    const dim = await edit('dim lighting', 0.5);
    expect(dim.at(0, 0)[0]).toBeLessThan(before.at(0, 0)[0]! - 40);
    const written = await edit('the text must read exactly "SALE" at the top', 0.5);
    let dark = 0;
    for (let y = 0; y < 90; y += 1) for (let x = 0; x < 384; x += 1) if (written.at(x, y)[0]! < 70) dark += 1;
    expect(dark).toBeGreaterThan(700);
  });

  test('cuts out with real alpha', async () => {
    const image = await edit('transparent background', 0.5, { background: 'transparent' });
    expect(image.at(0, 0)[3]).toBe(0);
  });

  test('repaints only what the mask shows white', async () => {
    const before = await decode((await base()).bytes);
    const white = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#ffffff' } })
      .png()
      .toBuffer();
    const mask = await sharp({ create: { width: 384, height: 384, channels: 3, background: '#000000' } })
      .composite([{ input: white, left: 260, top: 140 }])
      .png()
      .toBuffer();
    const after = await edit('a pear', 0.5, { mask });
    let outside = 0;
    let inside = 0;
    for (let y = 0; y < 384; y += 1) {
      for (let x = 0; x < 384; x += 1) {
        if (before.at(x, y).join() === after.at(x, y).join()) continue;
        if (x >= 260 && x < 360 && y >= 140 && y < 240) inside += 1;
        else outside += 1;
      }
    }
    expect(outside).toBe(0);
    expect(inside).toBeGreaterThan(1000);
  });

  test('refuses what is no picture', async () => {
    await expect(
      make('a pear', { init: { image: Buffer.from('PK\u0003\u0004 not a picture'), strength: 0.5 } }),
    ).rejects.toMatchObject({ name: 'RangeError' });
  });
});
