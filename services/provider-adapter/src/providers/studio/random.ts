import { createHash } from 'node:crypto';

/** A small deterministic source of numbers. Nothing here is fit for secrets. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number, both ends included. */
  integer(low: number, high: number): number;
  /** One element of a list, which must not be empty. */
  pick<T>(list: readonly T[]): T;
  /** The list in another order; the argument is left alone. */
  shuffle<T>(list: readonly T[]): T[];
}

/**
 * The sfc32 generator (Chris Doty-Humphrey's "small fast counting", from PractRand), seeded with the first
 * 128 bits of a SHA-256 over the parts, so that neighbouring seeds give unrelated streams. Each decision of a
 * scene owns a stream named after it: adding a word about the light does not reshuffle the layout, which is how
 * a diffusion model behaves when the seed is kept and the prompt is edited.
 */
export function createRandom(...parts: readonly string[]): Random {
  const digest = createHash('sha256').update(parts.join('\u0000')).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = digest.readInt32LE(12);
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    integer,
    between: (low, high) => low + next() * (high - low),
    pick<T>(list: readonly T[]): T {
      const chosen = list[Math.floor(next() * list.length)];
      if (chosen === undefined) throw new RangeError('cannot pick from an empty list');
      return chosen;
    },
    shuffle<T>(list: readonly T[]): T[] {
      const keyed = list.map((value) => ({ value, order: next() }));
      return keyed.sort((left, right) => left.order - right.order).map(({ value }) => value);
    },
  };
}
