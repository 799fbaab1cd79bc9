import {
  type LanguageModel,
  type ModelAnswer,
  ModelFailure,
  type ModelRequest,
} from '@atelier/language-models';
import { type Usage, UsageSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type RpcError, unavailable } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import type { WriterCall } from '../prompt-writer.ts';
import { usageDetails } from '../usage-details.ts';
import { type Answer, readAnswer } from './answer.ts';
import { CallTime } from './call-time.ts';
import { type Demands, faultsOf } from './faults.ts';
import { MAX_ASKS, type Question, type Rejected, rejection, requestFor } from './request.ts';

/** What came of asking. `usage` is that of all asks, those that failed included. */
export type Asked =
  | { readonly kind: 'written'; readonly answer: Answer; readonly usage: readonly Usage[] }
  | NotWritten;

/** How nothing came of it. */
export type NotWritten =
  /** Nothing that could be taken; with what was wrong with the last answer. */
  | {
      readonly kind: 'unfit';
      readonly faults: readonly string[];
      readonly asks: number;
      readonly usage: readonly Usage[];
    }
  /** The model will not write about this; or cannot be used as it is configured; or the time of the call was up. */
  | {
      readonly kind: 'refused' | 'unusable' | 'late';
      readonly failure: ModelFailure;
      readonly usage: readonly Usage[];
    };

/** How one ask ended, for the metrics. */
export type AskOutcome = 'written' | 'unfit' | 'late' | ModelFailure['kind'];

/** Told of every ask. */
export type RecordAsk = (outcome: AskOutcome) => void;

/** When a repeat makes sense after a failure that may pass, in milliseconds. */
const RETRY_MS = { rate_limited: 5_000, unavailable: 2_000, timeout: 1_000 } as const;

/**
 * Asks a model until its answer can be taken, `MAX_ASKS` times at most, telling it each time what was wrong with the answers
 * before. It is not asked again where the time of the call would not suffice, by the longest ask so far. Throws UNAVAILABLE
 * where the model is away or busy, with a `UsageReport` of what was used, and the signal's reason.
 */
export async function askUntilFit(
  model: LanguageModel,
  question: Question,
  demands: Demands,
  { call, record }: { readonly call: WriterCall; readonly record: RecordAsk },
): Promise<Asked> {
  const time = new CallTime(call);
  const usage: Usage[] = [];
  const rejected: Rejected[] = [];
  let faults: readonly string[] = [];
  let longestMs = 0;
  while (rejected.length < MAX_ASKS && (rejected.length === 0 || time.has(longestMs))) {
    const begun = Date.now();
    const asked = await ask(model, requestFor(model, question, rejected), time);
    longestMs = Math.max(longestMs, Date.now() - begun);
    usage.push(...asked.usage);
    if (asked instanceof ModelFailure && asked.kind !== 'malformed') {
      record(time.isUp ? 'late' : asked.kind);
      return ended(asked, time, usage);
    }
    const answer = asked instanceof ModelFailure ? undefined : readAnswer(asked.json);
    faults = answer === undefined ? [NOT_JSON] : faultsOf(answer.prompt, demands);
    record(answer === undefined ? 'malformed' : faults.length === 0 ? 'written' : 'unfit');
    if (answer !== undefined && faults.length === 0) return { kind: 'written', answer, usage };
    rejected.push(rejection(answer?.prompt ?? '', faults, question.maxChars));
  }
  return { kind: 'unfit', faults, asks: rejected.length, usage };
}

/** UNAVAILABLE for a model that is away or busy, with what was used. */
export function away({ message, kind }: ModelFailure, usage: readonly Usage[]): RpcError {
  const retryAfterMs = RETRY_MS[kind as keyof typeof RETRY_MS];
  return unavailable(`The writer of prompts is away: ${message}`, {
    reason: 'PROVIDER_UNAVAILABLE',
    metadata: { service: 'prompt writer' },
    retryAfterMs,
    details: usageDetails(usage),
  });
}

const NOT_JSON = 'The answer was not one whole JSON object of the form that was asked for.';

/** One answer, or how it failed. Throws the reason of the call's own signal. */
async function ask(
  model: LanguageModel,
  request: ModelRequest,
  time: CallTime,
): Promise<ModelAnswer | ModelFailure> {
  try {
    return await model.ask(request, time.signal);
  } catch (error) {
    if (error instanceof ModelFailure) return error;
    if (!time.isUp) throw error;
    const message = `The language model ${model.instance} (${model.model}): no answer in the time of the call.`;
    return new ModelFailure('timeout', message, { usage: [unknownUsage(model, request)] });
  }
}

/** An ask whose end nobody saw may be billed: it counts as the most that it can cost. */
function unknownUsage(model: LanguageModel, request: ModelRequest): Usage {
  return create(UsageSchema, {
    kind: request.usageKind,
    model: `llms/${model.instance}@${model.model}`,
    units: 1,
    unit: 'ask',
    cost: model.estimate(request),
  });
}

function ended(failure: ModelFailure, time: CallTime, usage: readonly Usage[]): NotWritten {
  if (time.isUp) return { kind: 'late', failure, usage };
  switch (failure.kind) {
    case 'refused':
      return { kind: 'refused', failure, usage };
    case 'auth':
    case 'invalid_request':
      return { kind: 'unusable', failure, usage };
    default:
      throw away(failure, usage);
  }
}
