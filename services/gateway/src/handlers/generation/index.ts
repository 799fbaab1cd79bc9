import type { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { GenerationEngine } from '../../generations/ports.ts';
import { cancelGeneration } from './cancel-generation.ts';
import { createGeneration } from './create-generation.ts';
import { generate } from './generate.ts';
import { getGeneration } from './get-generation.ts';
import { listGenerations } from './list-generations.ts';
import { previewGeneration } from './preview-generation.ts';
import { streamGenerate } from './stream-generate.ts';
import { watchGeneration } from './watch-generation.ts';

/** All methods of GenerationService over an engine. */
export function generationHandlers(engine: GenerationEngine): Handlers<typeof GenerationService> {
  return {
    createGeneration: createGeneration(engine),
    generate: generate(engine),
    streamGenerate: streamGenerate(engine),
    getGeneration: getGeneration(engine),
    listGenerations: listGenerations(engine),
    watchGeneration: watchGeneration(engine),
    cancelGeneration: cancelGeneration(engine),
    previewGeneration: previewGeneration(engine),
  };
}
