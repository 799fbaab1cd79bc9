import type { AnswerToken } from '@atelier/language-models';

/** Where a string value begins in the tokens of an answer. */
export interface TokenPlace {
  /** The token in which the first letter of the value stands. */
  readonly token: AnswerToken;
  /** What of this token stands before the value: tokens do not end where JSON does. */
  readonly before: string;
  /** What follows the token. */
  readonly after: string;
}

/** An entry of an answer as it stands in the text. */
export interface WrittenEntry {
  readonly id: string;
  readonly answer: string;
  /** Position of the first letter of the value of `answer`, spaces left out. */
  readonly at: number;
}

/**
 * Entries with an id and an answer in a JSON text, in their order, with their places. It reads on where a string holds what is
 * not allowed in JSON: tokens that are parts of a letter come as marks of their own.
 */
export function writtenEntries(text: string): WrittenEntry[] {
  const entries: WrittenEntry[] = [];
  const open: Partial<Record<'id' | 'answer', { value: string; at: number }>>[] = [];
  let key = '';
  for (let at = Math.max(0, text.indexOf('{')); at < text.length; at += 1) {
    const character = text[at];
    if (character === '{') open.push({});
    else if (character === '}') {
      const { id, answer } = open.pop() ?? {};
      if (id !== undefined && answer !== undefined) {
        entries.push({ id: id.value, answer: answer.value, at: answer.at });
      }
    } else if (character === '"') {
      const end = endOfString(text, at);
      const raw = text.slice(at + 1, end);
      const current = open.at(-1);
      if (/^\s*:/.test(text.slice(end + 1, end + 32))) key = raw;
      else if (current !== undefined && (key === 'id' || key === 'answer')) {
        const lead = raw.length - raw.trimStart().length;
        current[key] = { value: raw.trim(), at: at + 1 + lead };
        key = '';
      }
      at = end;
    }
  }
  return entries;
}

/** Position of the quote that ends the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/**
 * Finds the place of each entry's answer in the tokens, by reading their texts in a row as the JSON that they spell. Undefined
 * where they spell other entries than the answer has: then nobody knows which token is which answer's.
 */
export function placesOf(
  tokens: readonly AnswerToken[],
  entries: readonly { readonly id: string; readonly answer: string }[],
): (TokenPlace | undefined)[] | undefined {
  const text = tokens.map((token) => token.text).join('');
  const written = writtenEntries(text);
  const isSame = ({ id }: { readonly id: string }, index: number) => written[index]?.id === id.trim();
  if (written.length !== entries.length || !entries.every(isSame)) return undefined;
  return entries.map(({ answer }, index) => {
    const found = written[index];
    return found?.answer === answer.trim() ? placeAt(tokens, text, found.at) : undefined;
  });
}

function placeAt(tokens: readonly AnswerToken[], text: string, at: number): TokenPlace | undefined {
  let start = 0;
  for (const token of tokens) {
    const end = start + token.text.length;
    if (at < end) return { token, before: token.text.slice(0, at - start), after: text.slice(end) };
    start = end;
  }
  return undefined;
}
