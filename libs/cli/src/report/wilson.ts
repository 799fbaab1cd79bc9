/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

/** A share with its 95 % interval, all from 0 to 1. */
export interface Share {
  readonly count: number;
  readonly of: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * How many of how many, with the score interval of Wilson (1927), which keeps its promise for few cases and near 0 and 1.
 * Undefined of nothing.
 */
export function shareOf(count: number, of: number): Share | undefined {
  if (of === 0) return undefined;
  const share = count / of;
  const shrink = 1 + Z ** 2 / of;
  const centre = (share + Z ** 2 / (2 * of)) / shrink;
  const half = (Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))) / shrink;
  return {
    count,
    of,
    share,
    // At the ends the formula gives 0 and 1 but for rounding.
    low: count === 0 ? 0 : centre - half,
    high: count === of ? 1 : centre + half,
  };
}
