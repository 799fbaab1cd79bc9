import type { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { GenerationEngine } from '../../generations/ports.ts';

/** Cancels a running generation, at the provider too; one that has ended stays as it is. */
export function cancelGeneration(
  engine: GenerationEngine,
): Handler<(typeof GenerationService)['method']['cancelGeneration']> {
  return async ({ name, reason }, ctx) => ({ generation: await engine.cancel(name, reason, ctx) });
}
