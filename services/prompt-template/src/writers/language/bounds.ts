/**
 * How much of each kind of thing a model is told. Everything that a request holds is bounded, so that what an answer costs
 * can be said before its question is known, and so that models with a window of 16,000 tokens will do. Numbers of bytes are
 * those of the thing as JSON.
 */
export const BOUNDS = {
  /** Examples, the nearest first. */
  examples: 6,
  exampleBytes: 8_000,
  /** Names of values that must be said. */
  requirementBytes: 4_000,
  requirementChars: 200,
  /** Forbidden terms, the template's own first. An answer is checked against all of them, told or not. */
  forbiddenBytes: 3_000,
  negativeChars: 500,
  failedBytes: 8_000,
  keepBytes: 3_000,
  /** Earlier attempts, the latest first. An answer is compared with all of them, told or not. */
  attempts: 4,
  attemptBytes: 4_000,
  attemptChars: 800,
  /** What was wrong with an answer. */
  faultBytes: 1_500,
  faultChars: 300,
} as const;

/** Bytes of a value as JSON. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** The first of the items that together have at most so many bytes as JSON. */
export function fitting<T>(items: readonly T[], maxBytes: number): T[] {
  const taken: T[] = [];
  let bytes = jsonBytes([]);
  for (const item of items) {
    bytes += jsonBytes(item) + 1;
    if (bytes > maxBytes) break;
    taken.push(item);
  }
  return taken;
}

/** The beginning of a text, with a mark where something is missing. */
export function clipped(text: string, maxChars: number): string {
  const characters = [...text];
  return characters.length <= maxChars ? text : `${characters.slice(0, maxChars - 1).join('')}…`;
}
