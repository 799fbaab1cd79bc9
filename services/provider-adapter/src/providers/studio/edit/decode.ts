import sharp from 'sharp';
import type { Rgba } from './segment.ts';

/** More than this is not decoded: a small file can hold a very large picture. */
const MAX_INPUT_PIXELS = 64_000_000;

/** Decodes any picture sharp knows, upright, at the size asked for. Throws a RangeError on what is no picture. */
export async function decode(image: Buffer, width: number, height: number): Promise<Rgba> {
  try {
    const { data } = await sharp(image, { limitInputPixels: MAX_INPUT_PIXELS })
      .autoOrient()
      .resize(width, height, { fit: 'cover' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width, height };
  } catch (cause) {
    throw new RangeError('the reference image cannot be decoded', { cause });
  }
}

/** Decodes a mask into one value per pixel: 0 keep, 255 paint anew. */
export async function decodeMask(mask: Buffer, width: number, height: number): Promise<Buffer> {
  try {
    return await sharp(mask, { limitInputPixels: MAX_INPUT_PIXELS })
      .resize(width, height, { fit: 'fill' })
      .flatten({ background: '#000000' })
      .toColourspace('b-w')
      .extractChannel(0)
      .raw()
      .toBuffer();
  } catch (cause) {
    throw new RangeError('the mask cannot be decoded', { cause });
  }
}
