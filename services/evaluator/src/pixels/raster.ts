/** An 8-bit sRGB picture with straight alpha: four bytes a pixel, row by row, no padding. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A rectangle in pixels; `right` and `bottom` are exclusive. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A plane of brightness, one float a pixel, 0 (black) to 255 (white), in sRGB code values. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * The brightness of a raster laid over a ground of the given grey level (0 to 255), with the luma weights of
 * ITU-R BT.709. The ground shows only where the picture is transparent.
 */
export function toGrey(raster: Raster, ground = 255): Grey {
  const count = raster.width * raster.height;
  const data = new Float32Array(count);
  const { data: rgba } = raster;
  for (let i = 0, p = 0; i < count; i++, p += 4) {
    const luma =
      0.2126 * (rgba[p] as number) + 0.7152 * (rgba[p + 1] as number) + 0.0722 * (rgba[p + 2] as number);
    const alpha = (rgba[p + 3] as number) / 255;
    data[i] = alpha * luma + (1 - alpha) * ground;
  }
  return { width: raster.width, height: raster.height, data };
}

/**
 * The ground, white (255) or black (0), on which what is solid in a picture shows better: a cut-out of white letters
 * is blank on white. Opaque pictures need none and get white.
 */
export function contrastingGround(raster: Raster): 0 | 255 {
  let sum = 0;
  let weight = 0;
  const { data } = raster;
  for (let p = 0; p < data.length; p += 4) {
    const alpha = data[p + 3] as number;
    sum += alpha * ((data[p] as number) + (data[p + 1] as number) + (data[p + 2] as number));
    weight += alpha;
  }
  const opaque = weight === 255 * (data.length / 4);
  return !opaque && sum / Math.max(1, 3 * weight) > 150 ? 0 : 255;
}

/** Width of a box in pixels. */
export function boxWidth(box: Box): number {
  return box.right - box.left;
}

/** Height of a box in pixels. */
export function boxHeight(box: Box): number {
  return box.bottom - box.top;
}

/** The smallest box around all the given ones, or undefined for none. */
export function unionOf(boxes: readonly Box[]): Box | undefined {
  const [first, ...rest] = boxes;
  if (first === undefined) return undefined;
  return rest.reduce(
    (all, box) => ({
      left: Math.min(all.left, box.left),
      top: Math.min(all.top, box.top),
      right: Math.max(all.right, box.right),
      bottom: Math.max(all.bottom, box.bottom),
    }),
    { ...first },
  );
}
