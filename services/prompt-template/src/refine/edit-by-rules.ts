import { length } from '../text/compose.ts';
import { joinSentences, sentenceKey } from '../text/sentences.ts';
import { presentTerms } from '../text/terms.ts';
import { worded } from './instruction.ts';
import {
  earlierKeys,
  negativeOf,
  nothingToSay,
  type Refined,
  type Refinement,
  rationaleOf,
  type Step,
  stepsFor,
  strengthAt,
  strengthen,
} from './steps.ts';

/** What stands before the things to change, and behind them. */
const LEAD = 'Edit the picture so that this is right:';
const KEEP = 'Keep everything else in the picture exactly as it is.';

/** The same where room is short. */
const KEEP_TERSE = 'Keep all else.';

/**
 * Writes an instruction to edit the picture by rules: what failed, each in one sentence, and that all else stays. The
 * prompt that made the picture is no part of it, since the picture is there. What failed again is put more strongly, as in
 * a rewrite, and an instruction that was given before is never given again.
 */
export function editByRules(refinement: Refinement): Refined {
  const { forbiddenTerms, maxChars } = refinement;
  const { steps, beyond, warnings: unsaid } = stepsFor(refinement);
  if (steps.length === 0) return { refused: nothingToSay(beyond) };
  const earlier = earlierKeys(refinement);
  for (;;) {
    const instruction = instructionFor(steps, maxChars);
    if (instruction === undefined) return { refused: `No instruction fits into ${maxChars} characters.` };
    const { text, said } = instruction;
    if (presentTerms(text, forbiddenTerms).length > 0) {
      return { refused: 'An instruction to edit would hold a forbidden term.' };
    }
    if (!earlier.has(sentenceKey(text))) {
      const { negative, warnings } = negativeOf(refinement, said);
      const left = steps
        .filter((step) => !said.includes(step))
        .map(
          ({ failed }) =>
            `Nothing is asked for ${failed.questionId}: ${maxChars} characters have no room for it.`,
        );
      return {
        text,
        negative,
        rationale: rationaleOf(said, beyond),
        warnings: [...left, ...warnings, ...unsaid],
      };
    }
    if (!strengthen(steps)) return { refused: 'Every instruction for what failed has been tried.' };
  }
}

/** The instruction in full, else in the fewest words, else for as many failures as there is room for, the worst first. */
function instructionFor(
  steps: readonly Step[],
  maxChars: number,
): { readonly text: string; readonly said: readonly Step[] } | undefined {
  const fits = (text: string) => maxChars === 0 || length(text) <= maxChars;
  const sentences = steps.map(({ instruction, strength }) => worded(instruction, strengthAt(strength)));
  const full = `${LEAD} ${joinSentences([...sentences, KEEP])}`;
  if (fits(full)) return { text: full, said: steps };
  const said = [...steps].sort((a, b) => a.failed.p - b.failed.p);
  for (; said.length > 0; said.pop()) {
    const text = joinSentences([...said.map(({ instruction }) => instruction.terse), KEEP_TERSE]);
    if (fits(text)) return { text, said };
  }
  return undefined;
}
