/** A number with its interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Mean of paired differences with its interval at `z` standard errors. Pairs that are alike say nothing against each other:
 * only those that differ widen it, as in McNemar's test.
 */
export function meanDifference(differences: readonly number[], z: number): Estimate {
  const count = differences.length;
  const value = differences.reduce((sum, each) => sum + each, 0) / count;
  const variance = differences.reduce((sum, each) => sum + (each - value) ** 2, 0) / (count - 1);
  const half = z * Math.sqrt(variance / count);
  return { value, low: value - half, high: value + half };
}
