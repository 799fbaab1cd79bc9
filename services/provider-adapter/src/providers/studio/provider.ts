import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { concurrencyOf } from '../instance-fields.ts';
import { localPreview } from '../local-preview.ts';
import {
  type Produced,
  type Provider,
  type ProviderAnswer,
  ProviderFailure,
  type ProviderType,
  type Submission,
  type SubmitContext,
} from '../provider.ts';
import { STUDIO_MODELS } from './models.ts';
import { renderStudioImage } from './render.ts';
import { readStudioRequests } from './request.ts';

/** Pictures at once. Drawing is on the threads of the image library, of which more would only share the same cores. */
const CONCURRENCY = 2;

/** The embedded renderer: local, free, and deterministic, so that a request may be repeated without asking. */
export const studio: ProviderType = {
  type: 'studio',
  create: (instance): Provider => ({
    name: instance.name,
    type: 'studio',
    missing: [],
    concurrency: concurrencyOf(instance, CONCURRENCY),
    isRepeatable: true,
    isInProcess: true,
    nativeModels: Object.keys(STUDIO_MODELS),
    preview: (call, facts) => localPreview('studio', call, facts),
    submit,
  }),
};

async function submit(submission: Submission, context: SubmitContext): Promise<ProviderAnswer> {
  const traits = STUDIO_MODELS[submission.nativeModel];
  if (traits === undefined) {
    throw new ProviderFailure(
      FailureClass.INVALID_REQUEST,
      `The studio has no model ${submission.nativeModel}.`,
    );
  }
  const requests = readStudioRequests(submission);
  const images: Produced[] = [];
  for (const request of requests) {
    try {
      const { bytes } = await renderStudioImage(traits, request, context.signal);
      images.push({ kind: 'image', bytes, seed: BigInt(request.seed) });
    } catch (error) {
      context.signal.throwIfAborted();
      // What the renderer says of a size or a picture is written for whoever asked for it.
      if (!isRangeError(error)) throw error;
      throw new ProviderFailure(FailureClass.INVALID_REQUEST, error.message, { cause: error });
    }
    context.progress(images.length / requests.length);
  }
  return { images };
}

function isRangeError(error: unknown): error is RangeError {
  return (error as { name?: unknown } | undefined)?.name === 'RangeError';
}
