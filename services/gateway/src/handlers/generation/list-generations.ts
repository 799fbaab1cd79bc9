import type { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { GenerationEngine } from '../../generations/ports.ts';

/** Lists the team's generations, newest first, without their rounds. */
export function listGenerations(
  engine: GenerationEngine,
): Handler<(typeof GenerationService)['method']['listGenerations']> {
  return (request, ctx) => engine.list(request, ctx);
}
