import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { LadderStep, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { Change } from './change.ts';
import { endControl } from './control-arm.ts';
import { couldExceed, roundBound, spentMicroUsd } from './costs.ts';
import { promptReadyEvent, promptRefinedEvent, roundStartedEvent } from './events.ts';
import { follow, nextModel, nextRung, resample } from './ladder.ts';
import { candidateSeed } from './seeds.ts';
import { type CycleState, isControl, type PromptWanted, type RoundState } from './state.ts';
import type { PromptFailed, PromptReady } from './transitions.ts';

/** A prompt is ready: its round begins, unless it could cost more than is left. */
export function applyPromptReady(state: CycleState, ready: PromptReady): Change {
  const paid = withUsage(state, ready, ready.usage);
  const { prompting } = state;
  if (!isWanted(prompting, ready)) return [paid];
  const bound = roundBound(state.plan, ready.estimate, prompting.candidates);
  if (couldExceed(state.plan.maxCostMicroUsd, spentMicroUsd(paid), bound)) {
    if (isControl(prompting)) return [endControl(paid, 'More of it could have cost more than is allowed.')];
    return [{ ...paid, prompting: undefined, stop: { reason: StopReason.MAX_COST, detail: '' } }];
  }
  const warnings = [...new Set([...paid.warnings, ...(ready.warnings ?? [])])];
  const round = newRound(paid, prompting, ready);
  const rounds = [...paid.rounds.filter(({ number }) => number !== round.number), round];
  const events = [roundStartedEvent(round), promptReadyEvent(round)];
  if (prompting.how === 'refine') events.unshift(promptRefinedEvent(round));
  return [{ ...paid, rounds, warnings, prompting: undefined }, ...events];
}

function withUsage(
  state: CycleState,
  { round, attempt, timeMs }: Pick<PromptReady, 'round' | 'attempt' | 'timeMs'>,
  usages: readonly Usage[],
): CycleState {
  const step = `prompt/${round}/${attempt}`;
  const used = usages.map((usage) => ({ step, round, usage, timeMs }));
  return { ...state, usage: [...state.usage, ...used] };
}

function newRound(state: CycleState, wanted: PromptWanted, ready: PromptReady): RoundState {
  const { round: number, attempt, model, step, how, edits, asIf } = wanted;
  return {
    number,
    attempt,
    model,
    step,
    how,
    ...(edits !== undefined && { edits }),
    ...(asIf !== undefined && { asIf }),
    prompt: ready.prompt,
    rationale: ready.rationale,
    receipt: ready.receipt,
    nativeRequests: ready.nativeRequests,
    estimate: ready.estimate,
    candidates: Array.from({ length: wanted.candidates }, (_, index) => ({
      round: number,
      index,
      attempt,
      seed: candidateSeed(state.plan.seed, number, index),
    })),
    begun: false,
    generated: false,
    closed: false,
    accepted: false,
    startMs: state.rounds.find((earlier) => earlier.number === number)?.startMs ?? ready.timeMs,
    endMs: undefined,
  };
}

/** No prompt: another way of coming to one is tried once, and then it stops. */
export function applyPromptFailed(before: CycleState, failed: PromptFailed): CycleState {
  const state = withUsage(before, failed, failed.usage ?? []);
  const { prompting } = state;
  if (!isWanted(prompting, failed)) return state;
  if (isControl(prompting)) return endControl(state, failed.message);
  if (failed.why === 'fault') {
    return { ...state, prompting: undefined, stop: { reason: StopReason.INTERNAL, detail: failed.message } };
  }
  if (prompting.step === LadderStep.EDIT) return withoutEdit(state, failed);
  if (failed.why === 'model') return skipModel(state, prompting, failed.message);
  if (prompting.step === LadderStep.NEXT_MODEL || prompting.attempt > 0) {
    return { ...state, prompting: { ...prompting, how: 'write' } };
  }
  // A prompt that cannot be mended may still be lucky with other seeds, once.
  if (!state.resampled) return { ...state, resampled: true, prompting: resample(state) };
  return follow(state, nextRung(state, StopReason.CANNOT_REFINE));
}

/** The best image cannot be edited: the ladder goes on above that. */
function withoutEdit(before: CycleState, { why, message }: PromptFailed): CycleState {
  const warnings =
    why === 'model'
      ? [...before.warnings, `The best image could not be edited: ${message}`]
      : before.warnings;
  const state = { ...before, warnings, uneditable: before.base };
  return follow(state, nextRung(state, StopReason.LADDER_TOP));
}

function skipModel(state: CycleState, prompting: PromptWanted, message: string): CycleState {
  const model = nextModel(state);
  const warnings = [...state.warnings, `${prompting.model} could not be used: ${message}`];
  if (model === undefined) {
    const stop = { reason: StopReason.PROVIDER_FAILED, detail: message };
    return { ...state, warnings, prompting: undefined, stop };
  }
  const wanted = { ...prompting, model, attempt: prompting.attempt + 1 };
  return { ...state, warnings, modelIndex: state.modelIndex + 1, gainless: 0, prompting: wanted };
}

function isWanted(
  prompting: PromptWanted | undefined,
  { round, attempt }: { readonly round: number; readonly attempt: number },
): prompting is PromptWanted {
  return prompting !== undefined && prompting.round === round && prompting.attempt === attempt;
}
