import type { Edges } from './edges.ts';
import type { Ring } from './ring.ts';

const { hypot, max, min } = Math;

/** What a pixel was taken for. */
export const Label = { UNKNOWN: 0, GROUND: 1, SHADOW: 2 } as const;

/** How fast the ground's colour follows from pixel to pixel, at 512 pixels: lets wide gradients through. */
const follow = 0.08;

/** A shadow keeps at least this share of the ground's lightness. */
const darkestShadow = 0.3;

/**
 * Grows the background inwards from the border. A pixel joins when it is within `tolerance` (OKLab units)
 * of a running colour that its neighbours hand on, so that gradients and vignettes are followed while the
 * edge of an object stops it, however faint the object's own shading is.
 *
 * Then soft shadows are added: pixels that lie on the line from the ground's colour to black (a shadow scales
 * a colour, in OKLab as in light) and are reached without crossing an outline. A hard edge ends a shadow, so a grey object
 * on white stays an object.
 */
export function floodGround(
  oklab: Float32Array,
  width: number,
  height: number,
  ring: Ring,
  edges: Edges,
  tolerance: number,
): Uint8Array {
  const count = width * height;
  const labels = new Uint8Array(count);
  const reference = new Float32Array(count * 3);
  const queue = new Int32Array(count);
  let tail = 0;
  const rate = min(0.5, (follow * 512) / max(width, height));
  const limit = tolerance * tolerance;

  for (let i = 0; i < ring.pixels.length; i++) {
    const group = ring.groups[ring.group[i] as number];
    const pixel = ring.pixels[i] as number;
    if (group?.background !== true || labels[pixel] !== Label.UNKNOWN) continue;
    const q = 3 * pixel;
    const dl = (oklab[q] as number) - (ring.reference[3 * i] as number);
    const da = (oklab[q + 1] as number) - (ring.reference[3 * i + 1] as number);
    const db = (oklab[q + 2] as number) - (ring.reference[3 * i + 2] as number);
    if (dl * dl + da * da + db * db > limit) continue;
    labels[pixel] = Label.GROUND;
    for (let c = 0; c < 3; c++) reference[q + c] = ring.reference[3 * i + c] as number;
    queue[tail++] = pixel;
  }

  const neighbours = [-1, 1, -width, width];
  for (let head = 0; head < tail; head++) {
    const pixel = queue[head] as number;
    if (edges.near[pixel] === 1) continue; // What is close to an outline may be ground, but leads nowhere.
    const x = pixel % width;
    const p = 3 * pixel;
    const rl = reference[p] as number;
    const ra = reference[p + 1] as number;
    const rb = reference[p + 2] as number;
    for (let k = 0; k < 4; k++) {
      if ((k === 0 && x === 0) || (k === 1 && x === width - 1)) continue;
      const next = pixel + (neighbours[k] as number);
      if (next < 0 || next >= count || labels[next] !== Label.UNKNOWN) continue;
      const q = 3 * next;
      const dl = (oklab[q] as number) - rl;
      const da = (oklab[q + 1] as number) - ra;
      const db = (oklab[q + 2] as number) - rb;
      if (dl * dl + da * da + db * db > limit) continue;
      labels[next] = Label.GROUND;
      reference[q] = rl + rate * dl;
      reference[q + 1] = ra + rate * da;
      reference[q + 2] = rb + rate * db;
      queue[tail++] = next;
    }
  }
  tail = growShadows(oklab, width, labels, reference, edges, queue, tail, ring.noise);
  closeUp(width, labels, edges, queue, tail);
  return labels;
}

/** Continues from every ground pixel in `queue`; a shadow pixel carries its ground's colour unchanged. */
function growShadows(
  oklab: Float32Array,
  width: number,
  labels: Uint8Array,
  reference: Float32Array,
  edges: Edges,
  queue: Int32Array,
  ground: number,
  noise: number,
): number {
  const count = labels.length;
  const grain = min(noise, 2);
  let tail = ground;
  const neighbours = [-1, 1, -width, width];
  for (let head = 0; head < tail; head++) {
    const pixel = queue[head] as number;
    const x = pixel % width;
    const p = 3 * pixel;
    const rl = reference[p] as number;
    const ra = reference[p + 1] as number;
    const rb = reference[p + 2] as number;
    const norm = rl * rl + ra * ra + rb * rb;
    if (norm < 100) continue; // No shadow can be told on black.
    for (let k = 0; k < 4; k++) {
      if ((k === 0 && x === 0) || (k === 1 && x === width - 1)) continue;
      const next = pixel + (neighbours[k] as number);
      if (next < 0 || next >= count || labels[next] !== Label.UNKNOWN || edges.near[next] === 1) continue;
      const q = 3 * next;
      const l = oklab[q] as number;
      const a = oklab[q + 1] as number;
      const b = oklab[q + 2] as number;
      const scale = (l * rl + a * ra + b * rb) / norm;
      if (scale < darkestShadow || scale > 1.02) continue;
      if (hypot(l - scale * rl, a - scale * ra, b - scale * rb) > 3 + grain) continue;
      labels[next] = Label.SHADOW;
      reference[q] = rl;
      reference[q + 1] = ra;
      reference[q + 2] = rb;
      queue[tail++] = next;
    }
  }
  return tail;
}

/** Takes back the strip that was kept clear of outlines: ground and shadow reach up to the outline itself. */
function closeUp(width: number, labels: Uint8Array, edges: Edges, queue: Int32Array, filled: number): void {
  const count = labels.length;
  const neighbours = [-1, 1, -width, width];
  let from = 0;
  let tail = filled;
  for (let ring = 0; ring <= edges.clearance; ring++) {
    const end = tail;
    for (let head = from; head < end; head++) {
      const pixel = queue[head] as number;
      const x = pixel % width;
      for (let k = 0; k < 4; k++) {
        if ((k === 0 && x === 0) || (k === 1 && x === width - 1)) continue;
        const next = pixel + (neighbours[k] as number);
        if (next < 0 || next >= count || labels[next] !== Label.UNKNOWN || edges.at[next] === 1) continue;
        labels[next] = labels[pixel] as number;
        queue[tail++] = next;
      }
    }
    from = end;
  }
}
