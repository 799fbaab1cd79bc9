import { StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  type CandidateResult,
  CandidateResultSchema,
  CandidateState as EndState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { create } from '@bufbuild/protobuf';
import type { Change } from './change.ts';
import { closeIfComplete } from './close-round.ts';
import { endControl } from './control-arm.ts';
import { candidateUsage } from './costs.ts';
import { candidateReadyEvent, type EventBody } from './events.ts';
import { candidateKey } from './plan.ts';
import {
  type CandidateState,
  type CycleState,
  isControl,
  isHalted,
  openRound,
  type RoundState,
} from './state.ts';
import type {
  CandidateEnded,
  GenerateBegun,
  GenerateEnded,
  GenerateRefused,
  GenerateTranslated,
} from './transitions.ts';

interface OfAttempt {
  readonly round: number;
  readonly attempt: number;
}

/** The round that a transition is about, unless it is over or went on to another attempt. */
function roundOf(state: CycleState, { round, attempt }: OfAttempt): RoundState | undefined {
  const open = openRound(state);
  return open?.number === round && open.attempt === attempt && !open.generated ? open : undefined;
}

/** The state with its last round replaced. */
export function withRound(state: CycleState, round: RoundState): CycleState {
  return { ...state, rounds: [...state.rounds.slice(0, -1), round] };
}

/** The images of a round are asked for. */
export function applyGenerateBegun(state: CycleState, begun: GenerateBegun): CycleState {
  const round = roundOf(state, begun);
  return round === undefined ? state : withRound(state, { ...round, begun: true });
}

/** What really left for the provider takes the place of what was foreseen. */
export function applyGenerateTranslated(state: CycleState, translated: GenerateTranslated): CycleState {
  const round = roundOf(state, translated);
  if (round === undefined) return state;
  const { receipt, nativeRequests } = translated;
  return withRound(state, { ...round, receipt: receipt ?? round.receipt, nativeRequests });
}

/** One candidate ended. */
export function applyCandidateEnded(state: CycleState, ended: CandidateEnded): Change {
  const round = roundOf(state, ended);
  const candidate = round?.candidates.find(({ index }) => index === ended.index);
  if (round === undefined || candidate === undefined || candidate.result !== undefined) return [state];
  return endCandidate(state, round, candidate, ended.result, ended.timeMs);
}

function endCandidate(
  state: CycleState,
  round: RoundState,
  candidate: CandidateState,
  result: CandidateResult,
  timeMs: number,
): [CycleState, EventBody] {
  const { index, attempt } = candidate;
  const done = { ...candidate, result };
  const candidates = round.candidates.map((each) => (each.index === index ? done : each));
  const step = `image/${round.number}/${index}/${attempt}`;
  const used = candidateUsage(round, result).map((usage) => ({ step, round: round.number, usage, timeMs }));
  const changed = withRound({ ...state, usage: [...state.usage, ...used] }, { ...round, candidates });
  return [changed, candidateReadyEvent(done)];
}

/** No further candidate ends: those that did not are given up, with what became of them. */
export function applyGenerateEnded(state: CycleState, ended: GenerateEnded): Change {
  let round = roundOf(state, ended);
  if (round === undefined) return [state];
  let current = state;
  const events: EventBody[] = [];
  for (const candidate of round.candidates) {
    const open: RoundState | undefined = openRound(current);
    if (candidate.result !== undefined || open === undefined) continue;
    const [changed, event] = endCandidate(
      current,
      open,
      candidate,
      givenUp(state, candidate, ended),
      ended.timeMs,
    );
    current = changed;
    events.push(event);
  }
  round = openRound(current);
  if (round === undefined) return [current, ...events];
  return [closeIfComplete(withRound(current, { ...round, generated: true }), ended.timeMs), ...events];
}

function givenUp(state: CycleState, candidate: CandidateState, ended: GenerateEnded): CandidateResult {
  const { round, index, attempt } = candidate;
  const failure = ended.failure ?? {
    class: FailureClass.INTERNAL,
    message: 'The provider adapter ended without telling what became of it.',
  };
  return create(CandidateResultSchema, {
    key: candidateKey(state.facts.name, round, index, attempt),
    state: isHalted(state) ? EndState.CANCELLED : EndState.FAILED,
    failure,
  });
}

/** A budget does not allow this round: what earlier rounds brought is what there is. */
export function applyGenerateRefused(state: CycleState, refused: GenerateRefused): CycleState {
  const round = roundOf(state, refused);
  if (round === undefined || round.begun) return state;
  const closed = { ...round, candidates: [], generated: true, closed: true, endMs: refused.timeMs };
  if (isControl(round)) return endControl(withRound(state, closed), refused.message);
  const stop = state.stop ?? { reason: StopReason.BUDGET_EXCEEDED, detail: refused.message };
  return { ...withRound(state, closed), stop };
}
