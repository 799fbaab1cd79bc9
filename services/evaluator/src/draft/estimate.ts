import type { LanguageModel } from '@atelier/language-models';
import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { sumOfBounds } from '../judges/costs.ts';
import { ATTEMPTS } from './attempts.ts';
import { MAX_TEXT } from './content.ts';
import { answersRequest, type DraftInput, draftRequest, longestEarlier } from './requests.ts';

/** Upper bound of what drafting costs: every attempt is made, and each says and is told as much as it may. */
export function draftEstimate(model: LanguageModel, input: DraftInput): Cost {
  const earlier = longestEarlier(input);
  const text = earlier.text.slice(0, 1).repeat(MAX_TEXT);
  const questions = Array.from({ length: input.maxQuestions }, (_, index) => ({ number: index + 1, text }));
  const answers = answersRequest(input.brief, questions, earlier.problems);
  const repeats = Array.from({ length: ATTEMPTS - 1 }, () => draftRequest(input, earlier));
  const checks = Array.from({ length: ATTEMPTS }, () => answers);
  return sumOfBounds([draftRequest(input), ...repeats, ...checks].map((request) => model.estimate(request)));
}
