import { length, shortened } from '../text/compose.ts';
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

const AT_THE_FRONT = new Set<Strength>(['front', 'above all']);

/**
 * The new prompt: what stands before all, what was there, what is added behind it. Sentences that earlier rounds added
 * stay in their order, unless one of the steps is about the same. Where room is short, instructions are given in the
 * fewest words, and then what was there at the beginning loses clauses from its end, never a required term and never an
 * instruction. Undefined where even that is too long.
 */
export function layOut(layout: Layout): string | undefined {
  const { maxChars } = layout;
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
  for (const isTerse of [false, true]) {
    const said = sayings(layout, isTerse);
    const text = join([...said.front, ...front], body, [...behind, ...said.behind], layout.requiredTerms);
    if (maxChars === 0 || length(text) <= maxChars) return text;
  }
  const said = sayings(layout, true);
  const isNeeded = (clause: string) => layout.requiredTerms.some((term) => containsTerm(clause, term));
  let lead = joinSentences(body);
  for (;;) {
    const shorter = shortened(lead, isNeeded);
    if (shorter === undefined) return undefined;
    lead = shorter.text;
    const text = join([...said.front, ...front], [lead], [...behind, ...said.behind], layout.requiredTerms);
    if (length(text) <= maxChars) return text;
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

function join(
  front: readonly string[],
  body: readonly string[],
  behind: readonly string[],
  required: readonly string[],
): string {
  // What follows a sentence begins as one.
  const followed = front.length === 0 ? body : body.map(capitalised);
  const said = joinSentences([...front, ...followed, ...behind]);
  const missing = missingTerms(said, required);
  return joinSentences([said, missing.length === 0 ? '' : `Include ${missing.join(', ')}`]);
}
