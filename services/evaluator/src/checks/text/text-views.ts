import { type Box, boxHeight, contrastingGround, type Grey, type Raster } from '../../pixels/raster.ts';
import type { OcrPicture } from './ocr.ts';

const { ceil, floor, max, min, round } = Math;

/** Height in pixels to which a line is brought for reading: letters of 30 to 40 pixels suit the engine. */
const lineHeight = 56;

/** 8-bit copy of a brightness plane, optionally inverted and stretched so that 1 % each side is clipped. */
export function greyView(grey: Grey, options: { invert?: boolean; stretch?: boolean } = {}): OcrPicture {
  const { width, height, data } = grey;
  let low = 0;
  let high = 255;
  if (options.stretch === true) {
    const sorted = data.slice().sort();
    low = sorted[floor(0.01 * sorted.length)] ?? 0;
    high = max(low + 8, sorted[ceil(0.99 * sorted.length) - 1] ?? 255);
  }
  const scale = 255 / (high - low);
  const out = Uint8ClampedArray.from(data, (value) => {
    const stretched = (value - low) * scale;
    return options.invert === true ? 255 - stretched : stretched;
  });
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** Resizes a plane bilinearly by a factor; below 1 with the mean of four taps, which is enough down to a quarter. */
export function resizeView(view: OcrPicture, factor: number): OcrPicture {
  const width = max(1, round(view.width * factor));
  const height = max(1, round(view.height * factor));
  const data = new Uint8Array(width * height);
  const offsets = factor < 1 ? [-0.25, 0.25] : [0];
  const at = (x: number, y: number) =>
    view.data[min(view.height - 1, max(0, y)) * view.width + min(view.width - 1, max(0, x))] ?? 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const oy of offsets) {
        for (const ox of offsets) {
          const fx = (x + 0.5 + ox) / factor - 0.5;
          const fy = (y + 0.5 + oy) / factor - 0.5;
          const x0 = floor(fx);
          const y0 = floor(fy);
          const dx = fx - x0;
          const dy = fy - y0;
          sum +=
            (1 - dy) * ((1 - dx) * at(x0, y0) + dx * at(x0 + 1, y0)) +
            dy * ((1 - dx) * at(x0, y0 + 1) + dx * at(x0 + 1, y0 + 1));
        }
      }
      data[y * width + x] = round(sum / offsets.length ** 2);
    }
  }
  return { width, height, data };
}

type Colour = [number, number, number];

function squaredDistance(x: Colour, y: Colour): number {
  return (x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2 + (x[2] - y[2]) ** 2;
}

/** Two means of colours (Lloyd's algorithm), started at the darkest and the lightest. */
function twoMeans(colours: readonly Colour[]): [Colour, Colour] {
  const luma = (c: Colour) => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
  const mean = colours.reduce<Colour>((m, c) => [m[0] + c[0], m[1] + c[1], m[2] + c[2]], [0, 0, 0]);
  const middle = mean.map((sum) => sum / colours.length) as Colour;
  // The colour farthest from the mean, and the one farthest from that, part words of equal brightness too.
  const far = (from: Colour) =>
    colours.reduce((best, c) => (squaredDistance(c, from) > squaredDistance(best, from) ? c : best), from);
  let first = far(middle);
  let second = far(first);
  if (luma(first) > luma(second)) [first, second] = [second, first];
  for (let round = 0; round < 6; round++) {
    const sums = [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ] as [number[], number[]];
    for (const c of colours) {
      const sum = squaredDistance(c, first) <= squaredDistance(c, second) ? sums[0] : sums[1];
      for (let k = 0; k < 3; k++) sum[k] = (sum[k] as number) + (c[k] as number);
      sum[3] = (sum[3] as number) + 1;
    }
    const centre = (sum: number[], old: Colour): Colour =>
      sum[3] === 0 ? old : ([0, 1, 2].map((k) => (sum[k] as number) / (sum[3] as number)) as Colour);
    first = centre(sums[0], first);
    second = centre(sums[1], second);
  }
  return [first, second];
}

/**
 * Cuts a band out of a picture as dark letters on white whatever its colours: every pixel is placed on the line
 * between the two main colours of the band, the one along its rim being the ground. So white on red, red on green
 * of the same brightness, and gold on black all read alike. `box` is in shares of the frame.
 */
export function bandView(raster: Raster, box: Box): OcrPicture {
  const pad = 0.25 * boxHeight(box);
  const left = max(0, floor((box.left - pad * (raster.height / raster.width)) * raster.width));
  const right = min(raster.width, ceil((box.right + pad * (raster.height / raster.width)) * raster.width));
  const top = max(0, floor((box.top - pad) * raster.height));
  const bottom = min(raster.height, ceil((box.bottom + pad) * raster.height));
  const width = right - left;
  const height = bottom - top;
  const under = contrastingGround(raster);
  const colours: Colour[] = [];
  const rim: Colour[] = [];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const p = 4 * (y * raster.width + x);
      const alpha = (raster.data[p + 3] as number) / 255;
      const over = (c: number) => alpha * (raster.data[p + c] as number) + (1 - alpha) * under;
      const colour: Colour = [over(0), over(1), over(2)];
      colours.push(colour);
      if (y === top || y === bottom - 1 || x === left || x === right - 1) rim.push(colour);
    }
  }
  let [ink, ground] = twoMeans(colours);
  const closerToInk = rim.filter((c) => squaredDistance(c, ink) < squaredDistance(c, ground)).length;
  if (2 * closerToInk > rim.length) [ink, ground] = [ground, ink];
  const axis: Colour = [ground[0] - ink[0], ground[1] - ink[1], ground[2] - ink[2]];
  const length = max(1, squaredDistance(ground, ink));
  const data = Uint8Array.from(colours, (c) => {
    const t = ((c[0] - ink[0]) * axis[0] + (c[1] - ink[1]) * axis[1] + (c[2] - ink[2]) * axis[2]) / length;
    return round(255 * min(1, max(0, t)));
  });
  const factor = min(4, lineHeight / max(1, boxHeight(box) * raster.height));
  return framed(resizeView({ width, height, data }, factor), 12);
}

/** Puts a white frame around a view: letters at the very edge are read badly. */
function framed(view: OcrPicture, margin: number): OcrPicture {
  const width = view.width + 2 * margin;
  const height = view.height + 2 * margin;
  const data = new Uint8Array(width * height).fill(255);
  for (let y = 0; y < view.height; y++) {
    data.set(view.data.subarray(y * view.width, (y + 1) * view.width), (y + margin) * width + margin);
  }
  return { width, height, data };
}
