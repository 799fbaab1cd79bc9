import { decodingError, defaultDecodeLimits, formatOf, open, readHeader } from './decode.ts';
import type { ImageFormat } from './sniff.ts';

/** Longest side that is shown, in pixels. Vendors reduce what is larger by themselves, or refuse it. */
const LONGEST_SIDE = 2_048;

/** Largest file that is shown: in base64 it stays below the 5 MB that the strictest vendor takes. */
const MOST_BYTES = 3_750_000;

/** How much smaller each further try is made, where a file is still too large. */
const STEP = 0.75;

/** What all vendors take. */
const SHOWN = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp' } as const;

/** An image in the form in which a vision model is shown it. */
export interface ShownImage {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  /** Whether it was made smaller, or brought to another format: these are other pixels than those of the file. */
  readonly isChanged: boolean;
}

/** The size at which an image of this size is shown, as long as its file is not too large. */
export function shownSize({ width, height }: { readonly width: number; readonly height: number }) {
  const factor = Math.min(1, LONGEST_SIDE / Math.max(1, width, height));
  const side = (pixels: number) => Math.max(1, Math.round(pixels * factor));
  return { width: side(width), height: side(height) };
}

/** The largest image that is shown, for upper bounds. */
export const LARGEST_SHOWN = { width: LONGEST_SIDE, height: LONGEST_SIDE };

const shown = new WeakMap<object, Promise<ShownImage>>();

/**
 * The image as models are shown it: upright, at most 2048 pixels on its longest side, as PNG, JPEG or WebP, and no larger
 * than vendors take. What fits already is shown byte by byte. Made once for all judges of an evaluation. Throws `ImageError`.
 */
export function shownImage(image: { readonly bytes: Buffer }): Promise<ShownImage> {
  const present = shown.get(image);
  if (present !== undefined) return present;
  const made = prepare(image.bytes);
  shown.set(image, made);
  return made;
}

async function prepare(bytes: Buffer): Promise<ShownImage> {
  const format = formatOf(bytes, defaultDecodeLimits);
  const { width, height } = await readHeader(bytes, format, defaultDecodeLimits);
  const target = isShown(format) ? format : 'png';
  const size = shownSize({ width, height });
  const fits = size.width === width && size.height === height && bytes.length <= MOST_BYTES;
  if (fits && target === format && (await isUpright(bytes))) {
    return { bytes, mediaType: SHOWN[target], width, height, isChanged: false };
  }
  const first = await encode(bytes, size, target);
  if (first.bytes.length <= MOST_BYTES) return first;
  // A photograph as PNG: WebP keeps its transparency at a fraction of the size.
  const smaller = target === 'png' ? 'webp' : target;
  for (let { width: w, height: h } = size; ; w *= STEP, h *= STEP) {
    const made = await encode(bytes, { width: Math.round(w), height: Math.round(h) }, smaller);
    if (made.bytes.length <= MOST_BYTES) return made;
  }
}

function isShown(format: ImageFormat): format is keyof typeof SHOWN {
  return format in SHOWN;
}

async function isUpright(bytes: Buffer): Promise<boolean> {
  const { orientation = 1 } = await open(bytes, defaultDecodeLimits).metadata();
  return orientation === 1;
}

async function encode(
  bytes: Buffer,
  size: { readonly width: number; readonly height: number },
  format: keyof typeof SHOWN,
): Promise<ShownImage> {
  const { data, info } = await open(bytes, defaultDecodeLimits)
    .timeout({ seconds: defaultDecodeLimits.maxSeconds })
    .autoOrient()
    .resize({ ...size, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .toFormat(format, format === 'png' ? {} : { quality: 92 })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw decodingError(cause);
    });
  const { width, height } = info;
  return { bytes: data, mediaType: SHOWN[format], width, height, isChanged: true };
}
