import sharp, { type Sharp } from 'sharp';
import type { Finish } from '../parameters/draft.ts';
import type { Spool, SpooledFile } from '../spool/spool.ts';
import { MAX_PIXELS, type Picture } from './picture.ts';

/** Quality of lossy formats where nobody asks for one: no artefacts that the eye finds, at a fifth of the bytes. */
const DEFAULT_QUALITY = 90;

/**
 * Does what translation left for afterwards: scales and crops to the exact size, and encodes in the asked format. Gives
 * undefined where nothing needs to be done, and the bytes stay as they came.
 */
export async function finishPicture(
  file: SpooledFile,
  picture: Picture,
  finish: Finish,
  spool: Spool,
): Promise<SpooledFile | undefined> {
  const { size, format = picture.format, compression } = finish;
  const isSized = size === undefined || (size.width === picture.width && size.height === picture.height);
  const isEncoded = format === picture.format && compression === undefined;
  if (isSized && isEncoded) return undefined;
  let image = sharp(file.path, { limitInputPixels: MAX_PIXELS, sequentialRead: true });
  if (size !== undefined && !isSized) {
    // The centre is kept, since that is where pictures are asked to have their subject.
    image = image.resize(size.width, size.height, { fit: 'cover', position: 'centre' });
  }
  return spool.write(encode(image, format, compression ?? DEFAULT_QUALITY));
}

function encode(image: Sharp, format: string, quality: number): Sharp {
  // The encoders know no quality 0.
  const atLeastOne = Math.max(1, quality);
  switch (format) {
    case 'jpeg':
      return image.flatten({ background: '#ffffff' }).jpeg({ quality: atLeastOne });
    case 'webp':
      return image.webp({ quality: atLeastOne });
    default:
      return image.png();
  }
}
