import {
  type LanguageModel,
  type ModelAnswer,
  ModelFailure,
  type ModelRequest,
} from '@atelier/language-models';
import type { Logger } from '@atelier/observability';
import type { Spend } from '../judge.ts';
import { BROKEN, LATE, type Unanswered, unansweredBy } from './failures.ts';

/** A model, and where it is told what asking it used and what went wrong. */
export interface ModelLine {
  readonly model: LanguageModel;
  readonly spend: Spend;
  readonly log: Logger;
}

/** What one call gave: an answer, something that is none and may be asked for again, or nothing. */
export type Called =
  | { readonly kind: 'answered'; readonly answer: ModelAnswer }
  | { readonly kind: 'malformed' }
  | (Unanswered & { readonly kind: 'none' });

/** Asks a model once. Never throws; what it used is told in any case. */
export async function callModel(
  { model, spend, log }: ModelLine,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<Called> {
  if (signal.aborted) return { kind: 'none', ...LATE };
  const temperature = model.takesTemperature ? request.temperature : undefined;
  try {
    const answer = await model.ask({ ...request, temperature }, signal, spend);
    spend(answer.usage);
    return { kind: 'answered', answer };
  } catch (error) {
    if (error instanceof ModelFailure) {
      spend(error.usage);
      if (error.kind === 'malformed') return { kind: 'malformed' };
      log.warn({ judge: model.instance, failure: error.kind }, 'a judge did not answer');
      return { kind: 'none', ...unansweredBy(error) };
    }
    if (signal.aborted) return { kind: 'none', ...LATE };
    log.error({ err: error, judge: model.instance }, 'a judge could not be asked');
    return { kind: 'none', ...BROKEN };
  }
}
