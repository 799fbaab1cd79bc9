const WORDS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  single: 1,
  sole: 1,
  lone: 1,
  dozen: 12,
  pair: 2,
  couple: 2,
  trio: 3,
  both: 2,
};

const VAGUE: Readonly<Record<string, number>> = {
  some: 3,
  several: 4,
  few: 3,
  handful: 5,
  many: 7,
  bunch: 5,
  assorted: 4,
};

/** More than this many of anything is drawn as this many. */
export const MAX_COUNT = 24;

/** What one word says about how many: a number, a vague amount, or nothing. */
export function numberWord(word: string): { value: number; clear: boolean } | undefined {
  if (Object.hasOwn(WORDS, word)) return { value: WORDS[word] ?? 1, clear: true };
  if (Object.hasOwn(VAGUE, word)) return { value: VAGUE[word] ?? 3, clear: false };
  if (/^\d{1,3}$/.test(word) && Number(word) > 0)
    return { value: Math.min(Number(word), MAX_COUNT), clear: true };
  return undefined;
}
