import sharp from 'sharp';
import { DecodedImage, type ImageHeader } from './decoded-image.ts';
import { ImageError } from './image-error.ts';
import type { Raster } from './raster.ts';
import { type ImageFormat, sniffFormat } from './sniff.ts';

/** Bounds on what is decoded. */
export interface DecodeLimits {
  /** Largest file, in bytes. */
  maxBytes: number;
  /** Largest width times height that the header may announce. */
  maxPixels: number;
  /** Longest time that libvips may work on one image, in seconds. */
  maxSeconds: number;
}

/** 64 MiB, 100 megapixels (a 10K square) and 20 seconds: above any model's output, below harm to a server. */
export const defaultDecodeLimits: DecodeLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxPixels: 100_000_000,
  maxSeconds: 20,
};

/** Long side of the working raster in pixels. Colours, segmentation and framing are measured on it. */
export const workingSide = 384;

const decoderNames: Record<string, ImageFormat> = {
  png: 'png',
  jpeg: 'jpeg',
  webp: 'webp',
  heif: 'avif',
  gif: 'gif',
  tiff: 'tiff',
};

/** Opens bytes whose format was recognised. */
export function open(bytes: Buffer, limits: DecodeLimits) {
  // `error` and not `warning`: a wrong colour profile chunk is no reason not to judge a picture.
  return sharp(bytes, { limitInputPixels: limits.maxPixels, failOn: 'error', animated: false });
}

/** The error for what sharp threw, which tells its errors apart by message only. */
export function decodingError(cause: unknown): ImageError {
  const message =
    typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : '';
  if (/pixel limit/i.test(message)) {
    return new ImageError('TOO_MANY_PIXELS', 'The image has more pixels than the limit.', { cause });
  }
  return new ImageError('CORRUPT', 'The image is damaged or cut short: its pixels cannot be read.', {
    cause,
  });
}

/** Reads a header and refuses what it announces beyond the limits, before any pixel is decoded. */
export async function readHeader(
  bytes: Buffer,
  format: ImageFormat,
  limits: DecodeLimits,
): Promise<ImageHeader> {
  const meta = await open(bytes, limits)
    .metadata()
    .catch((cause: unknown) => {
      throw decodingError(cause);
    });
  if (decoderNames[meta.format ?? ''] !== format) {
    throw new ImageError('UNSUPPORTED_FORMAT', 'The image is of a kind that is not accepted here.');
  }
  const { width, height } = meta.autoOrient;
  if (width * height > limits.maxPixels) {
    throw new ImageError(
      'TOO_MANY_PIXELS',
      `The image has ${width} x ${height} pixels, more than the limit.`,
    );
  }
  return { format, width, height, hasAlpha: meta.hasAlpha === true, frames: meta.pages ?? 1 };
}

async function rasterize(bytes: Buffer, longSide: number, limits: DecodeLimits): Promise<Raster> {
  // A linear kernel never overshoots: no halo beside an edge that a colour or contour could be read from.
  const { data, info } = await open(bytes, limits)
    .timeout({ seconds: limits.maxSeconds })
    .autoOrient()
    .resize({ width: longSide, height: longSide, fit: 'inside', withoutEnlargement: true, kernel: 'linear' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw decodingError(cause);
    });
  return { width: info.width, height: info.height, data };
}

/** The format by the first bytes. Throws `ImageError` for what is none, or too large to be looked at. */
export function formatOf(bytes: Buffer, limits: DecodeLimits): ImageFormat {
  if (bytes.length === 0) throw new ImageError('EMPTY', 'The image has no bytes.');
  if (bytes.length > limits.maxBytes) {
    throw new ImageError('TOO_LARGE', `The image has ${bytes.length} bytes, more than the limit.`);
  }
  const format = sniffFormat(bytes);
  if (format === undefined) {
    throw new ImageError('NOT_AN_IMAGE', 'The bytes are of no known image format, whatever the name says.');
  }
  if (format === 'other') {
    throw new ImageError('UNSUPPORTED_FORMAT', 'The image is of a kind that is not accepted here.');
  }
  return format;
}

/**
 * Takes untrusted bytes as an image. The format is read from the bytes, the header is checked before any
 * pixel is decoded, and the pixels are decoded once, so that damage shows here and not inside a check.
 * Throws `ImageError` and nothing else for bad input.
 */
export async function decodeImage(
  bytes: Buffer,
  limits: DecodeLimits = defaultDecodeLimits,
): Promise<DecodedImage> {
  const header = await readHeader(bytes, formatOf(bytes, limits), limits);
  const working = await rasterize(bytes, workingSide, limits);
  return new DecodedImage(header, working, (longSide) => rasterize(bytes, longSide, limits));
}
