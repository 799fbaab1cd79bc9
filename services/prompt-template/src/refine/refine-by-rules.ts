import { sentenceKey } from '../text/sentences.ts';
import { layOut } from './lay-out.ts';
import {
  earlierKeys,
  negativeOf,
  nothingToSay,
  type Refined,
  type Refinement,
  rationaleOf,
  stepsFor,
  strengthAt,
  strengthen,
} from './steps.ts';

/**
 * Mends a prompt by rules. Every failed question that words can mend gets one clear instruction about what is wanted;
 * what earlier rounds were told stays, except where it is about the same. A question that failed again is told more
 * strongly: with weight, then in other words at the front, then in the fewest words before all else. A prompt that was
 * there before is never given again: while the result equals one, the weakest instruction is strengthened, and where
 * none can be, nothing is left to try.
 */
export function refineByRules(refinement: Refinement): Refined {
  const { history, text } = refinement;
  const { steps, beyond, warnings: unsaid } = stepsFor(refinement);
  if (steps.length === 0) return { refused: nothingToSay(beyond) };
  const base = history[0]?.prompt?.text ?? text;
  const earlier = earlierKeys(refinement);
  for (;;) {
    const laidOut = layOut({
      text,
      base,
      steps: steps.map(({ instruction, strength }) => ({ instruction, strength: strengthAt(strength) })),
      requiredTerms: refinement.requiredTerms,
      maxChars: refinement.maxChars,
    });
    if (laidOut === undefined) return { refused: `No rewrite fits into ${refinement.maxChars} characters.` };
    if (!earlier.has(sentenceKey(laidOut.text))) {
      const { negative, warnings } = negativeOf(refinement, steps);
      return {
        text: laidOut.text,
        negative,
        rationale: rationaleOf(steps, beyond),
        warnings: [...laidOut.warnings, ...warnings, ...unsaid],
      };
    }
    if (!strengthen(steps)) return { refused: 'Every wording of what failed has been tried.' };
  }
}
