import { Audience } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import {
  type Generation,
  GenerationSchema,
  type Result,
  ResultSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { CallContext } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import type { EngineClients } from './ports.ts';
import { CALL_TIMEOUT_MS } from './settings.ts';

/** The generation with signed PUBLIC urls in its results. A result that storage gives none for is left as it is. */
export async function withSignedUrls(
  clients: Pick<EngineClients, 'images'>,
  generation: Generation,
  ctx: CallContext,
): Promise<Generation> {
  const results = await Promise.all(generation.results.map((result) => withSignedUrl(clients, result, ctx)));
  return create(GenerationSchema, { ...generation, results });
}

async function withSignedUrl(
  clients: Pick<EngineClients, 'images'>,
  result: Result,
  ctx: CallContext,
): Promise<Result> {
  const name = result.image?.name;
  if (name === undefined) return result;
  try {
    const options = { ...ctx, timeoutMs: CALL_TIMEOUT_MS.sign };
    const { image } = await clients.images.getImageUrl({ name, audience: Audience.PUBLIC }, options);
    return image === undefined ? result : create(ResultSchema, { ...result, image });
  } catch (err) {
    ctx.log.warn({ err, image: name }, 'a result has no signed URL');
    return result;
  }
}
