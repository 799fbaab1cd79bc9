import type { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { GenerationEngine } from '../../generations/ports.ts';

/** Sends a generation's events after a number, up to its end. */
export function watchGeneration(
  engine: GenerationEngine,
): Handler<(typeof GenerationService)['method']['watchGeneration']> {
  return async function* ({ name, afterEventNumber }, ctx) {
    for await (const event of engine.watch(name, afterEventNumber, ctx)) yield { event };
  };
}
