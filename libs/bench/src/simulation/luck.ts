import { createHash } from 'node:crypto';

/** A number from 0 up to 1 that is always the same for the same words, and has nothing to do with that of any other words. */
export function luck(...words: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(words.join('\n')).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
