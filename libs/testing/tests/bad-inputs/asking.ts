import type { GenerationInput } from '@atelier/client';
import type { Row } from './world.ts';

/** Asks `projects/shop` for an apple, but for what is given. */
export function asking(input: Partial<GenerationInput>): Row[2] {
  return ({ atelier }) => atelier.create({ project: 'shop', brief: 'an apple', ...input } as GenerationInput);
}

/** The same with questions. */
export const questions = (...list: object[]): Row[2] => asking({ questions: list as never });

/** A list of that length. */
export const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
