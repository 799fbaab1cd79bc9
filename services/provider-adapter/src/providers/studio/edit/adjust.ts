import { toRgb } from '../colour.ts';
import type { Lighting } from '../parse/reading.ts';
import type { Rgba } from './segment.ts';

interface Grade {
  gain: number;
  contrast: number;
  /** Added to red, green and blue. */
  cast: readonly [number, number, number];
}

const GRADES: Readonly<Record<Lighting, Grade>> = {
  soft: { gain: 1.05, contrast: 0.92, cast: [0, 0, 0] },
  studio: { gain: 1.08, contrast: 1.08, cast: [0, 0, 0] },
  bright: { gain: 1.22, contrast: 1, cast: [0, 0, 0] },
  dramatic: { gain: 0.85, contrast: 1.4, cast: [0, 0, 0] },
  backlit: { gain: 0.75, contrast: 1.15, cast: [0, 0, 0] },
  warm: { gain: 1.04, contrast: 1, cast: [16, 4, -18] },
  cool: { gain: 1, contrast: 1, cast: [-14, 0, 18] },
  dim: { gain: 0.6, contrast: 0.95, cast: [-4, -4, 2] },
};

/** Grades the pixels towards a kind of light, in place. `weight` 0 does nothing, 1 the whole of it. */
export function relight(image: Rgba, light: Lighting, weight: number): void {
  const { gain, contrast, cast } = GRADES[light];
  const { data } = image;
  for (let index = 0; index < data.length; index += 4) {
    for (let channel = 0; channel < 3; channel += 1) {
      const before = data[index + channel] ?? 0;
      const after = (before * gain - 128) * contrast + 128 + (cast[channel] ?? 0);
      data[index + channel] = clamp(before + (after - before) * weight);
    }
  }
}

/**
 * Gives the coloured pixels of a picture another colour and keeps their light and shade, in place, where `where` says
 * so. Greys, highlights and outlines stay as they are, so that the paper label on a jar does not turn red.
 */
export function recolour(
  image: Rgba,
  colour: string,
  weight: number,
  where: (index: number) => boolean,
): void {
  const target = toRgb(colour);
  const brightness = Math.max(30, luma(...target));
  const { data } = image;
  for (let index = 0; index < data.length; index += 4) {
    if (!where(index / 4)) continue;
    const [red, green, blue] = [data[index] ?? 0, data[index + 1] ?? 0, data[index + 2] ?? 0];
    const saturation = (Math.max(red, green, blue) - Math.min(red, green, blue)) / 255;
    const share = Math.min(1, saturation * 3) * weight;
    const ratio = Math.min(1.6, Math.max(0.35, 0.45 + (0.55 * luma(red, green, blue)) / brightness));
    for (let channel = 0; channel < 3; channel += 1) {
      const before = data[index + channel] ?? 0;
      data[index + channel] = clamp(before + ((target[channel] ?? 0) * ratio - before) * share);
    }
  }
}

/** Perceived brightness by the weights of Rec. 709, on encoded values. */
function luma(red: number, green: number, blue: number): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
