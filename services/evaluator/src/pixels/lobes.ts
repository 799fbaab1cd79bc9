import type { Component } from './components.ts';

const { floor } = Math;

/** A thick part of an object, found where its outline pinches in. */
export interface Lobe {
  /** Pixel index of its deepest point. */
  readonly peak: number;
  /** Distance from the peak to the outline, in pixels. */
  readonly radius: number;
}

/** A neck narrower than this share of the thinner part divides two lobes. */
const neck = 0.6;

/** A lobe thinner than this share of the thickest is a stem or a handle. */
const leastRadius = 0.6;

/** Distance to the outline by the 3-4 chamfer metric (G. Borgefors, 1986), in pixels, inside one piece. */
function chamfer(owner: Int32Array, piece: Component, width: number, height: number): Float32Array {
  const { left, top, right, bottom } = piece.box;
  const w = right - left + 2;
  const h = bottom - top + 2;
  const distance = new Float32Array(w * h);
  for (let y = 1; y < h - 1; y++) {
    for (let x = 1; x < w - 1; x++) {
      const px = left + x - 1;
      const py = top + y - 1;
      if (px < width && py < height && owner[py * width + px] === piece.id) distance[y * w + x] = 1e6;
    }
  }
  const relax = (i: number, j: number, cost: number) => {
    const via = (distance[j] as number) + cost;
    if (via < (distance[i] as number)) distance[i] = via;
  };
  for (let i = w + 1; i < w * h - w - 1; i++) {
    relax(i, i - 1, 1);
    relax(i, i - w, 1);
    relax(i, i - w - 1, 4 / 3);
    relax(i, i - w + 1, 4 / 3);
  }
  for (let i = w * h - w - 2; i > w; i--) {
    relax(i, i + 1, 1);
    relax(i, i + w, 1);
    relax(i, i + w + 1, 4 / 3);
    relax(i, i + w - 1, 4 / 3);
  }
  return distance;
}

/**
 * The lobes of one piece: peaks of the distance to the outline that are parted by a neck. Two apples that touch
 * give two, a bottle one, since its neck is thinner than its body.
 */
export function lobesOf(owner: Int32Array, piece: Component, width: number, height: number): Lobe[] {
  const distance = chamfer(owner, piece, width, height);
  const w = piece.box.right - piece.box.left + 2;
  const order: number[] = [];
  for (let i = 0; i < distance.length; i++) if ((distance[i] as number) > 1.5) order.push(i);
  order.sort((x, y) => (distance[y] as number) - (distance[x] as number) || x - y);
  // Pixels are flooded from the deepest on; where two basins meet, the shallower survives if the pass is a neck.
  const basin = new Int32Array(distance.length).fill(-1);
  const parent: number[] = [];
  const peaks: number[] = [];
  const kept: boolean[] = [];
  const root = (id: number): number => {
    let at = id;
    while (parent[at] !== at) at = parent[at] as number;
    return at;
  };
  for (const i of order) {
    const around = new Set<number>();
    for (const j of [i - 1, i + 1, i - w, i + w, i - w - 1, i - w + 1, i + w - 1, i + w + 1]) {
      const id = basin[j] ?? -1;
      if (id >= 0) around.add(root(id));
    }
    if (around.size === 0) {
      basin[i] = peaks.length;
      parent.push(peaks.length);
      peaks.push(i);
      kept.push(false);
      continue;
    }
    const ids = [...around].sort((x, y) => x - y);
    const main = ids[0] as number; // The earliest basin has the deepest peak.
    basin[i] = main;
    for (const other of ids.slice(1)) {
      const depth = distance[peaks[other] as number] as number;
      if ((distance[i] as number) < neck * depth) kept[other] = true;
      parent[other] = main;
    }
  }
  if (peaks.length > 0) kept[0] = true;
  const deepest = distance[peaks[0] ?? 0] ?? 0;
  return peaks
    .map((at, id) => ({ at, id, radius: distance[at] as number }))
    .filter(({ id, radius }) => kept[id] === true && radius >= leastRadius * deepest)
    .map(({ at, radius }) => {
      const x = piece.box.left + (at % w) - 1;
      const y = piece.box.top + floor(at / w) - 1;
      return { peak: y * width + x, radius };
    });
}
