import { Counter, Gauge, Histogram, type Metrics } from '@atelier/observability';
import { OutcomeSchema, StopReasonSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { DescEnum } from '@bufbuild/protobuf';
import { type CycleState, isControl } from '../cycle/state.ts';

/** What is measured of cycles. */
export interface CycleMetrics {
  /** Tells of a cycle that ended. */
  ended(state: CycleState): void;
  setLoad(running: number, pending: number): void;
}

const SECONDS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/** Registers the metrics of cycles; without a registry nothing is measured. */
export function cycleMetrics(metrics: Metrics | undefined): CycleMetrics {
  if (metrics === undefined) return { ended: () => undefined, setLoad: () => undefined };
  const registers = [metrics.registry];
  const ended = new Counter({
    name: 'atelier_cycles_total',
    help: 'Cycles that ended, by outcome and by why they stopped.',
    labelNames: ['outcome', 'stop_reason'],
    registers,
  });
  const seconds = new Histogram({
    name: 'atelier_cycle_seconds',
    help: 'Time from the acceptance of a generation to its end.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  });
  const rounds = new Histogram({
    name: 'atelier_cycle_rounds',
    help: 'Rounds of cycles that ended.',
    labelNames: ['outcome'],
    buckets: [0, 1, 2, 3, 4, 5, 6, 8, 10],
    registers,
  });
  const load = new Gauge({
    name: 'atelier_cycles',
    help: 'Cycles that run, and those that wait for their turn.',
    labelNames: ['state'],
    registers,
  });
  return {
    ended: (state) => {
      if (state.ending === undefined) return;
      const outcome = nameOf(OutcomeSchema, state.ending.outcome);
      ended.inc({ outcome, stop_reason: nameOf(StopReasonSchema, state.ending.reason) });
      seconds.observe({ outcome }, (state.ending.timeMs - state.createMs) / 1000);
      rounds.observe({ outcome }, state.rounds.filter((round) => !isControl(round)).length);
    },
    setLoad: (running, pending) => {
      load.set({ state: 'running' }, running);
      load.set({ state: 'pending' }, pending);
    },
  };
}

function nameOf(schema: DescEnum, value: number): string {
  return schema.value[value]?.localName.toLowerCase() ?? 'unknown';
}
