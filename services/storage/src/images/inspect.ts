import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import { differenceHash } from './perceptual-hash.ts';

/** What bytes were announced to be. */
export interface Announced {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
}

/** What is known of bytes that are an image indeed. */
export interface InspectedImage {
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  /** 16 hex digits. */
  readonly perceptualHash: string;
}

/** Why bytes are not taken. */
export type ImageFault = 'digest-mismatch' | 'not-an-image' | 'too-many-pixels';

/** The bytes are not the announced image. The message says in what, without quoting them. */
export class ImageRefused extends Error {
  override readonly name = 'ImageRefused';
  readonly fault: ImageFault;

  constructor(fault: ImageFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}

/**
 * Checks bytes against what was announced: length and digest, type by magic bytes, pixels by the header, and wholeness by
 * decoding them. Throws `ImageRefused`. The number of pixels is read before anything is decoded.
 */
export async function inspectImage(
  bytes: Buffer,
  announced: Announced,
  maxPixels: number,
): Promise<InspectedImage> {
  if (bytes.length !== announced.sizeBytes || sha256Of(bytes) !== announced.sha256)
    throw new ImageRefused('digest-mismatch', 'The bytes are not those that were announced.');
  const type = await fileTypeFromBuffer(bytes);
  if (type?.mime !== announced.mediaType)
    throw new ImageRefused(
      'not-an-image',
      `The bytes are ${type?.mime ?? 'of no known type'}, not ${announced.mediaType}.`,
    );
  const { width, height } = await headerOf(bytes);
  if (width * height > maxPixels)
    throw new ImageRefused(
      'too-many-pixels',
      `The image has ${width}x${height} pixels; ${maxPixels} are allowed.`,
    );
  const perceptualHash = await decode(bytes, maxPixels);
  return { mediaType: type.mime, width, height, perceptualHash };
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function headerOf(bytes: Buffer): Promise<{ readonly width: number; readonly height: number }> {
  try {
    // The header alone is read here, so the number of pixels can be no harm yet.
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return { width, height };
  } catch (error) {
    throw new ImageRefused('not-an-image', 'The header of the image cannot be read.', error);
  }
}

async function decode(bytes: Buffer, maxPixels: number): Promise<string> {
  try {
    return await differenceHash(bytes, maxPixels);
  } catch (error) {
    throw new ImageRefused('not-an-image', 'The image is broken or not whole.', error);
  }
}
