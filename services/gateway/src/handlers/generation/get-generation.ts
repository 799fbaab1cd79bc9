import type { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { GenerationEngine } from '../../generations/ports.ts';

/** Reads a generation, live or from the records. */
export function getGeneration(
  engine: GenerationEngine,
): Handler<(typeof GenerationService)['method']['getGeneration']> {
  return async ({ name, signUrls }, ctx) => {
    const generation = await engine.get(name, ctx);
    return { generation: signUrls ? await engine.withUrls(generation, ctx) : generation };
  };
}
