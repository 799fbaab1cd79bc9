import { Collection, type DocumentClient, type StoredDocument } from '@atelier/documents';
import type { Logger } from '@atelier/observability';
import type { ApiKey } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { alreadyExists, type CallOptions, Code, isRpcError } from '@atelier/rpc';
import { missing } from '../resources/not-found.ts';
import { type KeyRecord, keyCodec, knownKey } from './key-record.ts';
import type { KeyRing } from './key-ring.ts';

/** Pause before the watch is begun again after an error that the collection does not mend by itself. */
const WATCH_PAUSE_MS = 2_000;

/** API keys in storage. The ring of this process follows them, so that a revoked key is refused within seconds. */
export class KeyStore {
  readonly collection: Collection<KeyRecord>;
  readonly #ring: KeyRing;
  #isSynced = false;

  constructor(client: DocumentClient, ring: KeyRing) {
    this.collection = new Collection({ client, collection: 'api-keys', codec: keyCodec });
    this.#ring = ring;
  }

  /** Whether all keys were read at least once. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Keeps a new key. Its id is random, so that nobody else has it. */
  async create(record: KeyRecord, call?: CallOptions): Promise<void> {
    const { name, team } = record.apiKey;
    try {
      const expectedRevision = 0n;
      this.#learn(await this.collection.put(idOf(name), team, record, { expectedRevision }, call));
    } catch (error) {
      throw isRpcError(error, Code.ABORTED) ? alreadyExists(`${name} exists.`) : error;
    }
  }

  /** Changes a key; NOT_FOUND where there is none. `change` gives undefined to leave it, or throws. */
  async change(
    name: string,
    change: (record: KeyRecord) => KeyRecord | undefined,
    call?: CallOptions,
  ): Promise<ApiKey> {
    try {
      const stored = await this.collection.update(idOf(name), ({ value }) => change(value), call);
      this.#learn(stored);
      return stored.value.apiKey;
    } catch (error) {
      throw isRpcError(error, Code.NOT_FOUND) ? missing(name) : error;
    }
  }

  /** Follows the keys until the signal is aborted. */
  async follow(signal: AbortSignal, log: Logger): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const event of this.collection.watch({ signal })) {
          if (event.kind === 'document') this.#learn(event.document);
          else if (event.kind === 'deleted') this.#ring.delete(event.id);
          else if (event.kind === 'synced') this.#isSynced = true;
          else log.debug({ err: event.error }, 'keys cannot be followed; what is known stays good');
        }
      } catch (error) {
        log.warn({ err: error }, 'keys cannot be followed; what is known stays good');
      }
      await pause(WATCH_PAUSE_MS, signal);
    }
  }

  #learn({ id, value }: StoredDocument<KeyRecord>): void {
    const key = knownKey(value);
    if (key === undefined) this.#ring.delete(id);
    else this.#ring.set(key);
  }
}

function idOf(name: string): string {
  return name.slice('keys/'.length);
}

/** Ends early when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    timer.unref();
    signal.addEventListener('abort', end, { once: true });
  });
}
