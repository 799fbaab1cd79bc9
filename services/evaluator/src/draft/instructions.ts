import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CATEGORIES } from './categories.ts';

/** Instructions to the writer: a text of ours, and nothing of a caller. */
interface Instructions {
  /** Number that whoever changes the text counts up. */
  readonly version: string;
  readonly text: string;
}

/** How a draft is asked for. */
export const DRAFT = read('draft', (text) => text.replace('<!-- categories -->', categoryLines()));

/** How a draft is checked against its brief. */
export const ANSWER_FROM_BRIEF = read('answer-from-brief');

const DIGEST = createHash('sha256')
  .update(DRAFT.text)
  .update('\0')
  .update(ANSWER_FROM_BRIEF.text)
  .digest('hex');

/** Version of the instructions: the number, and the first digits of the SHA-256 of both texts as they are sent. */
export const INSTRUCTIONS_VERSION = `draft@${DRAFT.version}-${DIGEST.slice(0, 8)}`;

function read(name: string, complete = (text: string) => text): Instructions {
  const file = readFileSync(new URL(`./instructions/${name}.md`, import.meta.url), 'utf8');
  const head = /^<!-- version: (\d+) -->\n/.exec(file);
  if (head?.[1] === undefined) throw new Error(`the instructions ${name} have no version`);
  return { version: head[1], text: complete(file.slice(head[0].length)).trim() };
}

function categoryLines(): string {
  return Object.entries(CATEGORIES)
    .map(([name, meaning]) => `- \`${name}\`: ${meaning}`)
    .join('\n');
}
