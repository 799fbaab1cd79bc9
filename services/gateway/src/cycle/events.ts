import {
  type GenerationEvent,
  GenerationEventSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { CandidateState, CycleState, RoundState } from './state.ts';
import { toCandidate, toGeneration } from './view.ts';

type Body = NonNullable<MessageInitShape<typeof GenerationEventSchema>['event']>;

/** What an event says, given the state after it. */
export type EventBody = (state: CycleState) => Body;

/** An event with its number and time. */
export function numbered(
  state: CycleState,
  body: EventBody,
  number: number,
  timeMs: number,
): GenerationEvent {
  return create(GenerationEventSchema, {
    number: BigInt(number),
    generation: state.facts.name,
    eventTime: timestampFromMs(timeMs),
    event: body(state),
  });
}

/** The generation was accepted. */
export const acceptedEvent: EventBody = (state) => ({
  case: 'accepted',
  value: { generation: toGeneration(state) },
});

/** The generation is over. */
export const finishedEvent: EventBody = (state) => ({
  case: 'finished',
  value: { generation: toGeneration(state) },
});

/** A round began. */
export function roundStartedEvent({ number, model, candidates, step }: RoundState): EventBody {
  return () => ({
    case: 'roundStarted',
    value: { round: number, model, candidates: candidates.length, step },
  });
}

/** The prompt of a round is ready. */
export function promptReadyEvent({ number, prompt, receipt }: RoundState): EventBody {
  return () => ({
    case: 'promptReady',
    value: { round: number, prompt, ...(receipt !== undefined && { receipt }) },
  });
}

/** The prompt was refined. */
export function promptRefinedEvent({ number, prompt, rationale }: RoundState): EventBody {
  return () => ({ case: 'promptRefined', value: { round: number, prompt, rationale } });
}

/** A candidate ended. */
export function candidateReadyEvent(candidate: CandidateState): EventBody {
  return () => ({ case: 'candidateReady', value: { candidate: toCandidate(candidate, 0) } });
}

/** A candidate was judged. */
export function candidateJudgedEvent(candidate: CandidateState): EventBody {
  return () => ({ case: 'candidateJudged', value: { candidate: toCandidate(candidate, 0) } });
}
