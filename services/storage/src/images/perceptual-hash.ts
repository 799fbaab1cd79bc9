import sharp from 'sharp';

const COLUMNS = 9;
const ROWS = 8;

/** Most bits in which two hashes differ that count as the same picture: a tenth of all. */
export const SIMILAR_BITS = 6;

/**
 * The 64-bit difference hash of a picture (Neal Krawetz, "Kind of Like That", 2013), as 16 hex digits: the picture on
 * white, as 9 x 8 greys, one bit for each pair of neighbours in a row, set where the left one is darker. It survives
 * scaling, recompression and small changes of colour; it does not survive mirroring or cropping. Throws where the bytes
 * cannot be decoded whole.
 */
export async function differenceHash(bytes: Buffer, maxPixels: number): Promise<string> {
  const greys = await sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' })
    .flatten({ background: '#ffffff' })
    .greyscale()
    .resize(COLUMNS, ROWS, { fit: 'fill' })
    .raw()
    .toBuffer();
  let hash = 0n;
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column + 1 < COLUMNS; column += 1) {
      const at = row * COLUMNS + column;
      const isRising = (greys[at] ?? 0) < (greys[at + 1] ?? 0);
      hash = (hash << 1n) | (isRising ? 1n : 0n);
    }
  }
  return hash.toString(16).padStart(16, '0');
}
