import type { Generation, GenerationEvent } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';

/** Events that are being read: the stream stays open between the questions. */
export interface Reading {
  /** Reads on up to the first event that fits; throws where the stream ends before. */
  until(fits: (event: GenerationEvent['event']) => boolean): Promise<GenerationEvent>;
  /** Reads on to the end; gives the generation as it ended. */
  end(): Promise<Generation>;
  /** Stops reading. */
  close(): Promise<void>;
}

/** Takes a stream of events in hand. */
export function reading(events: AsyncGenerator<GenerationEvent>): Reading {
  const until: Reading['until'] = async (fits) => {
    for (;;) {
      const { done, value } = await events.next();
      if (done) throw new Error('the events ended before the one that was waited for');
      if (fits(value.event)) return value;
    }
  };
  return {
    until,
    async end() {
      const { event } = await until(({ case: kind }) => kind === 'finished');
      if (event.case !== 'finished' || event.value.generation === undefined) throw new Error('it has no end');
      return event.value.generation;
    },
    close: async () => {
      await events.return(undefined);
    },
  };
}

/** Whether something is told to be in that phase. */
export const inPhase = (phase: string) => (event: GenerationEvent['event']) =>
  event.case === 'progress' && event.value.phase === phase;

/** Whether the event is of that kind. */
export const isKind = (kind: GenerationEvent['event']['case']) => (event: GenerationEvent['event']) =>
  event.case === kind;
