const MASK = 0xffff_ffff_ffff_ffffn;

/** Derived seeds have 31 bits: the widest range that every provider with seeds is known to take. */
export const DERIVED_SEED_LIMIT = 2 ** 31;

/**
 * The seed of candidate (round, index). (0,0) uses the given seed as it is; every other is a hash of the three numbers,
 * so that a generation can be made again from its first seed alone, and neighbours share nothing. The hash is the
 * finaliser of SplitMix64 (Steele, Lea and Flood, 2014), applied once per number.
 */
export function candidateSeed(seed: number, round: number, index: number): number {
  if (round === 0 && index === 0) return seed;
  let hash = 0n;
  for (const part of [seed, round, index]) hash = mix(hash ^ BigInt(part));
  return Number(hash >> 33n);
}

function mix(value: bigint): bigint {
  let z = (value + 0x9e37_79b9_7f4a_7c15n) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK;
  return z ^ (z >> 31n);
}
