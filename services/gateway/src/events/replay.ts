import type { GenerationEvent } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  type Candidate,
  CandidateSchema,
  type Generation,
  GenerationEventSchema,
  GenerationSchema,
  LadderStep,
  type Round,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { apply, begin } from '../cycle/apply.ts';
import type { CycleState } from '../cycle/state.ts';
import type { AcceptedEntry, JournalEntry } from '../journal/journal-entry.ts';

/** A journal as it was lived. */
export interface Replayed {
  readonly accepted: AcceptedEntry;
  readonly state: CycleState;
  readonly events: readonly GenerationEvent[];
}

/** State and events of a journal: the same, to the last number, whenever it is replayed. Undefined for an empty one. */
export function replay(entries: readonly JournalEntry[]): Replayed | undefined {
  const [accepted, ...rest] = entries;
  if (accepted?.kind !== 'accepted') return undefined;
  const first = begin(accepted);
  const events = [...first.events];
  let state = first.state;
  for (const entry of rest) {
    if (entry.kind === 'accepted') continue;
    const applied = apply(state, entry);
    state = applied.state;
    events.push(...applied.events);
  }
  return { accepted, state, events };
}

type Body = NonNullable<MessageInitShape<typeof GenerationEventSchema>['event']>;

/**
 * The events of an ended generation whose journal is no longer kept, from its record: the same events in the order of
 * rounds and candidates, which may differ from the order in which candidates ended. The last one has the number that it
 * had; where a round changed models in its midst, the events of the attempts that failed are missing before it, and where
 * an image was looked at twice, the first look's.
 */
export function eventsFromRecord(generation: Generation): GenerationEvent[] {
  const bodies: Body[] = [
    { case: 'accepted', value: { generation: asAccepted(generation) } },
    ...generation.rounds.flatMap(roundBodies),
  ];
  const events = bodies.map((event, index) =>
    create(GenerationEventSchema, {
      number: BigInt(index + 1),
      generation: generation.name,
      ...(generation.createTime !== undefined && { eventTime: generation.createTime }),
      event,
    }),
  );
  const finished = create(GenerationEventSchema, {
    number: generation.lastEventNumber,
    generation: generation.name,
    ...(generation.endTime !== undefined && { eventTime: generation.endTime }),
    event: { case: 'finished', value: { generation } },
  });
  return [...events, finished];
}

function asAccepted(generation: Generation): Generation {
  const { name, team, request, effectivePolicy, createTime, model } = generation;
  return create(GenerationSchema, {
    name,
    team,
    model,
    ...(request !== undefined && { request }),
    ...(effectivePolicy !== undefined && { effectivePolicy }),
    ...(createTime !== undefined && { createTime }),
  });
}

function roundBodies(round: Round): Body[] {
  const { number, model, step, candidates, prompt, receipt, rationale } = round;
  const written = { round: number, ...(prompt !== undefined && { prompt }) };
  const bodies: Body[] = [
    { case: 'roundStarted', value: { round: number, model, candidates: candidates.length, step } },
    { case: 'promptReady', value: { ...written, ...(receipt !== undefined && { receipt }) } },
    ...candidates.map(
      (candidate): Body => ({ case: 'candidateReady', value: { candidate: asReady(candidate) } }),
    ),
    ...candidates
      .filter((candidate) => candidate.answers.length > 0 || candidate.score !== undefined)
      .map((candidate): Body => ({ case: 'candidateJudged', value: { candidate } })),
  ];
  const isRefined = rationale !== '' || step === LadderStep.REWRITE || step === LadderStep.EDIT;
  if (!isRefined) return bodies;
  return [{ case: 'promptRefined', value: { ...written, rationale } }, ...bodies];
}

function asReady(candidate: Candidate): Candidate {
  const { score: _score, ...unjudged } = candidate;
  return create(CandidateSchema, { ...unjudged, answers: [], rank: 0 });
}
