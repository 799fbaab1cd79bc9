import type { Losses } from './losses.ts';
import { clausesOf, joinSentences, sentencesOf, withEnd, withoutEnd } from './sentences.ts';
import { containsTerm, missingTerms, presentTerms } from './terms.ts';

/** Parts of a prompt in the order in which they are said. */
export interface Parts {
  /** What is shown. */
  readonly lead: string;
  /** How it is shown, in clauses; the last are the first to go where room is short. */
  readonly clauses: readonly string[];
  /** What must not be there, where the model has no field of its own for it. */
  readonly avoid: string;
  readonly requiredTerms: readonly string[];
  readonly forbiddenTerms: readonly string[];
  /** Longest text in characters; 0 for no limit. */
  readonly maxChars: number;
}

/** A text that was put together, and what became of parts that are not in it as they were given. */
export interface Composed extends Losses {
  readonly text: string;
}

/** The least that has to be said has more characters than the model takes. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
  readonly shortest: number;

  constructor(shortest: number) {
    super(`the shortest prompt that keeps what is required has ${shortest} characters`);
    this.shortest = shortest;
  }
}

/**
 * Puts a prompt together: the lead, the clauses, the required terms that neither holds, what to avoid. Where it is too
 * long it loses, one by one and at the borders of clauses, what to avoid, the clauses from the last, the clauses of the
 * lead from the last but never its first, and at last words of that one. What holds a required term always stays.
 * Throws `TooLong` where that is not enough.
 */
export function compose(parts: Parts): Composed {
  const { maxChars, requiredTerms, forbiddenTerms } = parts;
  const isAllowed = (clause: string) => presentTerms(clause, forbiddenTerms).length === 0;
  const isNeeded = (clause: string) => requiredTerms.some((term) => containsTerm(clause, term));
  let lead = parts.lead;
  const clauses = parts.clauses.filter(isAllowed);
  const toAvoid = clausesOf(parts.avoid).map(withoutEnd);
  const avoid = toAvoid.filter(isAllowed);
  const forbidden = [...parts.clauses, ...toAvoid].filter((clause) => !isAllowed(clause));
  const whole = length(join(lead, clauses, avoid, requiredTerms));
  const dropped: string[] = [];
  const words: string[] = [];
  for (;;) {
    const text = join(lead, clauses, avoid, requiredTerms);
    if (maxChars === 0 || length(text) <= maxChars) {
      const appended = missingTerms(said(lead, clauses), requiredTerms);
      return { text, dropped, words, characters: whole - length(text), appended, forbidden };
    }
    const last = clauses.findLastIndex((clause) => !isNeeded(clause));
    if (avoid.length > 0) dropped.push(`Avoid: ${avoid.pop()}`);
    else if (last >= 0) dropped.push(...clauses.splice(last, 1));
    else {
      const shorter = shortened(lead, isNeeded);
      if (shorter === undefined) throw new TooLong(length(text));
      if (shorter.isWord) words.unshift(shorter.dropped);
      else dropped.push(shorter.dropped);
      lead = shorter.text;
    }
  }
}

/** Characters as people count them, so that an emoji is one. */
export function length(text: string): number {
  return [...text].length;
}

function join(
  lead: string,
  clauses: readonly string[],
  avoid: readonly string[],
  required: readonly string[],
): string {
  const begun = said(lead, clauses);
  const missing = missingTerms(begun, required);
  return joinSentences([
    begun,
    missing.length === 0 ? '' : `Include ${missing.join(', ')}`,
    avoid.length === 0 ? '' : `Avoid: ${avoid.join(', ')}`,
  ]);
}

/** Lead and clauses, as one or as two sentences. */
function said(lead: string, clauses: readonly string[]): string {
  return /[.!?]["”]?$/.test(lead.trim())
    ? joinSentences([lead, clauses.join(', ')])
    : withEnd([lead, ...clauses].filter((part) => part !== '').join(', '));
}

/** The text without its last clause that is not needed, or without its last word; undefined where nothing may go. */
export function shortened(
  text: string,
  isNeeded: (clause: string) => boolean,
): { readonly text: string; readonly dropped: string; readonly isWord: boolean } | undefined {
  const sentences = sentencesOf(text).map((sentence) => clausesOf(sentence));
  for (let index = sentences.length - 1; index >= 0; index -= 1) {
    const clauses = sentences[index] as string[];
    const last = clauses.findLastIndex(
      (clause, position) => !(index === 0 && position === 0) && !isNeeded(clause),
    );
    if (last < 0) continue;
    const [dropped = ''] = clauses.splice(last, 1);
    return {
      text: joinSentences(sentences.map((left) => left.join(', '))),
      dropped: withoutEnd(dropped),
      isWord: false,
    };
  }
  const [first = ''] = sentences[0] ?? [];
  const words = withoutEnd(first).split(' ');
  if (isNeeded(first) || words.length < 2 || sentences.length > 1) return undefined;
  return { text: words.slice(0, -1).join(' '), dropped: words.at(-1) ?? '', isWord: true };
}
