import type { Rgb } from '../colour.ts';
import { distance } from '../colour.ts';
import type { Box } from '../scene/scene.ts';

/** Pixels with four channels. */
export interface Rgba {
  data: Buffer;
  width: number;
  height: number;
}

/** How far from the ground's colour a pixel may be and still belong to it, in RGB distance. */
const NEAR = 62;
/** How much two neighbours of the ground may differ: a shading, not an edge. */
const STEP = 20;
/** Parts smaller than this share of the picture are specks. */
const SPECK = 0.0008;

/** The picture parted into ground and things. */
export interface Segmentation {
  /** 1 where a thing is, 0 where the ground is. */
  things: Uint8Array;
  /** Separate things, largest first, with their number in `labels`. */
  parts: { label: number; area: number; box: Box }[];
  labels: Int32Array;
  ground: Rgb;
  /** Whether the border is even enough for the parting to be trusted. */
  reliable: boolean;
}

/** Parts a picture by flooding from its border: what the flood reaches in small steps is ground. Transparent pixels are ground. */
export function segment(image: Rgba): Segmentation {
  const { width, height } = image;
  const ground = borderColour(image);
  const things = new Uint8Array(width * height).fill(1);
  const queue = new Int32Array(width * height);
  let end = 0;
  let evenBorder = 0;
  const at = (index: number): Rgb => pixel(image, index);
  const clear = (index: number): boolean => (image.data[index * 4 + 3] ?? 255) < 32;
  const border = borderIndices(width, height);
  for (const index of border) {
    const near = clear(index) || distance(at(index), ground) < NEAR;
    if (near) evenBorder += 1;
    if (near && things[index] === 1) {
      things[index] = 0;
      queue[end] = index;
      end += 1;
    }
  }
  for (let head = 0; head < end; head += 1) {
    const index = queue[head] ?? 0;
    const here = at(index);
    forNeighbours(index, width, height, (next) => {
      if (things[next] === 0) return;
      if (
        !clear(next) &&
        (distance(at(next), ground) >= NEAR || (!clear(index) && distance(at(next), here) >= STEP))
      )
        return;
      things[next] = 0;
      queue[end] = next;
      end += 1;
    });
  }
  return {
    things,
    ...components(things, width, height, queue),
    ground,
    reliable: evenBorder / border.length > 0.7,
  };
}

function pixel(image: Rgba, index: number): Rgb {
  const { data } = image;
  return [data[index * 4] ?? 0, data[index * 4 + 1] ?? 0, data[index * 4 + 2] ?? 0];
}

function borderIndices(width: number, height: number): number[] {
  const indices: number[] = [];
  for (let x = 0; x < width; x += 1) indices.push(x, (height - 1) * width + x);
  for (let y = 1; y < height - 1; y += 1) indices.push(y * width, y * width + width - 1);
  return indices;
}

/** The median of each channel along the border. */
function borderColour(image: Rgba): Rgb {
  const colours = borderIndices(image.width, image.height).map((index) => pixel(image, index));
  const middle = (channel: 0 | 1 | 2): number =>
    colours.map((colour) => colour[channel]).sort((a, b) => a - b)[colours.length >> 1] ?? 0;
  return [middle(0), middle(1), middle(2)];
}

function forNeighbours(index: number, width: number, height: number, visit: (next: number) => void): void {
  const x = index % width;
  if (x > 0) visit(index - 1);
  if (x < width - 1) visit(index + 1);
  if (index >= width) visit(index - width);
  if (index < width * (height - 1)) visit(index + width);
}

function components(
  things: Uint8Array,
  width: number,
  height: number,
  queue: Int32Array,
): Pick<Segmentation, 'parts' | 'labels'> {
  const labels = new Int32Array(width * height);
  const parts: Segmentation['parts'] = [];
  let label = 0;
  for (let start = 0; start < things.length; start += 1) {
    if (things[start] === 0 || labels[start] !== 0) continue;
    label += 1;
    labels[start] = label;
    queue[0] = start;
    let end = 1;
    let [left, right, top, bottom] = [width, 0, height, 0];
    for (let head = 0; head < end; head += 1) {
      const index = queue[head] ?? 0;
      const x = index % width;
      const y = (index - x) / width;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      forNeighbours(index, width, height, (next) => {
        if (things[next] === 0 || labels[next] !== 0) return;
        labels[next] = label;
        queue[end] = next;
        end += 1;
      });
    }
    if (end >= SPECK * width * height) {
      parts.push({
        label,
        area: end,
        box: { x: left, y: top, width: right - left + 1, height: bottom - top + 1 },
      });
    }
  }
  return { labels, parts: parts.sort((one, other) => other.area - one.area) };
}

/** The smallest box around several. */
export function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) - y,
  };
}
