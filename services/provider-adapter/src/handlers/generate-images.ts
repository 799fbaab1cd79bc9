import type { ImageGenerationService } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { invalidArgument, requirePrincipal } from '@atelier/rpc';
import { generateImages as generate } from '../submit/generate.ts';
import type { Method } from './method.ts';

/** Has candidates made and stored, each once for its key. */
export const generateImages: Method<typeof ImageGenerationService.method.generateImages> = (context) =>
  async function* (request, call) {
    const principal = requirePrincipal(call);
    const keys = request.candidates.map(({ key }) => key);
    const repeated = keys.findIndex((key, index) => keys.indexOf(key) < index);
    if (repeated >= 0) {
      throw invalidArgument(`candidates[${repeated}].key`, 'is the key of another candidate of this call');
    }
    const { requestId, trace } = call;
    yield* generate(context, request, {
      team: principal.team,
      attached: call,
      // What is paid for outlives whoever asked for it: no deadline, no cancellation.
      detached: { principal, requestId, trace },
    });
  };
