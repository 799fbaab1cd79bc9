import { LadderStep, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { MAX_CANDIDATES } from './plan.ts';
import { passes } from './ranking.ts';
import { failTheSame, rootFailures } from './roots.ts';
import { type CycleState, findCandidate, type PromptWanted, type RoundState, type Stop } from './state.ts';

/** What comes after a round that did not bring enough: another round, or the end. */
export type Climb = { readonly wanted: PromptWanted } | { readonly stop: Stop };

/** The model after the current one, if there is one. */
export function nextModel(state: CycleState): string | undefined {
  return state.plan.models[state.modelIndex + 1];
}

/**
 * Climbs the ladder: a rewrite while rewrites change what fails; once different prompts fail the same root questions,
 * more candidates with other seeds; after these the next model; and then the top. A plateau climbs to the next model
 * where the policy names one, and otherwise ends it.
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
  if (!isStuck(state, last)) return { wanted: wanted(state, LadderStep.REWRITE, 'refine') };
  if (last.step !== LadderStep.RESAMPLE) {
    return { wanted: resample(state, Math.min(state.plan.candidatesPerRound * 2, MAX_CANDIDATES)) };
  }
  return nextRung(state, state.resampled ? StopReason.CANNOT_REFINE : StopReason.LADDER_TOP);
}

/** Whether different prompts, or other seeds of one, failed the same root questions on this model. */
function isStuck(state: CycleState, last: RoundState): boolean {
  return state.rounds.some(
    (round) =>
      round.number < last.number &&
      round.model === last.model &&
      (round.prompt.text !== last.prompt.text || last.step === LadderStep.RESAMPLE) &&
      failTheSame(round, last),
  );
}

/** The next model, or the end for that reason where there is none. */
export function nextRung(state: CycleState, reason: StopReason): Climb {
  const model = nextModel(state);
  if (model === undefined) return stop(reason);
  const base = findCandidate(state, state.base);
  const how = state.plan.refine && base !== undefined && rootFailures(base).length > 0 ? 'refine' : 'write';
  return { wanted: { ...wanted(state, LadderStep.NEXT_MODEL, how), model } };
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

/** Other seeds of the best prompt so far, or of the last one where none is better. */
export function resample(state: CycleState, candidates = state.plan.candidatesPerRound): PromptWanted {
  const source = state.rounds.find((round) => round.number === state.base?.round) ?? state.rounds.at(-1);
  return { ...wanted(state, LadderStep.RESAMPLE, 'reuse'), reuse: source?.prompt, candidates };
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
