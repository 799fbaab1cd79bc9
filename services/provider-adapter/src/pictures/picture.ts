import { fileTypeFromBuffer, fileTypeFromFile } from 'file-type';
import sharp from 'sharp';
import type { SpooledFile } from '../spool/spool.ts';

/** Most pixels that are taken from a provider: 16384 by 8192, above what any of them makes. */
export const MAX_PIXELS = 134_217_728;

/** What the decoded header of a picture says. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** png, jpeg or webp. */
  readonly format: string;
  readonly mediaType: string;
  readonly hasAlpha: boolean;
}

/** Bytes that are no picture that the platform takes. The message is for the caller. */
export class NotAPictureError extends Error {
  override readonly name = 'NotAPictureError';
}

const FORMATS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
};

/**
 * Reads what a picture is from its bytes, whatever anybody says of it, and decodes it once, so that a truncated one is
 * found out here and not by whoever opens it. Throws a `NotAPictureError`.
 */
export async function readPicture(source: Uint8Array | SpooledFile): Promise<Picture> {
  const isAtHand = source instanceof Uint8Array;
  const type = await (isAtHand ? fileTypeFromBuffer(source) : fileTypeFromFile(source.path));
  const format = type && FORMATS[type.mime];
  if (type === undefined || format === undefined) {
    throw new NotAPictureError(`The bytes are ${type?.mime ?? 'of an unknown type'}, not PNG, JPEG or WebP.`);
  }
  try {
    const input = isAtHand ? source : source.path;
    const image = sharp(input, { failOn: 'truncated', limitInputPixels: MAX_PIXELS, sequentialRead: true });
    const { width, height, hasAlpha } = await image.metadata();
    // Scaling to a thumbnail decodes everything and keeps almost nothing in memory.
    await image.resize(8, 8, { fit: 'fill' }).raw().toBuffer();
    return { width, height, format, mediaType: type.mime, hasAlpha };
  } catch (cause) {
    throw new NotAPictureError('The picture is broken, truncated or too large.', { cause });
  }
}
