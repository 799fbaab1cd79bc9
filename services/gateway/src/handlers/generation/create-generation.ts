import type { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { GenerationEngine } from '../../generations/ports.ts';
import { requested } from './requested.ts';

/** Starts a cycle and returns it at once. */
export function createGeneration(
  engine: GenerationEngine,
): Handler<(typeof GenerationService)['method']['createGeneration']> {
  return async (request, ctx) => {
    const { generation, existing } = await engine.create(requested(request), ctx);
    return { generation, existing };
  };
}
