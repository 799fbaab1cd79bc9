import { StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { spentMicroUsd } from './costs.ts';
import { classifyEmptyRound, endsInWords, failureText } from './failures.ts';
import { climb, follow, nextModel } from './ladder.ts';
import { bestResults } from './outcome.ts';
import { compareMerit, passes, regresses } from './ranking.ts';
import { bestOf } from './roots.ts';
import { type CycleState, findCandidate, hasImage, type RoundState } from './state.ts';

/**
 * A geometric mean that grew by less is the noise of a judge, and no gain. A hundredth is also the least that a p counts
 * as in that mean.
 */
const LEAST_GAIN = 0.01;

/**
 * Closes the last round, whose candidates have all ended and been judged, and decides how it goes on: by another round, or
 * by a stop.
 */
export function decideRound(state: CycleState, round: RoundState, timeMs: number): CycleState {
  return round.candidates.some(hasImage)
    ? afterRound(state, round, timeMs)
    : afterEmptyRound(state, round, timeMs);
}

function replaceLast(state: CycleState, round: RoundState): CycleState {
  return { ...state, rounds: [...state.rounds.slice(0, -1), round] };
}

function stopWith(state: CycleState, reason: StopReason, detail = ''): CycleState {
  return { ...state, stop: { reason, detail } };
}

function afterRound(before: CycleState, round: RoundState, timeMs: number): CycleState {
  const best = bestOf(round);
  const base = findCandidate(before, before.base);
  const accepted = best !== undefined && (base === undefined || !regresses(base, best));
  const isBetter = best !== undefined && (base === undefined || compareMerit(best, base) < 0);
  const closed = replaceLast(before, { ...round, closed: true, accepted, endMs: timeMs });
  const state: CycleState = {
    ...closed,
    base: accepted && isBetter ? { round: best.round, index: best.index } : before.base,
    gainless: gained(before, closed) ? 0 : before.gainless + 1,
  };
  if (!state.plan.judged) return stopWith(state, StopReason.NO_QUESTIONS);
  const results = bestResults(state);
  if (results.length === state.plan.count && results.every(passes)) {
    return stopWith(state, StopReason.ENOUGH_PASS);
  }
  return goOn(state);
}

/** Whether the results became better by the last round: one more passes, or the first of them is clearly better. */
function gained(before: CycleState, after: CycleState): boolean {
  const earlier = before.rounds.slice(0, -1);
  const [was, is] = [bestResults({ ...before, rounds: earlier }), bestResults(after)];
  const [first, now] = [was[0], is[0]];
  if (first === undefined) return now !== undefined;
  if (is.filter(passes).length > was.filter(passes).length) return true;
  const [old, current] = [first.judgement?.score, now?.judgement?.score];
  if ((current?.requiredPasses ?? 0) > (old?.requiredPasses ?? 0)) return true;
  return (current?.geometricMean ?? 0) >= (old?.geometricMean ?? 0) + LEAST_GAIN;
}

/** Another round, as far as the bounds allow one. */
function goOn(state: CycleState): CycleState {
  const { maxRounds, maxCostMicroUsd } = state.plan;
  if (state.rounds.length >= maxRounds) return stopWith(state, StopReason.MAX_ROUNDS);
  const spent = spentMicroUsd(state);
  if (maxCostMicroUsd !== undefined && spent >= maxCostMicroUsd) return stopWith(state, StopReason.MAX_COST);
  return follow(state, climb(state));
}

function afterEmptyRound(before: CycleState, round: RoundState, timeMs: number): CycleState {
  const detail = failureText(round);
  const kind = classifyEmptyRound(round);
  const model = nextModel(before);
  // An edit is for the model that can make it; the ladder finds the next step where it cannot.
  const isEdit = round.edits !== undefined;
  const mayFallBack = !isEdit && (kind === 'fallback' || (kind === 'refused' && before.plan.crossRefusal));
  if (mayFallBack && model !== undefined) {
    // The same round, by another model: what failed brought nothing, and is told as a warning.
    const wanted = {
      round: round.number,
      attempt: round.attempt + 1,
      model,
      step: round.step,
      how: round.how,
      reuse: round.how === 'reuse' ? round.prompt : undefined,
      candidates: round.candidates.length,
    };
    return {
      ...before,
      warnings: [
        ...before.warnings,
        `${round.model} brought no image in round ${round.number}: ${endsInWords(round)}`,
      ],
      modelIndex: before.modelIndex + 1,
      prompting: wanted,
    };
  }
  const closed = { ...round, closed: true, endMs: timeMs };
  const state = { ...replaceLast(before, closed), gainless: before.gainless + 1 };
  if (kind === 'refused') return stopWith(state, StopReason.REFUSED, detail);
  if (isEdit && kind === 'fallback') return goOn({ ...state, uneditable: round.edits });
  if (kind !== 'resample') return stopWith(state, StopReason.PROVIDER_FAILED, detail);
  return state.plan.judged ? goOn(state) : stopWith(state, StopReason.PROVIDER_FAILED, detail);
}
