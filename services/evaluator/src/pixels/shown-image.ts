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
  /** Whether it was made smaller, or brought to another form: these are other pixels than those of the file. */
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
 * The image as models are shown it, which is as people see it: upright, its first frame alone, in 8 bits of sRGB, on a ground
 * where it is transparent; at most 2048 pixels on its longest side, as PNG, JPEG or WebP, and no larger than vendors take. What
 * is all that already is shown byte by byte. Made once for all judges of an evaluation. Throws `ImageError`.
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
  const ground = await groundFor(bytes);
  if (fits && target === format && ground === undefined && (await isPlain(bytes))) {
    return { bytes, mediaType: SHOWN[target], width, height, isChanged: false };
  }
  const first = await encode(bytes, size, target, ground);
  if (first.bytes.length <= MOST_BYTES) return first;
  // A photograph as PNG: WebP takes a fraction of the size.
  const smaller = target === 'png' ? 'webp' : target;
  for (let { width: w, height: h } = size; ; w *= STEP, h *= STEP) {
    const made = await encode(bytes, { width: Math.round(w), height: Math.round(h) }, smaller, ground);
    if (made.bytes.length <= MOST_BYTES) return made;
  }
}

function isShown(format: ImageFormat): format is keyof typeof SHOWN {
  return format in SHOWN;
}

/** Whether every program shows the pixels alike. Some do not turn them, show other frames, or take CMYK and 16 bits for others. */
async function isPlain(bytes: Buffer): Promise<boolean> {
  const { orientation = 1, pages = 1, space, depth, icc } = await open(bytes, defaultDecodeLimits).metadata();
  const isEightBit = depth === 'uchar' && (space === 'srgb' || space === 'b-w');
  return orientation === 1 && pages === 1 && isEightBit && (icc === undefined || isStandard(icc));
}

/** Whether a colour profile names itself sRGB, in either of the encodings in which profiles tell their names. */
function isStandard(profile: Buffer): boolean {
  return profile.includes('sRGB', 0, 'latin1') || profile.includes(Buffer.from('\0s\0R\0G\0B', 'latin1'));
}

/** What a light subject, which could not be seen on white, stands on: from this mean luma on, of 255. */
const LIGHT = { from: 200, ground: '#808080' };
const GROUND = '#ffffff';

/** Longest side at which a subject's lightness is looked at. */
const GLANCE = 64;

/**
 * What a picture with transparency is put on; undefined for one without. Vendors put it on black or white, or show the pixels
 * that transparency hides, which may be anything.
 */
async function groundFor(bytes: Buffer): Promise<string | undefined> {
  if (await isOpaque(bytes)) return undefined;
  const { data } = await open(bytes, defaultDecodeLimits)
    .timeout({ seconds: defaultDecodeLimits.maxSeconds })
    .resize({ width: GLANCE, height: GLANCE, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw decodingError(cause);
    });
  let light = 0;
  let opaque = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(at, at + 4);
    light += alpha * (0.2126 * red + 0.7152 * green + 0.0722 * blue);
    opaque += alpha;
  }
  return light > LIGHT.from * opaque ? LIGHT.ground : GROUND;
}

async function isOpaque(bytes: Buffer): Promise<boolean> {
  const { hasAlpha } = await open(bytes, defaultDecodeLimits).metadata();
  if (!hasAlpha) return true;
  const seen = await open(bytes, defaultDecodeLimits)
    .stats()
    .catch((cause: unknown) => {
      throw decodingError(cause);
    });
  return seen.isOpaque;
}

async function encode(
  bytes: Buffer,
  size: { readonly width: number; readonly height: number },
  format: keyof typeof SHOWN,
  ground: string | undefined,
): Promise<ShownImage> {
  const upright = open(bytes, defaultDecodeLimits)
    .timeout({ seconds: defaultDecodeLimits.maxSeconds })
    .autoOrient()
    .resize({ ...size, fit: 'inside', withoutEnlargement: true });
  const { data, info } = await (ground === undefined ? upright : upright.flatten({ background: ground }))
    .toColourspace('srgb')
    .toFormat(format, format === 'png' ? {} : { quality: 92 })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw decodingError(cause);
    });
  const { width, height } = info;
  return { bytes: data, mediaType: SHOWN[format], width, height, isChanged: true };
}
