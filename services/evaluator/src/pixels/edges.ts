const { max, min } = Math;

/** Where the colour changes faster than shading does: the outlines of things, faint ones included. */
export interface Edges {
  /** 1 on an outline. */
  readonly at: Uint8Array;
  /**
   * 1 on an outline or within `clearance` of a faint one, so that what grows cannot slip through the small gap where
   * an outline fades out. Strong outlines are not widened: they have no gaps, and things may stand close.
   */
  readonly near: Uint8Array;
  /** Pixels, measured along rows and columns. */
  readonly clearance: number;
}

/** Steepest change of shading or of a soft shadow, in OKLab units a pixel at 512 pixels. */
const steepestShade = 1.1;

/** Two pixels at 512: gaps of up to five pixels in an outline are closed. */
const clearance = 2;

/** An outline this many times as steep as the limit is strong. */
const strong = 3;

/** 0 for no outline, 1 for a faint and 2 for a strong one. */
function differences(oklab: Float32Array, width: number, height: number, limit: number): Uint8Array {
  const edges = new Uint8Array(width * height);
  const row = 3 * width;
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? -row : 0;
    const down = y < height - 1 ? row : 0;
    for (let x = 0; x < width; x++) {
      const p = 3 * (y * width + x);
      const left = x > 0 ? -3 : 0;
      const right = x < width - 1 ? 3 : 0;
      let sum = 0;
      for (let c = p; c < p + 3; c++) {
        const dx = (oklab[c + right] as number) - (oklab[c + left] as number);
        const dy = (oklab[c + down] as number) - (oklab[c + up] as number);
        sum += dx * dx + dy * dy;
      }
      if (sum > limit) edges[y * width + x] = sum > strong * strong * limit ? 2 : 1;
    }
  }
  return edges;
}

/** Sums a plane over windows of 2 * radius + 1, rows then columns. */
function boxSum(plane: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const rows = new Uint8Array(plane.length);
  const out = new Uint8Array(plane.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = max(0, x - radius); k <= min(width - 1, x + radius); k++) {
        sum += plane[y * width + k] as number;
      }
      rows[y * width + x] = sum;
    }
  }
  for (let y = 0; y < height; y++) {
    const from = max(0, y - radius);
    const to = min(height - 1, y + radius);
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = from; k <= to; k++) sum += rows[k * width + x] as number;
      out[y * width + x] = sum;
    }
  }
  return out;
}

/**
 * Finds outlines by central differences. The limit rises with the grain of the picture (`noise`, the median
 * step between neighbours on the border), and an outline pixel with fewer than two others beside it is grain.
 */
export function findEdges(oklab: Float32Array, width: number, height: number, noise: number): Edges {
  const limit = (2 * (steepestShade + 3 * min(noise, 2))) ** 2;
  const grade = differences(oklab, width, height, limit);
  const at = new Uint8Array(grade.length);
  const strongest = new Uint8Array(grade.length);
  for (let i = 0; i < grade.length; i++) {
    if (grade[i] !== 0) at[i] = 1;
    if (grade[i] === 2) strongest[i] = 1;
  }
  const crowd = boxSum(at, width, height, 1);
  // The flanks of a strong outline are faint, but are no sign of one that fades.
  const flank = boxSum(strongest, width, height, clearance);
  const faint = new Uint8Array(grade.length);
  for (let i = 0; i < at.length; i++) {
    if ((crowd[i] as number) < 3) at[i] = 0;
    else if (flank[i] === 0) faint[i] = at[i] as number;
  }
  const near = boxSum(faint, width, height, clearance);
  for (let i = 0; i < near.length; i++) near[i] = at[i] === 1 || (near[i] as number) > 0 ? 1 : 0;
  return { at, near, clearance };
}
