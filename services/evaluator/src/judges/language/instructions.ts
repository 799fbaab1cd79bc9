import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What we tell a model about its task. It is a file, so that it can be read, and its version is in every record. */
export interface Instructions {
  readonly text: string;
  /** `VERSION-HASH8`: the number in the file, for people, and the first eight digits of the SHA-256 of all that is said, for certain. */
  readonly version: string;
}

/** Reads instructions from a file whose first line is a comment with its version. What is said `beside` them counts as theirs. */
function readInstructions(name: string, beside = ''): Instructions {
  const file = new URL(`./instructions/${name}.md`, import.meta.url);
  const match = /^<!-- version: (\d+) -->\n(.+)$/s.exec(readFileSync(file, 'utf8'));
  if (match === null) throw new Error(`${file.pathname} does not begin with its version`);
  const [, number = '', body = ''] = match;
  const text = body.trim();
  const hash = createHash('sha256').update(`${text}${beside}`).digest('hex').slice(0, 8);
  return { text, version: `${number}-${hash}` };
}

const SAID = readInstructions('words').text;

/** A text of the file of words, in one line. Throws where it has none of that name. */
function word(name: string): string {
  const part = SAID.split(/^# /m).find((each) => each.startsWith(`${name}\n`));
  if (part === undefined) throw new Error(`there are no words for ${name}`);
  return part.slice(name.length).trim().replaceAll(/\s+/g, ' ');
}

/** What is said beside instructions: the two questions that are always put alike, and what was wrong with an answer. */
export const WORDS = {
  read: word('read'),
  count: (of: string) => word('count').replace('{of}', () => of),
  fault: { dishonest: word('dishonest'), malformed: word('malformed'), incomplete: word('incomplete') },
};

/** How questions about a picture are answered. */
export const ANSWER = readInstructions('answer', SAID);

/** How two pictures are compared. */
export const COMPARE = readInstructions('compare', SAID);
