import { createHash } from 'node:crypto';

/** Whole numbers that follow from a text alone: the same text always gives the same numbers. */
export class Seeded {
  readonly #seed: string;
  #drawn = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** The next number from 0 to below `limit`. */
  below(limit: number): number {
    this.#drawn += 1;
    const digest = createHash('sha256').update(`${this.#seed}/${this.#drawn}`).digest();
    return digest.readUIntBE(0, 6) % limit;
  }

  /** One of some things. There must be at least one. */
  one<T>(things: readonly T[]): T {
    return things[this.below(things.length)] as T;
  }
}
