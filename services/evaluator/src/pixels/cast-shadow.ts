import { type Component, connected } from './components.ts';
import { boxHeight, boxWidth } from './raster.ts';
import { colourInAndAround, shadeOf } from './shade.ts';

const { floor } = Math;

/** Largest distance from the shade line, in OKLab units, at which a colour is the ground's in shadow. */
const shadeTolerance = 3;

/**
 * Whether a piece of the mask is a drawn shadow on the ground: flatter than tall, below the middle of a larger
 * piece and under it, and a darker shade of the ground around it. Such a shadow with a hard outline gets past
 * the growth of soft shadows.
 */
export function isCastShadow(
  piece: Component,
  pieces: readonly Component[],
  owner: Int32Array,
  labels: Uint8Array,
  oklab: Float32Array,
  width: number,
): boolean {
  if (boxHeight(piece.box) > 0.6 * boxWidth(piece.box)) return false;
  const caster = pieces.some(
    (other) =>
      other !== piece &&
      other.area > piece.area &&
      other.centre.y < piece.centre.y &&
      other.box.bottom <= piece.box.bottom &&
      other.box.left < piece.centre.x &&
      piece.centre.x < other.box.right,
  );
  if (!caster) return false;
  const colours = colourInAndAround(piece, owner, labels, oklab, width);
  if (colours === undefined) return false;
  const { scale, off } = shadeOf(...colours.inside, colours.ground);
  return scale > 0.55 && scale < 1 && off < shadeTolerance;
}

/**
 * Finds the pixels of a piece that are a shadow under it rather than part of it: a low, flat region at its foot
 * that is a shade of the ground. A grey object on a grey ground is such a shade all
 * over, and is left alone, since its region would reach high. Returns pixel indices, none if in doubt.
 */
export function attachedShadow(
  piece: Component,
  owner: Int32Array,
  labels: Uint8Array,
  oklab: Float32Array,
  width: number,
): number[] {
  const colours = colourInAndAround(piece, owner, labels, oklab, width);
  if (colours === undefined || colours.ground[0] < 25) return [];
  const { left, top, right, bottom } = piece.box;
  const boxed = right - left;
  const shade = new Uint8Array(boxed * (bottom - top));
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = y * width + x;
      if (owner[i] !== piece.id) continue;
      const p = 3 * i;
      const [l, a, b] = [oklab[p] as number, oklab[p + 1] as number, oklab[p + 2] as number];
      const { scale, off } = shadeOf(l, a, b, colours.ground);
      if (scale > 0.25 && scale < 1 && off < shadeTolerance) shade[(y - top) * boxed + x - left] = 1;
    }
  }
  const { plane, list } = connected(shade, boxed, bottom - top);
  // The rim of an object blends with the ground and so looks like a shade of it, but such a region is thin or tall.
  const shadows = list.filter(
    ({ area, box }) =>
      area > 0.01 * piece.area &&
      area < 0.4 * piece.area &&
      boxHeight(box) < 0.4 * boxHeight(piece.box) &&
      boxWidth(box) > 1.5 * boxHeight(box) &&
      box.top + box.bottom > 1.2 * (bottom - top),
  );
  const ids = new Set(shadows.map(({ id }) => id));
  const region: number[] = [];
  for (let i = 0; i < plane.length; i++) {
    if (ids.has(plane[i] as number)) region.push((floor(i / boxed) + top) * width + (i % boxed) + left);
  }
  return leavesWholeObjects(piece, owner, region, width) ? region : [];
}

/** Taking a shadow away may part objects that stand side by side on it, but not the top of one from its foot. */
function leavesWholeObjects(
  piece: Component,
  owner: Int32Array,
  region: readonly number[],
  width: number,
): boolean {
  if (region.length === 0) return false;
  const { left, top, right, bottom } = piece.box;
  const boxed = right - left;
  const rest = new Uint8Array(boxed * (bottom - top));
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (owner[y * width + x] === piece.id) rest[(y - top) * boxed + x - left] = 1;
    }
  }
  for (const i of region) rest[(floor(i / width) - top) * boxed + (i % width) - left] = 0;
  const parts = connected(rest, boxed, bottom - top).list.filter((part) => part.area > 0.03 * piece.area);
  const [first, ...others] = parts;
  if (first === undefined) return false;
  return others.every((part) => part.box.left >= first.box.right || part.box.right <= first.box.left);
}
