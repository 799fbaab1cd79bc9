import type { CallOptions } from '@atelier/rpc';
import { Code, isRpcError } from '@atelier/rpc';
import type { CycleState } from '../cycle/state.ts';
import { toGeneration } from '../cycle/view.ts';
import type { EngineDeps } from './ports.ts';
import { CALL_TIMEOUT_MS } from './settings.ts';
import { usageEvents } from './usage-events.ts';

/** Most events in one append, below the limit of AppendRecords. */
const MAX_EVENTS = 400;

/** Tells the ledger of the usage of one generation, each part of it once while all goes well. */
export class LedgerWriter {
  readonly #ledger: EngineDeps['ledger'];
  readonly #keyId: string;
  #written = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(ledger: EngineDeps['ledger'], keyId: string) {
    this.#ledger = ledger;
    this.#keyId = keyId;
  }

  /** Appends what the ledger was not told yet. Rejects while it cannot; then the next call tells it again. */
  flush(state: CycleState): Promise<void> {
    const flushed = this.#tail.then(() => this.#flush(state));
    this.#tail = flushed.catch(() => undefined);
    return flushed;
  }

  async #flush(state: CycleState): Promise<void> {
    const events = usageEvents(state, this.#keyId);
    while (this.#written < events.length) {
      const part = events.slice(this.#written, this.#written + MAX_EVENTS);
      await this.#ledger.record(part);
      this.#written += part.length;
    }
  }
}

/** Keeps the record of a generation as it is now. A record of a higher revision stands, and this one is moot. */
export async function keepRecord(
  clients: Pick<EngineDeps['clients'], 'records'>,
  state: CycleState,
  options: CallOptions,
): Promise<void> {
  const records = [{ record: { case: 'generation' as const, value: toGeneration(state) } }];
  try {
    await clients.records.appendRecords({ records }, { timeoutMs: CALL_TIMEOUT_MS.record, ...options });
  } catch (error) {
    if (!isRpcError(error, Code.ABORTED)) throw error;
  }
}
