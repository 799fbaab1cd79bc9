import { createMetrics } from '@atelier/observability';
import { ProbabilitySource } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { Priority } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { expect, test } from '@jest/globals';
import { noCost } from '../judges/costs.ts';
import type { AnsweredReply, Judge, JudgeAsk } from '../judges/judge.ts';
import { countingReplies, queueMetrics } from './metrics.ts';
import { WorkQueue } from './work-queue.ts';

const { signal } = new AbortController();

test('replies are counted by judge and kind', async () => {
  const metrics = createMetrics('evaluator');
  const answered: AnsweredReply = {
    kind: 'answered',
    pYes: 1,
    source: ProbabilitySource.REPEATED_ASKS,
    asks: 1,
    critique: '',
    finding: '',
    measured: {},
  };
  const judge: Judge = {
    instance: 'eye',
    type: 'scripted',
    version: '1',
    model: '',
    asks: 1,
    isPriced: true,
    capabilities: { checks: [], vision: true, logProbabilities: false },
    estimate: noCost,
    answer: async () => [answered, { ...answered, isKept: true }, answered, { kind: 'error', critique: '' }],
    [Symbol.asyncDispose]: async () => undefined,
  };
  await countingReplies(metrics)(judge).answer({} as JudgeAsk, signal);
  const text = await metrics.registry.metrics();
  for (const [kind, count] of [
    ['answered', 2],
    ['kept', 1],
    ['error', 1],
  ]) {
    expect(text).toMatch(new RegExp(`atelier_judge_replies_total{judge="eye@1",kind="${kind}".*} ${count}`));
  }
});

test('what runs and what waits is told', async () => {
  const metrics = createMetrics('evaluator');
  const queue = new WorkQueue({ concurrency: 1, maxWaiting: 5 });
  queueMetrics(metrics, queue);
  const gate = Promise.withResolvers<void>();
  const all = [1, 2, 3].map(() => queue.run(() => gate.promise, Priority.INTERACTIVE, signal));
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/atelier_evaluations{state="running".*} 1/);
  expect(text).toMatch(/atelier_evaluations{state="waiting".*} 2/);
  gate.resolve();
  await Promise.all(all);
});
