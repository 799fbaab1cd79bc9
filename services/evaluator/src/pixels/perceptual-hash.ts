import type { Grey } from './raster.ts';

const { abs, cos, floor, max } = Math;

/** Bits of a hash. */
export const hashBits = 256;

const side = 32;
const kept = 16;

/** Rows of the type II discrete cosine transform for frequencies 1 to 16 over 32 samples. */
const cosines = Array.from({ length: kept }, (_, k) =>
  Float64Array.from({ length: side }, (_, n) => cos((Math.PI * (k + 1) * (2 * n + 1)) / (2 * side))),
);

/** Mean brightness over a grid of cells: a picture stretched to `columns` x `rows`. */
export function shrink(grey: Grey, columns: number, rows: number): Float32Array {
  const out = new Float32Array(columns * rows);
  for (let r = 0; r < rows; r++) {
    const y0 = floor((r * grey.height) / rows);
    const y1 = max(y0 + 1, floor(((r + 1) * grey.height) / rows));
    for (let c = 0; c < columns; c++) {
      const x0 = floor((c * grey.width) / columns);
      const x1 = max(x0 + 1, floor(((c + 1) * grey.width) / columns));
      let sum = 0;
      for (let y = y0; y < y1; y++)
        for (let x = x0; x < x1; x++) sum += grey.data[y * grey.width + x] as number;
      out[r * columns + c] = sum / ((y1 - y0) * (x1 - x0));
    }
  }
  return out;
}

/**
 * A perceptual hash: the signs of the 16 x 16 lowest frequencies (without the constant rows) of the brightness at
 * 32 x 32, against their median, as in the pHash of C. Zauner (2010) with four times the bits, since product
 * pictures on plain grounds agree in most of the lowest 64. Robust to size, compression and slight colour changes.
 */
export function perceptualHash(grey: Grey): Uint8Array {
  const small = shrink(grey, side, side);
  const rows = cosines.map((wave) =>
    Float64Array.from({ length: side }, (_, y) => {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += (wave[x] as number) * (small[y * side + x] as number);
      return sum;
    }),
  );
  const bits = new Float64Array(hashBits);
  for (let v = 0; v < kept; v++) {
    for (let u = 0; u < kept; u++) {
      let sum = 0;
      for (let y = 0; y < side; y++) {
        sum += ((cosines[v] as Float64Array)[y] as number) * ((rows[u] as Float64Array)[y] as number);
      }
      // A flat picture has only rounding noise here, which must not become random bits.
      bits[v * kept + u] = abs(sum) < 1 ? 0 : sum;
    }
  }
  const median = bits.slice().sort()[hashBits / 2] as number;
  return Uint8Array.from(bits, (value) => (value > median ? 1 : 0));
}

/** Share of differing bits, 0 (the same) to 1; unrelated pictures are near .5. */
export function hashDistance(x: Uint8Array, y: Uint8Array): number {
  let different = 0;
  for (let i = 0; i < hashBits; i++) if (x[i] !== y[i]) different++;
  return different / hashBits;
}
