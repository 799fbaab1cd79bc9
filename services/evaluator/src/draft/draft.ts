import type { LanguageModel } from '@atelier/language-models';
import type { Cost, Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { Asking } from './asking.ts';
import { bestAttempt } from './attempt.ts';
import { briefFaults } from './check-brief.ts';
import { toQuestion } from './content.ts';
import { draftEstimate } from './estimate.ts';
import { INSTRUCTIONS_VERSION } from './instructions.ts';
import { toldWithMoves } from './rejected.ts';
import type { DraftInput } from './requests.ts';
import { without } from './structure.ts';

/** Drafted questions, parents first, and what was left out. */
export interface Draft {
  readonly questions: Question[];
  /** One sentence for each thing that was left out, or for why there is nothing. */
  readonly rejected: string[];
  readonly usage: Usage[];
  /** Upper bound of what drafting could have cost. */
  readonly estimate: Cost;
  /** Type, model and version of the instructions. */
  readonly writer: string;
}

/**
 * Drafts questions from a brief in two steps that know nothing of each other: the writer takes the brief apart into
 * questions, and then answers each of them from the brief alone; what it does not answer with yes is left out. A draft that
 * comes to nothing says why. Throws `WriterFailure`, or the signal's reason.
 */
export async function draftQuestions(
  model: LanguageModel,
  input: DraftInput,
  signal: AbortSignal,
): Promise<Draft> {
  const asking = new Asking(model, signal);
  const { kept, rejected, variables } = await bestAttempt(asking, input);
  const faults = await briefFaults(asking, input.brief, kept, variables);
  const checked = without(kept, faults);
  return {
    questions: checked.kept.map(toQuestion),
    rejected: [...rejected, ...checked.rejected].map(toldWithMoves),
    usage: asking.usage,
    estimate: draftEstimate(model, input),
    writer: `${model.type}:${model.model}/${INSTRUCTIONS_VERSION}`,
  };
}
