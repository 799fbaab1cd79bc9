import type { Logger } from '@atelier/observability';
import {
  type Generation,
  type GenerationEvent,
  GenerationSchema,
  GenerationState,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  CandidateFailureSchema,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { type CallOptions, unavailable } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { apply } from '../cycle/apply.ts';
import { next } from '../cycle/next.ts';
import { generationId, reservationId } from '../cycle/plan.ts';
import { type CycleState, isHalted } from '../cycle/state.ts';
import type { Step } from '../cycle/steps.ts';
import type { Transition } from '../cycle/transitions.ts';
import { toGeneration } from '../cycle/view.ts';
import { EventLog } from '../events/event-log.ts';
import type { Replayed } from '../events/replay.ts';
import { FencedError } from '../journal/cycle-journal.ts';
import { keepRecord, LedgerWriter } from './closing.ts';
import type { EngineDeps, EngineSettings } from './ports.ts';
import { retrying } from './retrying.ts';
import { runGenerate, settleImages } from './run-generate.ts';
import { runJudge } from './run-judge.ts';
import { runPrompt } from './run-prompt.ts';
import { pauseMessage, type StepContext } from './step-context.ts';

/** How a cycle is driven. */
export interface RunningCycleOptions {
  readonly deps: EngineDeps;
  readonly settings: EngineSettings;
  /** What the journal says so far. */
  readonly replayed: Replayed;
  readonly epoch: number;
  /** Whether it was taken up again, rather than just made: then its open record may be missing. */
  readonly isResumed: boolean;
}

/**
 * Drives one cycle: journals and applies transitions, and runs the steps that follow from the state, several at once where
 * they may. Everything it knows can be had from the journal again, at any moment.
 */
export class RunningCycle {
  readonly name: string;
  readonly events: EventLog;
  readonly #options: RunningCycleOptions;
  readonly #log: Logger;
  readonly #ledger: LedgerWriter;
  readonly #active = new Set<string>();
  readonly #paused = new Map<string, string>();
  /** Aborted when this process lets go of it. */
  readonly #abandoned = new AbortController();
  /** Aborted, besides, when it is to stop. */
  readonly #stopping = new AbortController();
  readonly #ended = Promise.withResolvers<Generation>();
  #state: CycleState;
  #final: readonly GenerationEvent[] = [];
  #tail: Promise<void> = Promise.resolve();
  #change = Promise.withResolvers<void>();
  #deadline: NodeJS.Timeout | undefined;
  #run: Promise<void> | undefined;

  constructor(options: RunningCycleOptions) {
    const { deps, replayed } = options;
    this.#options = options;
    this.#state = replayed.state;
    this.name = replayed.state.facts.name;
    this.#log = deps.log.child({ generation: this.name });
    this.#ledger = new LedgerWriter(deps.ledger, replayed.accepted.identity.keyId);
    this.events = new EventLog(this.name);
    this.#publish(replayed.events);
    this.#ended.promise.catch(() => undefined);
  }

  get state(): CycleState {
    return this.#state;
  }

  get isPending(): boolean {
    return this.#state.startMs === undefined && this.#state.stop === undefined;
  }

  /** The generation as it is now. */
  generation(): Generation {
    const generation = toGeneration(this.#state);
    if (this.#paused.size === 0 || generation.state !== GenerationState.RUNNING) return generation;
    return create(GenerationSchema, { ...generation, state: GenerationState.PAUSED });
  }

  /** The generation at its end, once its record is kept. Rejects UNAVAILABLE where this process lets go of it before. */
  ended(): Promise<Generation> {
    return this.#ended.promise;
  }

  /** Runs it to its end, or until it is let go. Never rejects. Calling it again gives the same end. */
  run(): Promise<void> {
    this.#run ??= this.#drive()
      .catch((err: unknown) => {
        if (!this.#abandoned.signal.aborted) this.#log.error({ err }, 'a cycle cannot go on in this process');
      })
      .finally(() => this.#letGo());
    return this.#run;
  }

  /** Makes it stop. What is paid for is cancelled at the provider, and what comes all the same is kept. */
  async requestStop(reason: StopReason, detail: string): Promise<void> {
    await this.#commit({ kind: 'stop_requested', timeMs: this.#now(), reason, detail });
    this.#stopping.abort();
  }

  /** Lets go of it: it goes on from its journal at the next start. */
  async abandon(): Promise<void> {
    this.#abandoned.abort();
    await this.#run;
    await this.#tail;
    this.#letGo();
  }

  #now(): number {
    return this.#options.deps.now();
  }

  #letGo(): void {
    clearTimeout(this.#deadline);
    this.#abandoned.abort();
    this.events.close();
    this.#ended.reject(
      unavailable('The server let go of the generation; it goes on by itself.', {
        reason: 'DRAINING',
        metadata: { generation: this.name },
      }),
    );
  }

  #publish(events: readonly GenerationEvent[]): void {
    // The end is told once its record is kept: whoever hears of it finds it.
    const isFinal = (event: GenerationEvent) => event.event.case === 'finished';
    this.#final = [...this.#final, ...events.filter(isFinal)];
    this.events.append(events.filter((event) => !isFinal(event)));
  }

  #commit(transition: Transition): Promise<void> {
    const committed = this.#tail.then(() => this.#commitNow(transition));
    this.#tail = committed.catch(() => undefined);
    return committed;
  }

  async #commitNow(transition: Transition): Promise<void> {
    if (this.#state.ending !== undefined) return;
    this.#abandoned.signal.throwIfAborted();
    await this.#options.deps.journal.append(generationId(this.name), this.#options.epoch, transition);
    const before = this.#state;
    const { state, events } = apply(before, transition);
    this.#state = state;
    this.#publish(events);
    if (closedRounds(state) > closedRounds(before)) {
      this.#ledger.flush(state).catch((err: unknown) => this.#log.debug({ err }, 'the ledger is told later'));
    }
    this.#wake();
  }

  #wake(): void {
    this.#change.resolve();
  }

  async #drive(): Promise<void> {
    this.#abandoned.signal.throwIfAborted();
    if (this.#options.isResumed) await this.#takeUp();
    this.#armDeadline();
    for (;;) {
      this.#abandoned.signal.throwIfAborted();
      this.#change = Promise.withResolvers();
      const following = next(this.#state);
      if (following.kind === 'ended') return this.#close();
      // What is under way ends first: nothing that it found or used may come after the end.
      if (following.kind === 'finish' && this.#active.size > 0) await this.#change.promise;
      else if (following.kind === 'finish') await this.#commit({ kind: 'finished', timeMs: this.#now() });
      else if (following.kind === 'wait') await this.#start();
      else {
        for (const step of following.steps) this.#begin(step);
        await this.#change.promise;
      }
    }
  }

  async #takeUp(): Promise<void> {
    const { state } = this;
    if (isHalted(state)) this.#stopping.abort();
    if (state.ending !== undefined) return;
    if (state.startMs === undefined)
      await this.#patiently((options) => keepRecord(this.#options.deps.clients, state, options));
    else await this.#commit({ kind: 'resumed', timeMs: this.#now() });
  }

  async #start(): Promise<void> {
    await this.#commit({ kind: 'started', timeMs: this.#now() });
    this.#armDeadline();
  }

  #armDeadline(): void {
    const { deadlineMs, ending } = this.#state;
    if (deadlineMs === undefined || ending !== undefined || this.#deadline !== undefined) return;
    this.#deadline = setTimeout(
      () => {
        this.requestStop(StopReason.MAX_DURATION, '').catch((err: unknown) =>
          this.#log.error({ err }, 'a cycle whose time is over could not be stopped'),
        );
      },
      Math.max(0, deadlineMs - this.#now()),
    );
  }

  #begin(step: Step): void {
    if (this.#active.has(step.id)) return;
    this.#active.add(step.id);
    this.#perform(step)
      .catch((error: unknown) => this.#onStepError(step, error))
      .catch((err: unknown) => {
        if (!this.#abandoned.signal.aborted)
          this.#log.error({ err, step: step.id }, 'a step cannot be ended');
        this.#abandoned.abort();
      })
      .finally(() => {
        this.#active.delete(step.id);
        this.#paused.delete(step.id);
        this.#wake();
      });
  }

  #perform(step: Step): Promise<void> {
    const context = this.#stepContext();
    switch (step.kind) {
      case 'prompt':
        return runPrompt(context, step);
      case 'generate':
        return runGenerate(context, step);
      case 'judge':
        return runJudge(context, step);
    }
  }

  /** A step that failed of a fault of ours ends the cycle, with what there is. */
  async #onStepError(step: Step, error: unknown): Promise<void> {
    if (this.#abandoned.signal.aborted) return;
    if (error instanceof FencedError) throw error;
    if (step.kind !== 'generate' && this.#stopping.signal.aborted) return;
    this.#log.error({ err: error, step: step.id }, 'a step failed');
    await this.#commit({
      kind: 'stop_requested',
      timeMs: this.#now(),
      reason: StopReason.INTERNAL,
      detail: '',
    });
    this.#stopping.abort();
    if (step.kind !== 'generate') return;
    const message = 'The platform failed while it was made.';
    const failure = create(CandidateFailureSchema, { class: FailureClass.UNKNOWN_OUTCOME, message });
    const { round, attempt } = step;
    await this.#commit({ kind: 'generate_ended', timeMs: this.#now(), round, attempt, failure });
    await settleImages(this.#stepContext(), step);
  }

  /** Keeps the ledger and the final record, puts the journal away, and tells of the end. */
  async #close(): Promise<void> {
    const { deps, epoch } = this.#options;
    const state = this.#state;
    try {
      // Where the first round never began, its budget is still reserved.
      await deps.budgets.release(reservationId(this.name, 0, 0));
      await this.#patiently(() => this.#ledger.flush(state));
      await this.#patiently((options) => keepRecord(deps.clients, state, options));
      await deps.journal.archive(generationId(this.name), epoch);
    } catch (err) {
      if (this.#abandoned.signal.aborted) throw err;
      // The journal stays: the next start tries again. The caller's images are there all the same.
      this.#log.error({ err }, 'the record of an ended generation could not be kept');
    }
    this.events.append(this.#final);
    this.events.close();
    this.#ended.resolve(toGeneration(state));
  }

  /** Calls storage, waiting for it while it is away. */
  #patiently(call: (options: CallOptions) => Promise<void>): Promise<void> {
    const { settings } = this.#options;
    const signal = this.#abandoned.signal;
    return retrying(() => call({ ...this.#callOptions(), signal }), {
      signal,
      initialMs: settings.retryInitialMs,
      maxMs: settings.retryMaxMs,
      onPause: (err) => {
        this.#log.debug({ err }, 'a generation waits for storage');
        this.#paused.set('record', 'storage');
        this.events.progress(
          { round: 0, index: -1, phase: 'paused', message: pauseMessage('storage') },
          this.#now(),
        );
      },
      onResume: () => this.#paused.delete('record'),
    });
  }

  #callOptions() {
    const { deps, replayed } = this.#options;
    const { identity, origin } = replayed.accepted;
    return { principal: deps.signPrincipal(identity), ...origin };
  }

  #stepContext(): StepContext {
    const { deps, settings, replayed } = this.#options;
    return {
      deps,
      settings,
      work: replayed.accepted.work,
      log: this.#log,
      state: () => this.#state,
      commit: (transition) => this.#commit(transition),
      progress: (progress) => this.events.progress(progress, this.#now()),
      setPaused: (step, service) => {
        if (service === undefined) this.#paused.delete(step);
        else this.#paused.set(step, service);
      },
      callOptions: () => this.#callOptions(),
      signal: this.#abandoned.signal,
      stopping: AbortSignal.any([this.#abandoned.signal, this.#stopping.signal]),
    };
  }
}

function closedRounds(state: CycleState): number {
  return state.rounds.filter((round) => round.closed).length;
}
