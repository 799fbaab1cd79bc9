import type { GenerationEvent } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { AtelierError } from '../rpc/atelier-error.ts';
import { Code } from '../rpc/code.ts';
import { isBroken, type Retries } from '../rpc/retry.ts';

/** Where events come from, and from which on. */
export interface EventSource {
  /** Opens the stream: of a named generation after an event number, or, before its name is known, from the start. */
  open(
    name: string | undefined,
    after: bigint,
  ): AsyncIterable<{ readonly event?: GenerationEvent | undefined }>;
  readonly name: string | undefined;
  readonly after: bigint;
}

/**
 * The events of a generation up to its end. A stream that breaks is opened again after the last number that was seen,
 * so that no transition is missed or told twice.
 */
export async function* followGeneration(
  source: EventSource,
  retries: Retries,
): AsyncGenerator<GenerationEvent, void, undefined> {
  let { name, after } = source;
  for (;;) {
    let failure = new AtelierError(Code.UNAVAILABLE, 'The events ended before the generation did.');
    try {
      for await (const { event } of source.open(name, after)) {
        if (event === undefined) continue;
        name = event.generation || name;
        if (event.number > 0n && event.number <= after) continue;
        if (event.number > 0n) {
          after = event.number;
          retries.reset();
        }
        yield event;
        if (event.event.case === 'finished') return;
      }
    } catch (error) {
      if (!isBroken(error)) throw error;
      failure = error;
    }
    await retries.pause(failure);
  }
}
