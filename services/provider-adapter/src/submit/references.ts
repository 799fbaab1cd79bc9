import { setTimeout as wait } from 'node:timers/promises';
import {
  type ReferenceImage,
  ReferenceImageSchema,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { ImageOrigin } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { type CallOptions, Code, invalidArgument, isRpcError } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import type { GuardedFetcher } from '../fetch/guarded-fetcher.ts';
import type { LoadedImage } from '../providers/provider.ts';
import type { ImageStore } from '../store/image-store.ts';

/** The bytes of reference images, all of them images of the platform by now. */
export async function loadReferences(
  references: readonly ReferenceImage[],
  store: ImageStore,
  call: CallOptions,
): Promise<readonly LoadedImage[]> {
  return Promise.all(
    references.map(({ source }) => {
      if (source.case !== 'image') throw new Error('a reference image is not an image of the platform');
      return store.load(source.value, call);
    }),
  );
}

/**
 * Fetches what is named by an outside address and keeps it as an image of the team, so that the record shows what the
 * model was shown even when the address shows something else by then. Gives the references with all names of the platform.
 */
export async function fetchReferences(
  references: readonly ReferenceImage[],
  fetcher: GuardedFetcher,
  store: ImageStore,
  call: CallOptions,
): Promise<readonly ReferenceImage[]> {
  return Promise.all(
    references.map(async (reference) => {
      const { source } = reference;
      if (source.case !== 'uri') return reference;
      const { bytes, mediaType, sha256 } = await fetched(source.value, fetcher, call.signal);
      const record = { origin: ImageOrigin.FETCHED, lineage: { source: withoutQuery(source.value) } };
      const image = await store.keep(bytes, mediaType, record, `fetched:${sha256}`, call);
      const name = image.ref?.name ?? '';
      return create(ReferenceImageSchema, { ...reference, source: { case: 'image', value: name } });
    }),
  );
}

/** Pauses between attempts at an address that does not answer, in milliseconds. */
const PAUSES_MS = [250, 1_000];

/**
 * The image at an address. Where the other end does not answer, time and again, the address is as good as refused:
 * UNAVAILABLE would say that this service is, and the caller would wait for a host that may never come.
 */
async function fetched(
  uri: string,
  fetcher: GuardedFetcher,
  signal: AbortSignal | undefined,
): Promise<LoadedImage> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await fetcher.fetchImage(uri, signal);
    } catch (cause) {
      if (signal?.aborted || !isRpcError(cause, Code.UNAVAILABLE)) throw cause;
      const pause = PAUSES_MS[attempt];
      if (pause === undefined) {
        throw invalidArgument('parameters.reference_images', cause.message, { reason: 'URL_REFUSED', cause });
      }
      await wait(pause, undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** Addresses are often signed, and the signature is a credential. */
function withoutQuery(uri: string): string {
  const { origin, pathname } = new URL(uri);
  return origin + pathname;
}
