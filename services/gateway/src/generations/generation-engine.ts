import {
  type Generation,
  type GenerationEvent,
  type GenerationRequest,
  GenerationState,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type {
  ListGenerationsRequest,
  ListGenerationsResponse,
  PreviewGenerationRequest,
  PreviewGenerationResponse,
} from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import {
  aborted,
  type CallContext,
  Code,
  isRpcError,
  overloaded,
  race,
  requirePrincipal,
  unavailable,
} from '@atelier/rpc';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { v7 as uuidv7 } from 'uuid';
import { generationId } from '../cycle/plan.ts';
import { EventLog } from '../events/event-log.ts';
import { eventsFromRecord, replay } from '../events/replay.ts';
import { bodyHash } from './body-hash.ts';
import { acceptGeneration } from './create-generation.ts';
import { cycleMetrics } from './cycle-metrics.ts';
import { listGenerations } from './listing.ts';
import { endLost } from './lost.ts';
import type { CreatedGeneration, EngineDeps, EngineSettings, GenerationEngine } from './ports.ts';
import { previewGeneration } from './preview.ts';
import { calling } from './rebase-error.ts';
import { RunningCycle } from './running-cycle.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { withSignedUrls } from './signed-results.ts';
import { requireVisible } from './visibility.ts';

/** Ended generations whose events are kept at hand for those who watch late. */
const ENDED_KEPT = 256;

/** After how long a server that is full may be asked again, in milliseconds. */
const PUSHBACK_MS = 1_000;

interface EndedCycle {
  readonly events: EventLog;
  readonly team: string;
  readonly project: string;
}

/** Makes the engine. It runs nothing before `resume` or `create`. */
export function createGenerationEngine(deps: EngineDeps): GenerationEngine {
  return new Engine(deps);
}

class Engine implements GenerationEngine {
  readonly #deps: EngineDeps;
  readonly #settings: EngineSettings;
  readonly #metrics: ReturnType<typeof cycleMetrics>;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #live = new Map<string, RunningCycle>();
  readonly #creating = new Map<string, Promise<RunningCycle>>();
  readonly #ended = new LRUCache<string, EndedCycle>({ max: ENDED_KEPT });
  readonly #draining = new AbortController();
  #drained: Promise<void> | undefined;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#settings = { ...DEFAULT_SETTINGS, ...deps.settings };
    this.#metrics = cycleMetrics(deps.metrics);
    this.#limit = pLimit(this.#settings.maxRunning);
  }

  async create(request: GenerationRequest, ctx: CallContext): Promise<CreatedGeneration> {
    const fresh = `generations/${uuidv7()}`;
    const { team } = requirePrincipal(ctx);
    const { requestId } = request;
    if (requestId === '') return this.#createNew(fresh, request, ctx);
    const { idempotency } = this.#deps;
    const claim = { team, requestId, bodyHash: bodyHash(request), name: fresh };
    const earlier = await idempotency.claim(claim);
    const existing = earlier === undefined ? undefined : await this.#findExisting(earlier, ctx);
    if (existing !== undefined) return { generation: existing, existing: true };
    // A name that was claimed and never came to be, since its process died, is used after all.
    const name = earlier ?? fresh;
    try {
      return await this.#createNew(name, request, ctx);
    } catch (error) {
      await idempotency.forget({ team, requestId, name });
      throw error;
    }
  }

  async #findExisting(name: string, ctx: CallContext): Promise<Generation | undefined> {
    try {
      const creating = this.#creating.get(name);
      if (creating !== undefined) return (await creating).generation();
      return await this.get(name, ctx);
    } catch (error) {
      if (isRpcError(error, Code.NOT_FOUND)) return undefined;
      throw error;
    }
  }

  async #createNew(name: string, request: GenerationRequest, ctx: CallContext): Promise<CreatedGeneration> {
    this.#refuseWhenFull();
    const creating = acceptGeneration(this.#deps, this.#settings, name, request, ctx);
    this.#creating.set(name, creating);
    try {
      const cycle = await creating;
      const generation = cycle.generation();
      this.#schedule(cycle);
      return { generation, existing: false };
    } finally {
      this.#creating.delete(name);
    }
  }

  #refuseWhenFull(): void {
    if (this.#draining.signal.aborted)
      throw unavailable('The server is shutting down.', { reason: 'DRAINING' });
    const load = this.#live.size + this.#creating.size;
    if (load < this.#settings.maxRunning + this.#settings.maxPending) return;
    throw overloaded('Too many generations are waiting.', PUSHBACK_MS);
  }

  #schedule(cycle: RunningCycle): void {
    this.#live.set(cycle.name, cycle);
    // A drain that came in between lets go of it at once; its journal is there.
    if (this.#draining.signal.aborted) void cycle.abandon().then(() => this.#live.delete(cycle.name));
    else void this.#limit(() => this.#run(cycle));
    this.#measureLoad();
  }

  async #run(cycle: RunningCycle): Promise<void> {
    this.#measureLoad();
    await cycle.run();
    if (!this.#live.delete(cycle.name)) return;
    const { facts, ending } = cycle.state;
    if (ending !== undefined) {
      const owner = { team: facts.team, project: facts.request.project };
      this.#ended.set(cycle.name, { events: cycle.events, ...owner });
      this.#metrics.ended(cycle.state);
    }
    this.#measureLoad();
  }

  #measureLoad(): void {
    this.#metrics.setLoad(this.#limit.activeCount, this.#limit.pendingCount);
  }

  #findLive(name: string, ctx: CallContext): RunningCycle | undefined {
    const cycle = this.#live.get(name);
    if (cycle === undefined) return undefined;
    const { facts } = cycle.state;
    requireVisible(name, { team: facts.team, project: facts.request.project }, ctx);
    return cycle;
  }

  async get(name: string, ctx: CallContext): Promise<Generation> {
    return this.#findLive(name, ctx)?.generation() ?? this.#recorded(name, ctx);
  }

  async #recorded(name: string, ctx: CallContext): Promise<Generation> {
    const { generation } = await calling(
      'storage',
      this.#deps.clients.records.getGenerationRecord({ name }, ctx),
    );
    if (generation === undefined) throw new Error(`GetGenerationRecord gave nothing for ${name}`);
    requireVisible(name, { team: generation.team, project: generation.request?.project ?? '' }, ctx);
    return generation;
  }

  list(request: ListGenerationsRequest, ctx: CallContext): Promise<ListGenerationsResponse> {
    const live = (name: string) => this.#live.get(name)?.generation();
    return listGenerations(this.#deps.clients, live, request, ctx);
  }

  async *watch(name: string, afterNumber: bigint, ctx: CallContext): AsyncGenerator<GenerationEvent> {
    const log = await this.#eventsOf(name, ctx);
    let isFinished = false;
    for await (const event of log.read(afterNumber, AbortSignal.any([ctx.signal, ctx.draining]))) {
      isFinished = event.event.case === 'finished';
      yield event;
    }
    if (isFinished || ctx.signal.aborted || this.#hasEnded(log, afterNumber)) return;
    throw unavailable('The server is shutting down; watch again from the last number.', {
      reason: 'DRAINING',
      metadata: { generation: name },
    });
  }

  /** Whether the log is complete, so that a reader who starts behind its end has seen everything. */
  #hasEnded(log: EventLog, afterNumber: bigint): boolean {
    const last = log.events.at(-1);
    return last?.event.case === 'finished' && last.number <= afterNumber;
  }

  async #eventsOf(name: string, ctx: CallContext): Promise<EventLog> {
    const live = this.#findLive(name, ctx);
    if (live !== undefined) return live.events;
    const kept = this.#ended.get(name);
    if (kept !== undefined) {
      requireVisible(name, kept, ctx);
      return kept.events;
    }
    const generation = await this.#recorded(name, ctx);
    const entries = await this.#deps.journal.archived(generationId(name));
    const replayed = entries === undefined ? undefined : replay(entries);
    const log = new EventLog(name);
    if (replayed !== undefined) log.append(replayed.events);
    else if (generation.state === GenerationState.ENDED) log.append(eventsFromRecord(generation));
    else throw lost(name);
    log.close();
    return log;
  }

  async wait(name: string, ctx: CallContext): Promise<Generation> {
    const cycle = this.#findLive(name, ctx);
    if (cycle !== undefined) return race(cycle.ended(), ctx.signal);
    const generation = await this.#recorded(name, ctx);
    if (generation.state !== GenerationState.ENDED) throw lost(name);
    return generation;
  }

  async cancel(name: string, reason: string, ctx: CallContext): Promise<Generation> {
    const cycle = this.#findLive(name, ctx);
    if (cycle === undefined) return this.#recorded(name, ctx);
    const wasPending = cycle.isPending;
    await cycle.requestStop(StopReason.CANCELLED, reason);
    // One that waits for its turn need not wait for it in order to end.
    if (wasPending) void this.#run(cycle);
    return cycle.generation();
  }

  preview(request: PreviewGenerationRequest, ctx: CallContext): Promise<PreviewGenerationResponse> {
    return previewGeneration(this.#deps, this.#settings, request, ctx);
  }

  withUrls(generation: Generation, ctx: CallContext): Promise<Generation> {
    return withSignedUrls(this.#deps.clients, generation, ctx);
  }

  async resume(): Promise<void> {
    const beforeMs = this.#deps.now();
    const unfinished = await this.#deps.journal.unfinished();
    for (const id of unfinished) {
      if (this.#draining.signal.aborted || this.#live.has(`generations/${id}`)) continue;
      try {
        await this.#takeUp(id);
      } catch (err) {
        this.#deps.log.error({ err, generation: `generations/${id}` }, 'a journal could not be taken up');
      }
    }
    this.#endLost(unfinished, beforeMs);
  }

  /** Not awaited: nothing waits for it, and storage may be away for long. */
  #endLost(unfinished: readonly string[], beforeMs: number): void {
    if (!this.#deps.journal.isSole) return;
    const journaled = new Set(unfinished.map((id) => `generations/${id}`));
    const isKnown = (name: string) => journaled.has(name) || this.#live.has(name);
    const { signal } = this.#draining;
    endLost({ deps: this.#deps, settings: this.#settings, isKnown, beforeMs, signal }).catch(
      (err: unknown) => {
        if (!signal.aborted) this.#deps.log.error({ err }, 'lost generations could not be looked for');
      },
    );
  }

  async #takeUp(id: string): Promise<void> {
    const { journal } = this.#deps;
    const claimed = await journal.claim(id);
    if (claimed === undefined) return;
    const { epoch, entries } = claimed;
    const replayed = replay(entries);
    // Its process died before the acceptance was journaled, and so before anybody was told of it.
    if (replayed === undefined) return journal.discard(id, epoch);
    const options = { deps: this.#deps, settings: this.#settings, replayed, epoch, isResumed: true };
    this.#schedule(new RunningCycle(options));
  }

  drain(graceMs = 0): Promise<void> {
    this.#drained ??= this.#drain(graceMs);
    return this.#drained;
  }

  async #drain(graceMs: number): Promise<void> {
    this.#draining.abort();
    const creating = Promise.allSettled(this.#creating.values());
    if (graceMs > 0)
      await within(Promise.allSettled([...this.#live.values()].map((cycle) => cycle.ended())), graceMs);
    this.#limit.clearQueue();
    await Promise.all([...this.#live.values()].map((cycle) => cycle.abandon()));
    await creating;
    await Promise.all([...this.#live.values()].map((cycle) => cycle.abandon()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drain();
  }
}

/** Neither running here nor ended: what coordinated it is gone. */
function lost(name: string): Error {
  return aborted(`${name} did not end, and nothing runs it any more.`, {
    reason: 'COORDINATION_LOST',
    metadata: { resource: name },
  });
}

async function within(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}
