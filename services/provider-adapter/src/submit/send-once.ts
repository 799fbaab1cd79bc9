import type { CallLimits } from '@atelier/coordination';
import type { Logger } from '@atelier/observability';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import {
  type Provider,
  type ProviderAnswer,
  ProviderFailure,
  type Reconciled,
  type Submission,
  type SubmitContext,
} from '../providers/provider.ts';
import type { Lease } from './journal/submission-journal.ts';
import { isHarmless, withRetries } from './retry.ts';

/** What sending works with. */
export interface SendOptions {
  readonly limits: CallLimits;
  readonly log: Logger;
}

/**
 * Sends a request so that it is carried out once at most: again only while it surely was not, and where its connection was lost
 * the provider is asked what became of it, if it can tell.
 */
export async function sendOnce(
  provider: Provider,
  submission: Submission,
  context: SubmitContext,
  lease: Lease,
  { limits, log }: SendOptions,
): Promise<ProviderAnswer> {
  let jobId: string | undefined;
  const accepted = async (id: string) => {
    jobId = id;
    await context.accepted(id);
  };
  const options = {
    signal: context.signal,
    random: Math.random,
    onPause: (failure: ProviderFailure, pauseMs: number) => {
      log.info({ provider: provider.name, pauseMs, why: failure.message }, 'a submit is repeated');
      if (failure.failureClass === FailureClass.RATE_LIMITED) limits.pause(provider, pauseMs);
    },
    turn: () => limits.pace(provider, context.signal),
  };
  const attempt = async () => {
    lease.assertHeld();
    try {
      return await provider.submit(submission, { ...context, accepted });
    } catch (error) {
      throw jobId === undefined ? error : ofTheJob(error);
    }
  };
  const send = () => withRetries(attempt, options);
  try {
    return await send();
  } catch (error) {
    const isUnknown = error instanceof ProviderFailure && error.failureClass === FailureClass.UNKNOWN_OUTCOME;
    if (!isUnknown || context.signal.aborted || provider.reconcile === undefined) throw error;
    const reconciled = await lookUp(provider, submission, jobId, context);
    if (reconciled.kind === 'answer') return reconciled.answer;
    if (reconciled.kind === 'never_received') return send();
    throw error;
  }
}

/** Failures of a look-up that say something of the job itself, or that nobody knows. */
const ABOUT_THE_JOB: ReadonlySet<FailureClass> = new Set([
  FailureClass.BAD_ANSWER,
  FailureClass.TIMEOUT,
  FailureClass.UNKNOWN_OUTCOME,
  FailureClass.INTERNAL,
]);

/**
 * Asks the provider what became of a request. A look-up that fails leaves that unknown, whatever its failure means by itself:
 * to be told that the provider is unavailable, a caller would have the image made once more.
 */
export async function lookUp(
  provider: Provider,
  submission: Submission,
  jobId: string | undefined,
  context: SubmitContext,
): Promise<Reconciled> {
  try {
    return (await provider.reconcile?.(submission, jobId, context)) ?? { kind: 'unknown' };
  } catch (cause) {
    if (!(cause instanceof ProviderFailure) || ABOUT_THE_JOB.has(cause.failureClass)) throw cause;
    throw notFoundOut(cause);
  }
}

/**
 * A failure after the provider took a job. One that says that nothing was made, or that our key is not good, speaks of looking
 * at the job: it must neither have the job made again nor be reported as costing nothing.
 */
function ofTheJob(error: unknown): unknown {
  const isAuth = error instanceof ProviderFailure && error.failureClass === FailureClass.AUTH;
  return isHarmless(error) || isAuth ? notFoundOut(error as ProviderFailure) : error;
}

function notFoundOut(cause: ProviderFailure): ProviderFailure {
  const message = `What became of the request could not be found out. ${cause.message}`;
  return new ProviderFailure(FailureClass.UNKNOWN_OUTCOME, message, { cause });
}
