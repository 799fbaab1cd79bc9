import {
  type Generation,
  GenerationSchema,
  GenerationState,
  Outcome,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { FINAL_REVISION } from '../cycle/view.ts';
import type { EngineDeps, EngineSettings } from './ports.ts';
import { retrying } from './retrying.ts';
import { CALL_TIMEOUT_MS } from './settings.ts';

const PAGE_SIZE = 200;

/** What ending lost generations needs. */
export interface LostOptions {
  readonly deps: Pick<EngineDeps, 'clients' | 'log' | 'now'>;
  readonly settings: EngineSettings;
  /** Whether somebody has a journal of the generation. */
  readonly isKnown: (name: string) => boolean;
  /** Only what was accepted before this moment, in milliseconds since 1970: later ones are being accepted now. */
  readonly beforeMs: number;
  readonly signal: AbortSignal;
}

/**
 * Ends every generation that was recorded as accepted and of which no journal is left: FAILED, COORDINATION_LOST. It is
 * never run again, since nobody knows what of it was paid for. Waits for storage while it is away.
 */
export async function endLost(options: LostOptions): Promise<void> {
  const { deps, isKnown, beforeMs } = options;
  let pageToken = '';
  do {
    const query = { state: GenerationState.PENDING, oldestFirst: true, pageSize: PAGE_SIZE, pageToken };
    const page = await patiently(options, () =>
      deps.clients.records.listGenerationRecords(query, call(options)),
    );
    for (const { name, createTime } of page.generations) {
      const isEarlier = createTime !== undefined && timestampMs(createTime) < beforeMs;
      if (isEarlier && !isKnown(name)) await patiently(options, () => endOne(options, name));
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}

function call({ signal }: LostOptions) {
  return { signal, timeoutMs: CALL_TIMEOUT_MS.record };
}

async function endOne(options: LostOptions, name: string): Promise<void> {
  const { records } = options.deps.clients;
  const { generation } = await records.getGenerationRecord({ name }, call(options));
  // The index may be behind the records.
  if (generation === undefined || generation.state === GenerationState.ENDED) return;
  const value = asLost(generation, options.deps.now());
  await records.appendRecords({ records: [{ record: { case: 'generation', value } }] }, call(options));
  options.deps.log.warn({ generation: name }, 'a generation without a journal was ended');
}

function asLost(generation: Generation, nowMs: number): Generation {
  return create(GenerationSchema, {
    ...generation,
    state: GenerationState.ENDED,
    outcome: Outcome.FAILED,
    stopReason: StopReason.COORDINATION_LOST,
    message: 'Its coordination data was lost, so that it cannot be gone on with.',
    endTime: timestampFromMs(nowMs),
    lastEventNumber: generation.lastEventNumber + 1n,
    revision: FINAL_REVISION,
  });
}

function patiently<T>({ settings, signal, deps }: LostOptions, step: () => Promise<T>): Promise<T> {
  return retrying(step, {
    signal,
    initialMs: settings.retryInitialMs,
    maxMs: settings.retryMaxMs,
    onPause: (err) => deps.log.debug({ err }, 'lost generations are looked for later'),
    onResume: () => undefined,
  });
}
