import { type LanguageModel, type ModelAnswer, ModelFailure } from '@atelier/language-models';
import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Code, isRpcError, type RpcError, unavailable } from '@atelier/rpc';
import type { WriterCall } from '../prompt-writer.ts';
import { usageDetails } from '../usage-details.ts';
import { type Answer, readAnswer } from './answer.ts';
import { type Demands, faultsOf } from './faults.ts';
import { MAX_ASKS, type Question, type Rejected, rejection, requestFor } from './request.ts';

/** What came of asking. `usage` is that of all asks, those that failed included. */
export type Asked =
  | { readonly kind: 'written'; readonly answer: Answer; readonly usage: readonly Usage[] }
  /** Nothing that could be taken; with what was wrong with the last answer. */
  | {
      readonly kind: 'unfit';
      readonly faults: readonly string[];
      readonly asks: number;
      readonly usage: readonly Usage[];
    }
  /** The model will not write about this, or cannot be used as it is configured. */
  | {
      readonly kind: 'refused' | 'unusable';
      readonly failure: ModelFailure;
      readonly usage: readonly Usage[];
    };

/** How one ask ended, for the metrics. */
export type AskOutcome = 'written' | 'unfit' | ModelFailure['kind'];

/** Told of every ask. */
export type RecordAsk = (outcome: AskOutcome) => void;

/** When a repeat makes sense after a failure that may pass, in milliseconds. */
const RETRY_MS = { rate_limited: 5_000, unavailable: 2_000, timeout: 1_000 } as const;

/** Within what is asked. */
export interface AskOptions extends WriterCall {
  readonly record: RecordAsk;
}

/**
 * Asks a model until its answer can be taken, `MAX_ASKS` times at most, telling it each time what was wrong with the answers
 * before. It is not asked again where the time of the call would not suffice, by the longest ask so far. Throws UNAVAILABLE where the model is away or busy, with a `UsageReport` of what was used, and the signal's reason.
 */
export async function askUntilFit(
  model: LanguageModel,
  question: Question,
  demands: Demands,
  { signal, deadline, record }: AskOptions,
): Promise<Asked> {
  const usage: Usage[] = [];
  const rejected: Rejected[] = [];
  let faults: readonly string[] = [];
  let longestMs = 0;
  const isTimeLeft = () => deadline === undefined || Date.now() + longestMs < deadline.getTime();
  while (rejected.length < MAX_ASKS && (rejected.length === 0 || isTimeLeft())) {
    const begun = Date.now();
    const asked = await ask(model, requestFor(model, question, rejected), signal, usage);
    longestMs = Math.max(longestMs, Date.now() - begun);
    if (asked instanceof ModelFailure && asked.kind !== 'malformed') {
      record(asked.kind);
      if (asked.kind === 'refused') return { kind: 'refused', failure: asked, usage };
      if (asked.kind === 'auth' || asked.kind === 'invalid_request') {
        return { kind: 'unusable', failure: asked, usage };
      }
      throw away(asked, RETRY_MS[asked.kind], usage);
    }
    const answer = asked instanceof ModelFailure ? undefined : readAnswer(asked.json);
    faults = answer === undefined ? [NOT_JSON] : faultsOf(answer.prompt, demands);
    record(answer === undefined ? 'malformed' : faults.length === 0 ? 'written' : 'unfit');
    if (answer !== undefined && faults.length === 0) return { kind: 'written', answer, usage };
    rejected.push(rejection(answer?.prompt ?? '', faults, question.maxChars));
  }
  return { kind: 'unfit', faults, asks: rejected.length, usage };
}

const NOT_JSON = 'The answer was not one whole JSON object of the form that was asked for.';

/** One answer, or how it failed. What it used is added to the usage, either way. */
async function ask(
  model: LanguageModel,
  request: ReturnType<typeof requestFor>,
  signal: AbortSignal,
  usage: Usage[],
): Promise<ModelAnswer | ModelFailure> {
  try {
    const answer = await model.ask(request, signal);
    usage.push(...answer.usage);
    return answer;
  } catch (error) {
    if (error instanceof ModelFailure) {
      usage.push(...error.usage);
      return error;
    }
    // Bounds that all replicas share are kept in Redis, which may be away.
    if (isRpcError(error, Code.UNAVAILABLE)) throw withUsage(error, usage);
    throw error;
  }
}

function away(failure: ModelFailure, retryAfterMs: number, usage: readonly Usage[]): RpcError {
  return unavailable(`The writer of prompts is away: ${failure.message}`, {
    reason: 'PROVIDER_UNAVAILABLE',
    metadata: { service: 'prompt writer' },
    retryAfterMs,
    details: usageDetails(usage),
    cause: failure,
  });
}

function withUsage(error: RpcError, usage: readonly Usage[]): RpcError {
  const { message, reason, metadata, retryAfterMs } = error;
  return unavailable(message, { reason, metadata, retryAfterMs, details: usageDetails(usage), cause: error });
}
