import { setTimeout as wait } from 'node:timers/promises';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { Code, isRpcError } from '@atelier/rpc';
import type { GuardedFetcher } from '../fetch/guarded-fetcher.ts';
import { ProviderFailure } from '../providers/provider.ts';
import type { Spool, SpooledFile } from '../spool/spool.ts';

/** Pauses between attempts at an address that does not answer, in milliseconds. The result is paid for, so it is worth some. */
const PAUSES_MS = [250, 1_000, 4_000];

/** What copying a result needs. */
export interface DownloadContext {
  readonly fetcher: GuardedFetcher;
  readonly spool: Spool;
  readonly signal: AbortSignal;
  /** Private origins that are allowed: those of the provider's own server. */
  readonly origins: readonly string[] | undefined;
}

/** Copies a result from the address that a provider gave onto disk. Rejects with a `ProviderFailure`. */
export async function downloadResult(url: string, context: DownloadContext): Promise<SpooledFile> {
  const { fetcher, spool, signal, origins = [] } = context;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await fetcher.download(url, spool, { signal, origins });
    } catch (cause) {
      signal.throwIfAborted();
      if (!isRpcError(cause)) throw cause;
      const pause = PAUSES_MS[attempt];
      if (pause === undefined || cause.code !== Code.UNAVAILABLE) {
        const message = `The provider's result could not be copied: ${cause.message}`;
        throw new ProviderFailure(FailureClass.BAD_ANSWER, message, { cause });
      }
      await wait(pause, undefined, { signal });
    }
  }
}
