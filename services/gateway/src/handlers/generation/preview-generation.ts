import type { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { GenerationEngine } from '../../generations/ports.ts';

/** A dry run that spends nothing. */
export function previewGeneration(
  engine: GenerationEngine,
): Handler<(typeof GenerationService)['method']['previewGeneration']> {
  return (request, ctx) => engine.preview(request, ctx);
}
