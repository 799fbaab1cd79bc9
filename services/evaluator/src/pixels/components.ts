import type { Box } from './raster.ts';

const { max, min } = Math;

/** One connected piece of a mask. */
export interface Component {
  /** Its number in the label plane, from 1. */
  readonly id: number;
  /** Pixels. */
  readonly area: number;
  readonly box: Box;
  /** Centre of mass in pixels. */
  readonly centre: { readonly x: number; readonly y: number };
}

/** The pieces of a mask with the plane that says which pixel belongs to which (0 for none). */
export interface Components {
  readonly plane: Int32Array;
  readonly list: readonly Component[];
}

/** Removes from a 0/1 mask what is not wider than 2 * radius pixels (square opening): hairlines, specks. */
export function opened(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  let out = mask;
  for (let k = 0; k < radius; k++) out = slide(out, width, height, true);
  for (let k = 0; k < radius; k++) out = slide(out, width, height, false);
  return out;
}

/**
 * Removes from a 0/1 mask the thin lines that run to the border, such as the soft line between a wall and a
 * floor, which would otherwise tie everything on it together. Thin means at most `thickness` pixels.
 */
export function cutBorderLines(
  mask: Uint8Array,
  width: number,
  height: number,
  thickness: number,
): Uint8Array {
  if (!reachesBorder(mask, width, height)) return mask;
  const thick = opened(mask, width, height, thickness >> 1);
  const thin = mask.map((value, i) => value & (1 - (thick[i] as number)));
  const out = mask.slice();
  const { plane, list } = connected(thin, width, height);
  const lines = new Set(
    list
      .filter(({ box }) => box.left === 0 || box.top === 0 || box.right === width || box.bottom === height)
      .filter(({ box }) => max(box.right - box.left, box.bottom - box.top) > 2 * thickness)
      .map(({ id }) => id),
  );
  if (lines.size > 0) for (let i = 0; i < out.length; i++) if (lines.has(plane[i] as number)) out[i] = 0;
  return out;
}

function reachesBorder(mask: Uint8Array, width: number, height: number): boolean {
  for (let x = 0; x < width; x++) if (mask[x] === 1 || mask[(height - 1) * width + x] === 1) return true;
  for (let y = 0; y < height; y++)
    if (mask[y * width] === 1 || mask[y * width + width - 1] === 1) return true;
  return false;
}

/** 3 x 3 minimum or maximum, rows then columns. Outside the picture the edge value is repeated. */
function slide(mask: Uint8Array, width: number, height: number, minimum: boolean): Uint8Array {
  const rows = new Uint8Array(mask.length);
  const out = new Uint8Array(mask.length);
  const last = mask.length - width;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const here = mask[i] as number;
      const before = x > 0 ? (mask[i - 1] as number) : here;
      const after = x < width - 1 ? (mask[i + 1] as number) : here;
      rows[i] = minimum ? before & here & after : before | here | after;
    }
  }
  for (let i = 0; i < mask.length; i++) {
    const here = rows[i] as number;
    const above = i >= width ? (rows[i - width] as number) : here;
    const below = i < last ? (rows[i + width] as number) : here;
    out[i] = minimum ? above & here & below : above | here | below;
  }
  return out;
}

/** Sets to 1 every 0 of the mask that cannot reach the border over 0s: the hole of a cup's handle. */
export function fillHoles(mask: Uint8Array, width: number, height: number): Uint8Array {
  const outside = new Uint8Array(mask.length);
  const queue = new Int32Array(mask.length);
  let tail = 0;
  const visit = (i: number) => {
    if (mask[i] === 0 && outside[i] === 0) {
      outside[i] = 1;
      queue[tail++] = i;
    }
  };
  for (let x = 0; x < width; x++) {
    visit(x);
    visit((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    visit(y * width);
    visit(y * width + width - 1);
  }
  for (let head = 0; head < tail; head++) {
    const i = queue[head] as number;
    const x = i % width;
    if (x > 0) visit(i - 1);
    if (x < width - 1) visit(i + 1);
    if (i >= width) visit(i - width);
    if (i < mask.length - width) visit(i + width);
  }
  for (let i = 0; i < outside.length; i++) outside[i] = 1 - (outside[i] as number);
  return outside;
}

/** Connected pieces of a 0/1 mask, pixels touching at a side or a corner, largest first. */
export function connected(mask: Uint8Array, width: number, height: number): Components {
  const plane = new Int32Array(mask.length);
  const queue = new Int32Array(mask.length);
  const list: Component[] = [];
  for (let seed = 0; seed < mask.length; seed++) {
    if (mask[seed] === 0 || plane[seed] !== 0) continue;
    const id = list.length + 1;
    const box: Box = { left: width, top: height, right: 0, bottom: 0 };
    let sumX = 0;
    let sumY = 0;
    let tail = 0;
    plane[seed] = id;
    queue[tail++] = seed;
    for (let head = 0; head < tail; head++) {
      const i = queue[head] as number;
      const x = i % width;
      const y = (i - x) / width;
      sumX += x;
      sumY += y;
      box.left = min(box.left, x);
      box.right = max(box.right, x + 1);
      box.top = min(box.top, y);
      box.bottom = max(box.bottom, y + 1);
      for (let ny = max(0, y - 1); ny <= min(height - 1, y + 1); ny++) {
        for (let nx = max(0, x - 1); nx <= min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (mask[next] === 0 || plane[next] !== 0) continue;
          plane[next] = id;
          queue[tail++] = next;
        }
      }
    }
    list.push({ id, area: tail, box, centre: { x: sumX / tail + 0.5, y: sumY / tail + 0.5 } });
  }
  list.sort((a, b) => b.area - a.area || a.id - b.id);
  return { plane, list };
}
