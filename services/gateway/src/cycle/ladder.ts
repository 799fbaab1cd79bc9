import { FaultScope } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { LadderStep, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { MAX_CANDIDATES } from './plan.ts';
import { passes } from './ranking.ts';
import { failTheSame, rootFailures } from './roots.ts';
import {
  type CycleState,
  findCandidate,
  isSame,
  type PromptWanted,
  type RoundState,
  roundOfBase,
  type Stop,
  writtenRound,
} from './state.ts';

/** What comes after a round that did not bring enough: another round, or the end. */
export type Climb = { readonly wanted: PromptWanted } | { readonly stop: Stop };

/** The model after the current one, if there is one. */
export function nextModel(state: CycleState): string | undefined {
  return state.plan.models[state.modelIndex + 1];
}

/**
 * Climbs the ladder: a rewrite while rewrites change what fails; once different prompts fail the same root questions,
 * more candidates with other seeds; then an edit where every required fault is local and the model can edit; then the next
 * model; and then the top. An edit that mended something is followed by another where what is left is local too. A plateau
 * climbs past further candidates.
 */
export function climb(state: CycleState): Climb {
  const last = state.rounds.at(-1);
  const base = findCandidate(state, state.base);
  if (last === undefined) return { wanted: firstPrompt(state) };
  if (state.gainless >= state.plan.plateauRounds) return nextRung(state, StopReason.NO_GAIN);
  if (base === undefined || !state.plan.refine || passes(base)) return { wanted: resample(state) };
  if (!rootFailures(base).some((answer) => answer.required)) {
    return stop(StopReason.NOTHING_TO_REFINE);
  }
  if (base.round === last.number && last.step === LadderStep.EDIT && mayEdit(state)) return edit(state);
  if (!isStuck(state, last)) return { wanted: wanted(state, LadderStep.REWRITE, 'refine') };
  if (last.step !== LadderStep.RESAMPLE && last.step !== LadderStep.EDIT) {
    return { wanted: resample(state, Math.min(state.plan.candidatesPerRound * 2, MAX_CANDIDATES)) };
  }
  return nextRung(state, state.resampled ? StopReason.CANNOT_REFINE : StopReason.LADDER_TOP);
}

/** Whether an earlier round failed the same root questions on this model: by another prompt, other seeds, or an edit. */
function isStuck(state: CycleState, last: RoundState): boolean {
  return state.rounds.some(
    (round) => round.number < last.number && round.model === last.model && failTheSame(round, last),
  );
}

/** An edit where it may help, else the next model, else the end for that reason. */
export function nextRung(state: CycleState, reason: StopReason): Climb {
  if (mayEdit(state)) return edit(state);
  const model = nextModel(state);
  if (model === undefined) return stop(reason);
  const base = findCandidate(state, state.base);
  const how = state.plan.refine && base !== undefined && rootFailures(base).length > 0 ? 'refine' : 'write';
  return { wanted: { ...wanted(state, LadderStep.NEXT_MODEL, how), model } };
}

/**
 * Whether the best image may be edited: the current model can, every required root failure concerns a part of the picture,
 * and this image was not edited in vain before. Global faults are made again instead.
 */
function mayEdit(state: CycleState): boolean {
  const { plan, base, uneditable, rounds } = state;
  const model = plan.models[state.modelIndex];
  const candidate = findCandidate(state, base);
  if (!plan.refine || candidate === undefined || model === undefined) return false;
  if (plan.editModels?.includes(model) !== true || isSame(base, uneditable)) return false;
  const required = rootFailures(candidate).filter((answer) => answer.required);
  const isLocal = required.length > 0 && required.every((answer) => answer.faultScope === FaultScope.LOCAL);
  return isLocal && !rounds.some((round) => round.model === model && isSame(round.edits, base));
}

function edit(state: CycleState): Climb {
  return { wanted: { ...wanted(state, LadderStep.EDIT, 'refine'), edits: state.base } };
}

/** The state that follows from a climb. A new model begins without a count of rounds that brought no gain. */
export function follow(state: CycleState, climbed: Climb): CycleState {
  if ('stop' in climbed) return { ...state, prompting: undefined, stop: climbed.stop };
  const { wanted } = climbed;
  if (wanted.model === state.plan.models[state.modelIndex]) return { ...state, prompting: wanted };
  return { ...state, prompting: wanted, modelIndex: state.modelIndex + 1, gainless: 0, resampled: false };
}

function stop(reason: StopReason): Climb {
  return { stop: { reason, detail: '' } };
}

/** The prompt of the first round. */
export function firstPrompt(state: CycleState): PromptWanted {
  return wanted(state, LadderStep.UNSPECIFIED, 'write');
}

/** Other seeds of the best prompt so far, or of the last one where none is better. An edit's words make no picture. */
export function resample(state: CycleState, candidates = state.plan.candidatesPerRound): PromptWanted {
  const source = roundOfBase(state) ?? state.rounds.at(-1);
  const reuse = source === undefined ? undefined : writtenRound(state, source).prompt;
  return { ...wanted(state, LadderStep.RESAMPLE, 'reuse'), reuse, candidates };
}

function wanted(state: CycleState, step: LadderStep, how: PromptWanted['how']): PromptWanted {
  return {
    round: state.rounds.length,
    attempt: 0,
    model: state.plan.models[state.modelIndex] ?? '',
    step,
    how,
    reuse: undefined,
    candidates: state.plan.candidatesPerRound,
  };
}
