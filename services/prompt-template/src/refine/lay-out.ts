import { length, shortened } from '../text/compose.ts';
import { warningsOf } from '../text/losses.ts';
import { capitalised, joinSentences, sentenceKey, sentencesOf } from '../text/sentences.ts';
import { containsTerm, missingTerms } from '../text/terms.ts';
import { type Instruction, isWeighted, type Strength, worded } from './instruction.ts';

/** What a new prompt is made of. */
export interface Layout {
  /** The prompt that is mended. */
  readonly text: string;
  /** The first prompt of the line, no sentence of which is ever taken for an instruction. */
  readonly base: string;
  readonly steps: readonly { readonly instruction: Instruction; readonly strength: Strength }[];
  readonly requiredTerms: readonly string[];
  /** Longest text in characters; 0 for no limit. */
  readonly maxChars: number;
}

/** A new prompt, and what the caller should know of it. */
export interface LaidOut {
  readonly text: string;
  readonly warnings: readonly string[];
}

const AT_THE_FRONT = new Set<Strength>(['front', 'above all']);

/**
 * The new prompt: what stands before all, what was there, what is added behind it. Sentences that earlier rounds added
 * stay in their order, unless one of the steps is about the same. Where room is short, instructions are given in the
 * fewest words, and then what was there at the beginning loses clauses from its end, never a required term and never an
 * instruction. Undefined where even that is too long.
 */
export function layOut(layout: Layout): LaidOut | undefined {
  const { maxChars, requiredTerms } = layout;
  const own = ownSentences(layout);
  const kept = sentencesOf(layout.text).filter(
    (sentence) =>
      own.has(sentenceKey(sentence)) ||
      !layout.steps.some(({ instruction }) => instruction.isEarlierForm(sentence)),
  );
  const body = kept.filter((sentence) => own.has(sentenceKey(sentence)));
  const added = kept.filter((sentence) => !own.has(sentenceKey(sentence)));
  const front = added.filter(isAtFront(layout, own));
  const behind = added.filter((sentence) => !front.includes(sentence));
  const say = (lead: readonly string[], isTerse: boolean) => {
    const said = sayings(layout, isTerse);
    const text = joinSentences([
      ...said.front,
      ...front,
      // What follows a sentence begins as one.
      ...(said.front.length + front.length === 0 ? lead : lead.map(capitalised)),
      ...behind,
      ...said.behind,
    ]);
    const appended = missingTerms(text, requiredTerms);
    const include = appended.length === 0 ? '' : `Include ${appended.join(', ')}`;
    return { text: joinSentences([text, include]), appended };
  };
  const fits = (text: string) => maxChars === 0 || length(text) <= maxChars;
  const none = { dropped: [], words: [], characters: 0, forbidden: [] };
  const full = say(body, false);
  if (fits(full.text)) return { text: full.text, warnings: warningsOf({ ...none, ...full }, maxChars) };
  const terse = say(body, true);
  const isShort = `What is asked for is put in the fewest words, to keep the limit of ${maxChars} characters.`;
  if (fits(terse.text)) {
    return { text: terse.text, warnings: [isShort, ...warningsOf({ ...none, ...terse }, maxChars)] };
  }
  const isNeeded = (clause: string) => requiredTerms.some((term) => containsTerm(clause, term));
  const dropped: string[] = [];
  const words: string[] = [];
  let lead = joinSentences(body);
  for (;;) {
    const shorter = shortened(lead, isNeeded);
    if (shorter === undefined) return undefined;
    if (shorter.isWord) words.unshift(shorter.dropped);
    else dropped.push(shorter.dropped);
    lead = shorter.text;
    const { text, appended } = say([lead], true);
    if (!fits(text)) continue;
    const characters = length(terse.text) - length(text);
    const losses = { ...none, dropped, words, characters, appended };
    return { text, warnings: [isShort, ...warningsOf(losses, maxChars)] };
  }
}

/**
 * Sentences of the first prompt that are still there. A prompt of another line, such as the one for a fallback model,
 * has none of them; then its first sentence without weight counts as such.
 */
function ownSentences({ text, base }: Layout): ReadonlySet<string> {
  const present = sentencesOf(text);
  const keys = new Set(sentencesOf(base).map(sentenceKey));
  if (present.some((sentence) => keys.has(sentenceKey(sentence)))) return keys;
  const first = present.find((sentence) => !isWeighted(sentence)) ?? text;
  return new Set([sentenceKey(first)]);
}

/** What an earlier round put in front of the first prompt's own sentences stays there. */
function isAtFront({ text }: Layout, own: ReadonlySet<string>): (sentence: string) => boolean {
  const sentences = sentencesOf(text);
  const first = sentences.findIndex((sentence) => own.has(sentenceKey(sentence)));
  const front = new Set(sentences.slice(0, Math.max(0, first)));
  return (sentence) => front.has(sentence);
}

function sayings(
  { steps }: Layout,
  isTerse: boolean,
): { readonly front: string[]; readonly behind: string[] } {
  const say = (step: Layout['steps'][number]) =>
    isTerse ? step.instruction.terse : worded(step.instruction, step.strength);
  const isFront = ({ strength }: Layout['steps'][number]) => AT_THE_FRONT.has(strength);
  return { front: steps.filter(isFront).map(say), behind: steps.filter((step) => !isFront(step)).map(say) };
}
