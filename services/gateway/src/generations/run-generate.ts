import {
  type CandidateFailure,
  CandidateFailureSchema,
  FailureClass,
  type GenerateImagesResponse,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { type CallOptions, Code, isRpcError, type RpcError } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { totalCost } from '../cycle/costs.ts';
import { next } from '../cycle/next.ts';
import { reservationId } from '../cycle/plan.ts';
import { openRound } from '../cycle/state.ts';
import type { GenerateStep } from '../cycle/steps.ts';
import { generateRequest } from './requests.ts';
import { failureKind } from './retrying.ts';
import { CALL_TIMEOUT_MS } from './settings.ts';
import { settle } from './settle.ts';
import { callService, pauseMessage, type StepContext } from './step-context.ts';

/**
 * Has the images of a round made. The budget is reserved and the intent journaled before the adapter is called; every
 * candidate is journaled as it ends. A stream that breaks is taken up again with the keys that have not ended, to which
 * the adapter attaches what runs. A cycle that is to stop has them cancelled, and keeps what comes all the same.
 */
export async function runGenerate(context: StepContext, step: GenerateStep): Promise<void> {
  const { deps, commit } = context;
  const { round, attempt } = step;
  if (!(await reserve(context, step))) return;
  if (!step.begun) {
    await commit({ kind: 'generate_begun', timeMs: deps.now(), round, attempt });
    // A stop that came first has closed the round: then nothing was asked for.
    if (!isOurs(context, step)) {
      await deps.budgets.release(reservationId(context.state().facts.name, round, attempt));
      return;
    }
  }
  const failure = await collect(context, step);
  await commit({ kind: 'generate_ended', timeMs: deps.now(), round, attempt, failure });
  await settleImages(context, step);
}

/** Counts what the images of an attempt cost, in place of what was reserved for them. */
export async function settleImages(context: StepContext, step: GenerateStep): Promise<void> {
  const { round, attempt } = step;
  await settle(context, reservationId(context.state().facts.name, round, attempt), spentOn(context, step));
}

function isOurs(context: StepContext, { round, attempt }: GenerateStep): boolean {
  const open = openRound(context.state());
  return open?.number === round && open.attempt === attempt && open.begun && !open.generated;
}

/** False where a budget does not allow it; that is journaled then. */
async function reserve(context: StepContext, step: GenerateStep): Promise<boolean> {
  const { deps, state, commit } = context;
  const { facts } = state();
  const { round, attempt, model, estimate, begun } = step;
  const place = { step: step.id, service: 'storage', round, index: -1, signal: context.signal };
  try {
    await callService(context, place, () =>
      deps.budgets.reserve({
        stepId: reservationId(facts.name, round, attempt),
        team: facts.team,
        project: facts.request.project,
        model,
        estimate,
        committed: begun,
      }),
    );
    return true;
  } catch (error) {
    if (context.signal.aborted || !isRpcError(error)) throw error;
    await commit({ kind: 'generate_refused', timeMs: deps.now(), round, attempt, message: error.message });
    return false;
  }
}

/** What the images of this attempt cost; undefined where part of it is not known, so that the reservation stays. */
function spentOn(context: StepContext, { round, attempt }: GenerateStep): bigint | undefined {
  const used = context
    .state()
    .usage.filter(({ step }) => step.startsWith(`image/${round}/`) && step.endsWith(`/${attempt}`));
  const cost = totalCost(used.map(({ usage }) => usage));
  return cost.incomplete ? undefined : cost.microUsd;
}

/** Reads the adapter's stream to its end. Gives what is to be said of candidates that did not end. */
async function collect(context: StepContext, step: GenerateStep): Promise<CandidateFailure | undefined> {
  const { signal, stopping, settings } = context;
  const givenUp = new AbortController();
  let grace: NodeJS.Timeout | undefined;
  const onStop = () => {
    grace = setTimeout(() => givenUp.abort(), settings.cancelGraceMs);
    cancelAtProvider(context, step).catch((err: unknown) => context.log.warn({ err }, 'cancelling failed'));
  };
  if (stopping.aborted) onStop();
  else stopping.addEventListener('abort', onStop, { once: true });
  const place = {
    step: step.id,
    service: 'provider-adapter',
    round: step.round,
    index: -1,
    signal: AbortSignal.any([signal, givenUp.signal]),
  };
  try {
    await callService(context, place, (options) => readStream(context, step, options));
    return undefined;
  } catch (error) {
    // Given up by this process alone: the next owner goes on with it.
    if (signal.aborted) throw error;
    if (givenUp.signal.aborted) {
      return failureOf(FailureClass.UNKNOWN_OUTCOME, 'It was cancelled, and what became of it is not known.');
    }
    if (!isRpcError(error)) throw error;
    return classify(error);
  } finally {
    clearTimeout(grace);
    stopping.removeEventListener('abort', onStop);
  }
}

async function readStream(context: StepContext, step: GenerateStep, options: CallOptions): Promise<void> {
  const { deps, state, work } = context;
  const { facts } = state();
  const open = openCandidates(context, step);
  if (open.candidates.length === 0) return;
  const request = generateRequest(work, facts.name, facts.request, open);
  for await (const response of deps.clients.adapter.generateImages(request, options)) {
    const isPaused = response.event.case === 'progress' && response.event.value.phase === 'paused';
    context.setPaused(step.id, isPaused ? 'storage' : undefined);
    await take(context, step, response);
  }
}

/** The step as it is now, without the candidates that ended meanwhile. */
function openCandidates(context: StepContext, step: GenerateStep): GenerateStep {
  const now = next(context.state());
  const same = now.kind === 'steps' ? now.steps.find(({ id }) => id === step.id) : undefined;
  return same?.kind === 'generate' ? same : { ...step, candidates: [] };
}

async function take(
  context: StepContext,
  step: GenerateStep,
  { event }: GenerateImagesResponse,
): Promise<void> {
  const { commit, deps, progress } = context;
  const { round, attempt } = step;
  const indexOf = (key: string) => step.candidates.find((candidate) => candidate.key === key)?.index;
  if (event.case === 'started') {
    const { receipt, nativeRequests } = event.value;
    await commit({
      kind: 'generate_translated',
      timeMs: deps.now(),
      round,
      attempt,
      receipt,
      nativeRequests,
    });
  } else if (event.case === 'progress') {
    const { key, phase, fraction } = event.value;
    progress({
      round,
      index: indexOf(key) ?? -1,
      phase,
      ...(fraction !== undefined && { fraction }),
      // Storage is all that the adapter waits for once an image is made.
      ...(phase === 'paused' && { message: pauseMessage('storage') }),
    });
  } else if (event.case === 'result') {
    const index = indexOf(event.value.key);
    if (index === undefined) return;
    await commit({ kind: 'candidate_ended', timeMs: deps.now(), round, attempt, index, result: event.value });
  }
}

async function cancelAtProvider(context: StepContext, step: GenerateStep): Promise<void> {
  const keys = openCandidates(context, step).candidates.map(({ key }) => key);
  if (keys.length === 0) return;
  const { deps, signal, callOptions } = context;
  const options = { ...callOptions(), signal, timeoutMs: CALL_TIMEOUT_MS.cancel };
  await deps.clients.adapter.cancelGenerateImages({ keys }, options);
}

/**
 * The class of a failure of the whole call. Refusals are made before anything is sent; after any other failure it is not
 * known whether something was.
 */
function classify(error: RpcError): CandidateFailure {
  const { code, reason, message } = error;
  if (reason === 'PROVIDER_AUTH') return failureOf(FailureClass.AUTH, message);
  if (reason === 'MODEL_UNAVAILABLE') return failureOf(FailureClass.UNAVAILABLE, message);
  if (code === Code.INVALID_ARGUMENT) return failureOf(FailureClass.INVALID_REQUEST, message);
  const isOurFault = failureKind(error) === 'doubtful';
  if (isOurFault) return failureOf(FailureClass.UNKNOWN_OUTCOME, 'The provider adapter failed.');
  return failureOf(FailureClass.INTERNAL, message);
}

function failureOf(failure: FailureClass, message: string): CandidateFailure {
  return create(CandidateFailureSchema, { class: failure, message });
}
