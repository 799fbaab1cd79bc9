import { type GenerationEvent, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { beginAfterwards, halt } from './afterwards.ts';
import {
  applyCandidateEnded,
  applyGenerateBegun,
  applyGenerateEnded,
  applyGenerateRefused,
  applyGenerateTranslated,
} from './apply-generate.ts';
import { applyJudged } from './apply-judge.ts';
import { applyPromptFailed, applyPromptReady } from './apply-prompt.ts';
import type { Change } from './change.ts';
import { stopAtCap } from './costs.ts';
import { acceptedEvent, finishedEvent, numbered } from './events.ts';
import { firstPrompt } from './ladder.ts';
import { endingOf, stopWords } from './outcome.ts';
import { withoutSecondLooks } from './second-look.ts';
import { type CycleState, openRound } from './state.ts';
import type { Accepted, Resumed, Started, StopRequested, Transition } from './transitions.ts';

/** What a transition makes of a state, and the events that tell of it. */
export interface Applied {
  readonly state: CycleState;
  /** Numbered on from those before. */
  readonly events: readonly GenerationEvent[];
}

/** The state of a generation that was accepted. */
export function begin(accepted: Accepted): Applied {
  const state: CycleState = {
    plan: accepted.plan,
    facts: accepted.facts,
    createMs: accepted.timeMs,
    startMs: undefined,
    deadlineMs: undefined,
    lastMs: accepted.timeMs,
    eventNumber: 0,
    modelIndex: 0,
    rounds: [],
    prompting: undefined,
    base: undefined,
    gainless: 0,
    resampled: false,
    usage: [],
    warnings: accepted.facts.warnings,
    stop: undefined,
    ending: undefined,
  };
  return finishChange([state, acceptedEvent], accepted.timeMs);
}

/**
 * What a transition makes of a state. Pure, so that a journal replays to the same state and the same events. A transition
 * that no longer fits, such as the late end of a candidate that was given up, changes nothing.
 */
export function apply(state: CycleState, transition: Transition): Applied {
  if (state.ending !== undefined) return { state, events: [] };
  return finishChange(change(state, transition), transition.timeMs);
}

function finishChange([before, ...bodies]: Change, timeMs: number): Applied {
  const changed = beginAfterwards(stopAtCap(before));
  const state = {
    ...changed,
    lastMs: Math.max(changed.lastMs, timeMs),
    eventNumber: changed.eventNumber + bodies.length,
  };
  const events = bodies.map((body, index) => numbered(state, body, changed.eventNumber + index + 1, timeMs));
  return { state, events };
}

function change(state: CycleState, transition: Transition): Change {
  switch (transition.kind) {
    case 'started':
      return [applyStarted(state, transition)];
    case 'resumed':
      return [applyResumed(state, transition)];
    case 'prompt_ready':
      return applyPromptReady(state, transition);
    case 'prompt_failed':
      return [applyPromptFailed(state, transition)];
    case 'generate_begun':
      return [applyGenerateBegun(state, transition)];
    case 'generate_translated':
      return [applyGenerateTranslated(state, transition)];
    case 'candidate_ended':
      return applyCandidateEnded(state, transition);
    case 'generate_ended':
      return applyGenerateEnded(state, transition);
    case 'generate_refused':
      return [applyGenerateRefused(state, transition)];
    case 'candidate_judged':
      return applyJudged(state, transition);
    case 'step_refused':
      return [applyStop(state, { reason: StopReason.BUDGET_EXCEEDED, detail: transition.message })];
    case 'stop_requested':
      return [applyStop(state, transition)];
    case 'finished':
      return applyFinished(state, transition.timeMs);
  }
}

function applyStarted(state: CycleState, { timeMs }: Started): CycleState {
  if (state.startMs !== undefined || state.stop !== undefined) return state;
  const begun = { ...state, startMs: timeMs, deadlineMs: timeMs + state.plan.maxDurationMs };
  return { ...begun, prompting: firstPrompt(begun) };
}

/** Time in which nobody ran it does not count against it. */
function applyResumed(state: CycleState, { timeMs }: Resumed): CycleState {
  if (state.deadlineMs === undefined) return state;
  return { ...state, deadlineMs: state.deadlineMs + Math.max(0, timeMs - state.lastMs) };
}

function applyStop(
  state: CycleState,
  { reason, detail }: Pick<StopRequested, 'reason' | 'detail'>,
): CycleState {
  if (state.stop !== undefined && state.after === undefined) return state;
  const stopped =
    state.stop === undefined
      ? { ...state, stop: { reason, detail }, prompting: undefined }
      : halt(state, [stopWords(reason), detail].filter(Boolean).join(' '));
  const round = openRound(stopped);
  if (round === undefined || round.begun) return stopped;
  // The images of this round were never asked for.
  const closed = { ...round, candidates: [], generated: true, closed: true, endMs: state.lastMs };
  return { ...stopped, rounds: [...stopped.rounds.slice(0, -1), closed] };
}

function applyFinished(before: CycleState, timeMs: number): Change {
  if (before.stop === undefined) return [before];
  const state = withoutSecondLooks(before);
  const rounds = state.rounds.map((round) =>
    round.closed ? round : { ...round, closed: true, endMs: timeMs },
  );
  const ending = { ...endingOf(state, before.stop), timeMs };
  return [{ ...state, rounds, prompting: undefined, ending }, finishedEvent];
}
