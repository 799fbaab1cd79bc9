import {
  type GenerationEvent,
  GenerationEventSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { CallContext } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import type { GenerationEngine } from '../../generations/ports.ts';

/** The event as it is, but for signed URLs in the last one: whoever started the generation wants its images next. */
export async function signFinished(
  engine: GenerationEngine,
  event: GenerationEvent,
  ctx: CallContext,
): Promise<GenerationEvent> {
  if (event.event.case !== 'finished' || event.event.value.generation === undefined) return event;
  const generation = await engine.withUrls(event.event.value.generation, ctx);
  const { number, eventTime } = event;
  return create(GenerationEventSchema, {
    number,
    generation: generation.name,
    ...(eventTime !== undefined && { eventTime }),
    event: { case: 'finished', value: { generation } },
  });
}
