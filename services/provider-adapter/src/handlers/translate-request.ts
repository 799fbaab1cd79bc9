import type { ReferenceImage } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { ImageGenerationService } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { type CallContext, type FieldViolation, invalidArgument, isRpcError } from '@atelier/rpc';
import type { ProviderAdapterContext } from '../context.ts';
import type { ImageSlot } from '../parameters/image-slot.ts';
import type { ImageFacts } from '../providers/provider.ts';
import { nativeRequests, prepare } from '../submit/prepare.ts';
import type { Method } from './method.ts';

/**
 * Shows what would be sent, without sending and without fetching anything from outside. An outside address that would be
 * refused is refused here too, so that nobody waits for a generation that cannot be.
 */
export const translateRequest: Method<typeof ImageGenerationService.method.translateRequest> =
  (context) =>
  async ({ request, candidates }, call) => {
    if (request === undefined) throw invalidArgument('request', 'is required');
    const count = request.layers.find(({ parameters }) => parameters?.count !== undefined)?.parameters?.count;
    const images = candidates === 0 ? (count ?? 1) : candidates;
    const prepared = prepare(
      context,
      request,
      Array.from({ length: images }, () => ({})),
    );
    await checkAddresses(context, prepared.translation.references, call);
    const facts = await referenceFacts(context, prepared.translation.references, call);
    return {
      receipt: prepared.receipt,
      nativeRequests: nativeRequests(prepared, facts),
      estimate: prepared.estimate,
      effective: prepared.translation.effective,
    };
  };

/** Throws INVALID_ARGUMENT (URL_REFUSED) naming every address that the guarded fetcher would not go to. */
async function checkAddresses(
  { fetcher }: ProviderAdapterContext,
  references: readonly ReferenceImage[],
  { signal }: CallContext,
): Promise<void> {
  const found = await Promise.all(
    references.map(async ({ source }, index): Promise<FieldViolation[]> => {
      if (source.case !== 'uri') return [];
      try {
        await fetcher.checkAddress(source.value, signal);
        return [];
      } catch (error) {
        if (!isRpcError(error) || error.reason !== 'URL_REFUSED') throw error;
        const field = `parameters.reference_images[${index}].uri`;
        return error.fieldViolations.map(({ description }) => ({ field, description }));
      }
    }),
  );
  const violations = found.flat();
  if (violations.length > 0) throw invalidArgument(violations, { reason: 'URL_REFUSED' });
}

/** What is known of reference images without reading their bytes. An outside address is not touched by a preview. */
async function referenceFacts(
  { store }: ProviderAdapterContext,
  references: readonly ReferenceImage[],
  call: CallContext,
): Promise<(slot: ImageSlot) => ImageFacts> {
  const known = await Promise.all(
    references.map(async ({ source }): Promise<ImageFacts> => {
      if (source.case !== 'image') return { mediaType: 'image/*', sizeBytes: 0, sha256: '' };
      const { mediaType, sizeBytes, sha256, width, height } = await store.facts(source.value, call);
      const size = width > 0 && height > 0 ? { width, height } : undefined;
      return { mediaType, sizeBytes: Number(sizeBytes), sha256, size };
    }),
  );
  return ({ reference, change }) => {
    const facts = known[reference];
    if (facts === undefined) throw new Error(`the body has no image ${reference}`);
    return change === 'none' ? facts : { ...facts, sha256: '' };
  };
}
