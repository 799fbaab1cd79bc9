import { once } from 'node:events';
import type { Rate } from '@atelier/coordination';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import sharp from 'sharp';
import { type ProviderAnswer, ProviderFailure, type ProviderType } from '../src/providers/provider.ts';

/** A provider as a vendor's would be: a submit costs money, so that it may never be repeated. It counts what reaches it. */
export interface CountingProvider {
  readonly type: ProviderType;
  readonly submits: number;
  /** Submits whose signal was aborted. */
  readonly aborted: number;
  /** Job ids that were looked up. */
  readonly lookedUp: readonly (string | undefined)[];
  /** Settles when the first submit has arrived, and its job id is journaled. */
  readonly submitted: Promise<void>;
  /** Lets submits of the model `held` end. */
  release(): void;
}

/**
 * With `lookUpHangs`, a lookup ends only when its signal is aborted; with `lookUpFails`, in a failure of its own. A submit
 * fails with `failsBeforeJob` before there is a job, and with `failsAfterJob` once its job id is journaled.
 */
export function counting({
  canLookUp = false,
  lookUpHangs = false,
  lookUpFails = false,
  failsAfterJob = undefined as ProviderFailure | undefined,
  failsBeforeJob = undefined as ProviderFailure | undefined,
  rate = undefined as Rate | undefined,
} = {}): CountingProvider {
  const state = { submits: 0, aborted: 0, lookedUp: [] as (string | undefined)[] };
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const answer = async (jobId: string): Promise<ProviderAnswer> => {
    const create = { width: 64, height: 64, channels: 3, background: '#336699' } as const;
    return { images: [{ kind: 'image', bytes: await sharp({ create }).png().toBuffer() }], jobId };
  };
  const type: ProviderType = {
    type: 'counting',
    create: ({ name }) => ({
      name,
      type: 'counting',
      missing: [],
      concurrency: 4,
      rate,
      isRepeatable: false,
      preview: ({ body }) => ({
        method: 'POST',
        url: 'https://vendor.example',
        headers: {},
        body,
        parts: [],
      }),
      async submit({ nativeModel }, { signal, accepted }) {
        state.submits += 1;
        if (failsBeforeJob !== undefined) {
          arrived.resolve();
          throw failsBeforeJob;
        }
        await accepted(`job-${state.submits}`);
        arrived.resolve();
        if (failsAfterJob !== undefined) throw failsAfterJob;
        if (nativeModel === 'held') {
          const { promise, reject } = Promise.withResolvers<never>();
          signal.addEventListener('abort', () => {
            state.aborted += 1;
            reject(signal.reason);
          });
          await Promise.race([released.promise, promise]);
        }
        return answer(`job-${state.submits}`);
      },
      ...(canLookUp && {
        async reconcile(_submission, jobId, { signal }) {
          state.lookedUp.push(jobId);
          if (lookUpFails) throw new ProviderFailure(FailureClass.UNAVAILABLE, 'The provider answered 503.');
          if (lookUpHangs) await once(signal, 'abort');
          signal.throwIfAborted();
          return { kind: 'answer', answer: await answer(jobId ?? '') };
        },
      }),
    }),
  };
  return {
    type,
    get submits() {
      return state.submits;
    },
    get aborted() {
      return state.aborted;
    },
    get lookedUp() {
      return state.lookedUp;
    },
    submitted: arrived.promise,
    release: () => released.resolve(),
  };
}
