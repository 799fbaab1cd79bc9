import type { Logger } from '@atelier/observability';
import { type Usage, UsageReportSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type CallOptions, isRpcError } from '@atelier/rpc';
import type { CycleState } from '../cycle/state.ts';
import type { Transition } from '../cycle/transitions.ts';
import type { Progress } from '../events/event-log.ts';
import type { CycleWork } from './cycle-work.ts';
import type { EngineDeps, EngineSettings } from './ports.ts';
import { retrying } from './retrying.ts';

/** What a step sees of the cycle that it belongs to. */
export interface StepContext {
  readonly deps: Pick<EngineDeps, 'clients' | 'budgets' | 'now'>;
  readonly settings: EngineSettings;
  readonly work: CycleWork;
  readonly log: Logger;
  readonly state: () => CycleState;
  /** Journals a transition and applies it; resolves when it is durable. */
  readonly commit: (transition: Transition) => Promise<void>;
  readonly progress: (progress: Progress) => void;
  /** Marks the cycle as paused for a service, or as going on. */
  readonly setPaused: (step: string, service: string | undefined) => void;
  /** What every call of the cycle carries: a fresh principal, the request id and the trace of its making. */
  readonly callOptions: () => Pick<CallOptions, 'principal' | 'requestId' | 'trace'>;
  /** Aborted when this process gives the cycle up: a drain, or a loss of ownership. */
  readonly signal: AbortSignal;
  /** Aborted when the cycle is to stop as well. */
  readonly stopping: AbortSignal;
}

/** Which service a call goes to, and where in the cycle it belongs. */
export interface CallPlace {
  readonly step: string;
  readonly service: string;
  readonly round: number;
  /** Candidate, or -1 for the whole round. */
  readonly index: number;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** Is told what calls that failed used all the same. */
  readonly onUsage?: (usage: readonly Usage[]) => void;
  /** Is told where the signal cut off a call that was under way: what it used is not known then. */
  readonly onCutOff?: () => void;
}

/** What a call that failed used all the same, as its error tells. */
function reportedUsage(error: unknown): readonly Usage[] {
  return (isRpcError(error) && error.findDetail(UsageReportSchema)?.usage) || [];
}

/** What people are told while a step waits for a service: for one that is away, unless the failure says that it is full. */
export function pauseMessage(service: string, failure?: unknown): string {
  const isFull = isRpcError(failure) && FULL.has(failure.reason);
  return `The ${service} service is ${isFull ? 'full' : 'away'}; it goes on by itself.`;
}

const FULL: ReadonlySet<string> = new Set(['OVERLOADED', 'RATE_LIMITED']);

/** Calls an inner service in the caller's name, waiting for it while it is away. */
export async function callService<T>(
  context: StepContext,
  place: CallPlace,
  call: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const { settings, progress, setPaused, log } = context;
  const { service, round, index, signal, step, timeoutMs, onUsage, onCutOff } = place;
  const attempt = async () => {
    signal.throwIfAborted();
    try {
      return await call({ signal, ...context.callOptions(), ...(timeoutMs !== undefined && { timeoutMs }) });
    } catch (error) {
      const usage = reportedUsage(error);
      onUsage?.(usage);
      if (signal.aborted && usage.length === 0) onCutOff?.();
      throw error;
    }
  };
  return retrying(attempt, {
    signal,
    initialMs: settings.retryInitialMs,
    maxMs: settings.retryMaxMs,
    onPause: (err) => {
      // The service that was called may itself be waiting for another, and says so.
      const away = (isRpcError(err) && err.metadata.service) || service;
      log.debug({ err, service: away, step }, 'a step waits for its service');
      setPaused(step, away);
      progress({ round, index, phase: 'paused', message: pauseMessage(away, err) });
    },
    onResume: () => setPaused(step, undefined),
  });
}
