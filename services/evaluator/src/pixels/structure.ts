/** Constants of SSIM for 8-bit values: (.01 * 255)^2 and (.03 * 255)^2 (Z. Wang et al., 2004). */
const c1 = 6.5025;
const c2 = 58.5225;

/**
 * Structural similarity of two planes of the same size, -1 to 1, over windows of 8 x 8 at steps of 4. With a
 * weight plane, windows count by their mean weight, so that only what both pictures show is compared.
 */
export function structuralSimilarity(
  x: Float32Array,
  y: Float32Array,
  width: number,
  height: number,
  weight?: Float32Array,
): number {
  let total = 0;
  let weights = 0;
  for (let top = 0; top + 8 <= height; top += 4) {
    for (let left = 0; left + 8 <= width; left += 4) {
      let sx = 0;
      let sy = 0;
      let sxx = 0;
      let syy = 0;
      let sxy = 0;
      let w = 0;
      for (let r = top; r < top + 8; r++) {
        for (let i = r * width + left; i < r * width + left + 8; i++) {
          const a = x[i] as number;
          const b = y[i] as number;
          sx += a;
          sy += b;
          sxx += a * a;
          syy += b * b;
          sxy += a * b;
          w += weight === undefined ? 1 : (weight[i] as number);
        }
      }
      const mx = sx / 64;
      const my = sy / 64;
      const vx = sxx / 64 - mx * mx;
      const vy = syy / 64 - my * my;
      const covariance = sxy / 64 - mx * my;
      const ssim = ((2 * mx * my + c1) * (2 * covariance + c2)) / ((mx * mx + my * my + c1) * (vx + vy + c2));
      total += (w / 64) * ssim;
      weights += w / 64;
    }
  }
  return weights === 0 ? 1 : total / weights;
}
