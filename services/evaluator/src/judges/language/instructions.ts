import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What we tell a model about its task. It is a file, so that it can be read, and its version is in every record. */
export interface Instructions {
  readonly text: string;
  /** `VERSION-HASH8`: the number in the file, for people, and the first eight digits of the SHA-256 of the text, for certain. */
  readonly version: string;
}

/** Reads instructions from a file whose first line is a comment with its version. */
export function readInstructions(file: URL): Instructions {
  const match = /^<!-- version: (\d+) -->\n(.+)$/s.exec(readFileSync(file, 'utf8'));
  if (match === null) throw new Error(`${file.pathname} does not begin with its version`);
  const [, number = '', body = ''] = match;
  const text = body.trim();
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return { text, version: `${number}-${hash}` };
}

/** How questions about a picture are answered. */
export const ANSWER = readInstructions(new URL('./instructions/answer.md', import.meta.url));

/** How two pictures are compared. */
export const COMPARE = readInstructions(new URL('./instructions/compare.md', import.meta.url));
