import type { Asking } from './asking.ts';
import { ATTEMPTS } from './attempts.ts';
import { contentFaults } from './content.ts';
import { type DraftedQuestion, readDraft } from './drafted-question.ts';
import { told } from './rejected.ts';
import { type DraftInput, draftRequest, type Earlier } from './requests.ts';
import { type Rejection, type Structured, structured } from './structure.ts';
import { DraftVariables } from './variables.ts';

/** A draft of the writer's, held against the rules. */
export interface Attempt extends Structured<DraftedQuestion> {
  readonly variables: DraftVariables;
}

/**
 * Has the writer draft. Where something is wrong it is told what, and asked again, at most twice. The attempt of which most
 * is good counts, the later one of equals.
 */
export async function bestAttempt(asking: Asking, input: DraftInput): Promise<Attempt> {
  let best: Attempt | undefined;
  let earlier: Earlier | undefined;
  for (let number = 0; number < ATTEMPTS; number += 1) {
    const asked = await asking.ask(draftRequest(input, earlier));
    if (asked === 'refused') {
      best ??= nothing('the writer refused to draft from this brief');
      break;
    }
    const attempt =
      asked === 'malformed'
        ? nothing('the answer of the writer was no JSON, or broke off')
        : attemptOf(asked.json, input);
    best = best === undefined || isAsGood(attempt, best) ? attempt : best;
    if (attempt.rejected.length === 0) break;
    earlier = { text: asked === 'malformed' ? '' : asked.text, problems: attempt.rejected.map(told) };
  }
  return best ?? nothing('the writer was not asked');
}

function isAsGood(attempt: Attempt, best: Attempt): boolean {
  return attempt.kept.length >= best.kept.length;
}

function attemptOf(json: unknown, { brief, template, maxQuestions }: DraftInput): Attempt {
  const drafted = readDraft(json);
  if (drafted === undefined) return nothing('the answer of the writer has no list of questions');
  if (drafted.questions.length === 0) return nothing('the writer found nothing to ask');
  const variables = new DraftVariables(template?.variables ?? [], drafted.values);
  const faultsOf = (question: DraftedQuestion) => contentFaults(question, { brief, variables });
  return { ...structured(drafted.questions, { maxQuestions, faultsOf }), variables };
}

function nothing(reason: string): Attempt {
  const rejected: readonly Rejection[] = [{ id: '', text: '', reason, moved: [] }];
  return { kept: [], rejected, variables: new DraftVariables([], {}) };
}
