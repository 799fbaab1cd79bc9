import { type Composed, compose } from '../text/compose.ts';
import { presentTerms } from '../text/terms.ts';
import type { Rendering } from './render.ts';

/** What of a target decides how a rendering is put together. */
export interface AssembleFor {
  readonly maxChars: number;
  /** Whether the model has a negative prompt of its own. */
  readonly negativePrompt: boolean;
}

/** A prompt as it is sent: text, and negative prompt where the model takes one. */
export interface Assembled extends Composed {
  readonly negative: string;
}

/**
 * Puts a rendering together for a model: body, styles that the body does not name, further clauses, required terms, and
 * what to avoid where the model has no field for it. Throws `TooLong`.
 */
export function assemble(
  rendering: Rendering,
  target: AssembleFor,
  added: readonly string[] = [],
): Assembled {
  const { body, styles, negative, requiredTerms, forbiddenTerms } = rendering;
  const composed = compose({
    lead: body,
    clauses: [
      ...styles.map(({ words }) => words),
      // Nobody asked for these, so that nobody misses those that may not be said.
      ...added.filter((clause) => presentTerms(clause, forbiddenTerms).length === 0),
    ],
    avoid: target.negativePrompt ? '' : negative,
    requiredTerms,
    forbiddenTerms,
    maxChars: target.maxChars,
  });
  return { ...composed, negative: target.negativePrompt ? negative : '' };
}
