import type { Component } from './components.ts';
import { Label } from './flood.ts';
import { boxHeight } from './raster.ts';

const { hypot, max, min, round } = Math;

/** Sums of OKLab colours. */
class Tally {
  count = 0;
  l = 0;
  a = 0;
  b = 0;

  add(oklab: Float32Array, pixel: number): void {
    this.count++;
    this.l += oklab[3 * pixel] as number;
    this.a += oklab[3 * pixel + 1] as number;
    this.b += oklab[3 * pixel + 2] as number;
  }

  get mean(): readonly [number, number, number] {
    return [this.l / this.count, this.a / this.count, this.b / this.count];
  }
}

/**
 * Mean colours inside a piece and of the bare ground close around its foot, where its shadow would fall (it may
 * stand on a floor before a wall of another colour). Undefined where there is no such ground.
 */
export function colourInAndAround(
  piece: Component,
  owner: Int32Array,
  labels: Uint8Array,
  oklab: Float32Array,
  width: number,
): { inside: readonly [number, number, number]; ground: readonly [number, number, number] } | undefined {
  const height = owner.length / width;
  const { left, top, right, bottom } = piece.box;
  const margin = max(2, round(0.2 * boxHeight(piece.box)));
  const foot = bottom - 0.3 * boxHeight(piece.box);
  const inside = new Tally();
  const ground = new Tally();
  for (let y = max(0, top - margin); y < min(height, bottom + margin); y++) {
    for (let x = max(0, left - margin); x < min(width, right + margin); x++) {
      const i = y * width + x;
      if (owner[i] === piece.id) inside.add(oklab, i);
      else if (y >= foot && owner[i] === 0 && labels[i] === Label.GROUND) ground.add(oklab, i);
    }
  }
  if (inside.count === 0 || ground.count === 0) return undefined;
  return { inside: inside.mean, ground: ground.mean };
}

/**
 * How a colour relates to the ground as its shade: `scale` is the lightness left (1 none lost, 0 black) and
 * `off` the distance, in OKLab units, from the line between the ground's colour and black.
 */
export function shadeOf(
  l: number,
  a: number,
  b: number,
  ground: readonly [number, number, number],
): { scale: number; off: number } {
  const [gl, ga, gb] = ground;
  const scale = (l * gl + a * ga + b * gb) / max(1, gl * gl + ga * ga + gb * gb);
  return { scale, off: hypot(l - scale * gl, a - scale * ga, b - scale * gb) };
}
