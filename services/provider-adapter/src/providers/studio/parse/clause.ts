import type { PromptReading, Told } from './reading.ts';

/** Takes what it understands out of a clause and returns the words that are left for others. */
export type Matcher = (reading: PromptReading, clause: string, emphasis: number) => string;

/** A statement as one clause makes it. */
export const told = <T>(value: T, emphasis: number, clear = true): Told<T> => ({ value, emphasis, clear });

/** Takes a match out of a clause; "|" keeps the words on either side from being read together. */
export function cut(clause: string, match: RegExpExecArray): string {
  return `${clause.slice(0, match.index)} | ${clause.slice(match.index + match[0].length)}`;
}
