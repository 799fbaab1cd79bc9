import { setTimeout as wait } from 'node:timers/promises';
import { type CallOptions, Code, isRpcError } from '@atelier/rpc';
import type { DocumentCodec } from './codec.ts';
import type { DocumentClient } from './document-client.ts';
import { storageError } from './storage-errors.ts';
import { readDocument, type StoredDocument } from './stored-document.ts';

/** What happened in a collection. */
export type CollectionEvent<T> =
  | { readonly kind: 'document'; readonly document: StoredDocument<T> }
  | { readonly kind: 'deleted'; readonly id: string }
  /** Everything that was there has been told. */
  | { readonly kind: 'synced' }
  /** The stream broke and is begun again; what is known may be old until the next `synced`. */
  | { readonly kind: 'interrupted'; readonly error: unknown };

/** Pauses before the stream is begun again, in milliseconds: doubled from the first to the last. */
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5_000;

/** Errors that no repeat mends. */
const HOPELESS = new Set<number>([Code.INVALID_ARGUMENT, Code.UNIMPLEMENTED, Code.INTERNAL, Code.DATA_LOSS]);

/** See `Collection.watch`. */
export async function* watchCollection<T>(
  client: DocumentClient,
  collection: string,
  codec: DocumentCodec<T>,
  call: CallOptions & { readonly signal: AbortSignal },
): AsyncGenerator<CollectionEvent<T>> {
  const { signal } = call;
  const known = new Set<string>();
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const seen = new Set<string>();
    try {
      for await (const { event } of client.watchDocuments({ collections: [collection] }, call)) {
        if (event.case === 'document') {
          seen.add(event.value.id);
          known.add(event.value.id);
          yield { kind: 'document', document: readDocument(event.value, codec) };
        } else if (event.case === 'deleted') {
          seen.delete(event.value.id);
          if (known.delete(event.value.id)) yield { kind: 'deleted', id: event.value.id };
        } else if (event.case === 'synced') {
          pause = FIRST_PAUSE_MS;
          yield* vanished(known, seen);
          yield { kind: 'synced' };
        }
      }
    } catch (thrown) {
      if (signal.aborted) return;
      const error = storageError(thrown);
      if (!isRpcError(error) || HOPELESS.has(error.code)) throw error;
      yield { kind: 'interrupted', error };
    }
    if (!(await pauseFor(pause, signal))) return;
    pause = Math.min(pause * 2, LAST_PAUSE_MS);
  }
}

/** What was known before the stream broke and is not there any more. */
function* vanished<T>(known: Set<string>, seen: ReadonlySet<string>): Generator<CollectionEvent<T>> {
  for (const id of known) {
    if (seen.has(id)) continue;
    known.delete(id);
    yield { kind: 'deleted', id };
  }
}

/** False where the signal was aborted meanwhile. */
async function pauseFor(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, undefined, { signal, ref: false });
    return true;
  } catch {
    return false;
  }
}
