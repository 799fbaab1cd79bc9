import { Counter, Gauge, type Metrics } from '@atelier/observability';
import { type Judge, type JudgeReply, judgeName } from '../judges/judge.ts';
import type { WorkQueue } from './work-queue.ts';

/**
 * `atelier_evaluations`: evaluations by state, running or waiting. Where some wait all the time, there are too few replicas or
 * too few places.
 */
export function queueMetrics({ registry }: Metrics, queue: WorkQueue): void {
  new Gauge({
    name: 'atelier_evaluations',
    help: 'Evaluations that run and that wait.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'running' }, queue.running);
      this.set({ state: 'waiting' }, queue.waiting);
    },
  });
}

/** `atelier_judge_replies_total`: replies by judge and kind: answered, kept, cannot-judge, error. */
export function countingReplies({ registry }: Metrics): (judge: Judge) => Judge {
  const replies = new Counter({
    name: 'atelier_judge_replies_total',
    help: 'Replies of judges to single questions.',
    labelNames: ['judge', 'kind'],
    registers: [registry],
  });
  const kindOf = (reply: JudgeReply) =>
    reply.kind === 'answered' && reply.isKept === true ? 'kept' : reply.kind;
  return (judge) => ({
    ...judge,
    async answer(ask, signal) {
      const given = await judge.answer(ask, signal);
      for (const reply of given) replies.inc({ judge: judgeName(judge), kind: kindOf(reply) });
      return given;
    },
  });
}
