import type { ImageGenerationService } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { requirePrincipal } from '@atelier/rpc';
import type { Method } from './method.ts';

/** Cancels candidates by key. Keys of other teams are unknown keys. */
export const cancelGenerateImages: Method<typeof ImageGenerationService.method.cancelGenerateImages> =
  ({ desk }) =>
  async ({ keys }, call) => ({ cancelledKeys: await desk.cancel(requirePrincipal(call).team, keys) });
