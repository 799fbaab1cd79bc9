import type { Asking } from './asking.ts';
import { ATTEMPTS } from './attempts.ts';
import { type BriefAnswer, readAnswers } from './brief-answers.ts';
import type { DraftedQuestion } from './drafted-question.ts';
import { answersRequest } from './requests.ts';
import type { DraftVariables } from './variables.ts';

/**
 * Asks what the brief alone answers to each question, with the brief's values for variables in it, and gives for each one that
 * is not answered yes why it is to be left out, by id. What was not answered, or in different ways, is asked again, at most
 * twice; what is not answered then is left out too: nothing stays in a draft that nobody checked.
 */
export async function briefFaults(
  asking: Asking,
  brief: string,
  drafted: readonly DraftedQuestion[],
  variables: DraftVariables,
): Promise<ReadonlyMap<string, string>> {
  const faults = new Map<string, string>();
  let open = drafted.map(({ id, text }, index) => ({ id, number: index + 1, text: variables.render(text) }));
  let problems: readonly string[] = [];
  let unanswered = 'the writer did not say whether it follows from the brief';
  for (let attempt = 0; attempt < ATTEMPTS && open.length > 0; attempt += 1) {
    const questions = open.map(({ number, text }) => ({ number, text }));
    const asked = await asking.ask(answersRequest(brief, questions, problems));
    if (asked === 'refused') {
      unanswered = 'the writer refused to say whether it follows from the brief';
      break;
    }
    const answers = asked === 'malformed' ? new Map<number, BriefAnswer>() : readAnswers(asked.json);
    for (const { id, number } of open) {
      const fault = faultOf(answers.get(number));
      if (fault !== undefined) faults.set(id, fault);
    }
    open = open.filter(({ number }) => !answers.has(number));
    problems = open.map(({ number }) => `question ${number} was not answered once with yes, no or unknown`);
  }
  for (const { id } of open) faults.set(id, unanswered);
  return faults;
}

function faultOf(answer: BriefAnswer | undefined): string | undefined {
  if (answer === undefined || answer.answer === 'yes') return undefined;
  const why = answer.reason === '' ? '' : ` (${answer.reason})`;
  return answer.answer === 'no' ? `the brief says otherwise${why}` : `the brief leaves it open${why}`;
}
