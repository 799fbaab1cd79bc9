import type { OpenCount } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { Problem } from './problem.ts';

/** Largest number that may be expected. Nobody counts further in a picture. */
const MAX_COUNT = 1_000;

/** The number that a rendered text stands for: digits of a whole number from 0 to 1000; undefined for anything else. */
export function expectedCount({ expected }: OpenCount): number | undefined {
  const digits = /^\d{1,6}$/.exec(expected.trim());
  if (digits === null) return undefined;
  const count = Number(digits[0]);
  return count <= MAX_COUNT ? count : undefined;
}

/** What is wrong with a rendered open count. */
export function countProblems(openCount: OpenCount, path: string): Problem[] {
  const problems: Problem[] = [];
  if (openCount.of.trim() === '') problems.push({ field: `${path}.of`, description: 'comes out empty' });
  if (expectedCount(openCount) === undefined) {
    const description = `must come out as a whole number from 0 to ${MAX_COUNT}`;
    problems.push({ field: `${path}.expected`, description });
  }
  return problems;
}
