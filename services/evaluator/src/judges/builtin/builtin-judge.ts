import type { Logger } from '@atelier/observability';
import { CostBasis, type Usage, UsageKind, UsageSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { ProbabilitySource } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { create } from '@bufbuild/protobuf';
import { Piscina } from 'piscina';
import { checks, ImageError } from '../../checks/index.ts';
import type { ImageErrorCode } from '../../pixels/image-error.ts';
import { noCost } from '../costs.ts';
import type { Judge, JudgeAsk, JudgeReply } from '../judge.ts';
import type { CheckOutcome, CheckTask, CheckTaskResult } from './task.ts';

/** Raised with every change of a check that can change an answer. */
const VERSION = '1';

/** How the builtin judge is run. */
export interface BuiltinOptions {
  readonly instance: string;
  /** Threads. Each keeps about 150 MB once it has read text. */
  readonly workers: number;
  readonly log: Logger;
}

/** A thread that dies is replaced; the task that it died on is tried once more, since another task may have killed it. */
const ATTEMPTS = 2;

/** Measures pixels and reads text, in threads of its own. It answers typed checks alone, and costs nothing. */
export function builtinJudge({ instance, workers, log }: BuiltinOptions): Judge {
  const pool = new Piscina({
    filename: new URL('./worker.ts', import.meta.url).href,
    minThreads: 1,
    maxThreads: workers,
    // A call may wait behind others; how many may wait is decided before it gets here.
    maxQueue: Number.POSITIVE_INFINITY,
    // The thread runs sources, as everything here does.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  return {
    instance,
    type: 'builtin',
    version: VERSION,
    model: '',
    asks: 0,
    isPriced: true,
    estimate: noCost,
    capabilities: { checks: [...checks.keys()], vision: false, logProbabilities: false },
    async answer(ask, signal) {
      const task = taskOf(ask);
      for (let attempt = 1; ; attempt += 1) {
        try {
          const replies = repliesOf((await pool.run(task, { signal })) as CheckTaskResult);
          ask.spend([usageOf(ask.questions.length, instance)]);
          return replies;
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof ImageError) throw error;
          log.warn({ err: error, attempt }, 'a judging thread failed');
          if (attempt >= ATTEMPTS) return failed(ask);
        }
      }
    },
    async [Symbol.asyncDispose]() {
      await pool.destroy();
    },
  };
}

function taskOf({ image, references, questions }: JudgeAsk): CheckTask {
  return {
    image,
    references: references.map(({ sha256, bytes }) => ({ sha256, bytes })),
    checks: questions.map(({ check }) => ({ kind: check?.kind ?? '', parameters: check?.parameters ?? {} })),
  };
}

function repliesOf(result: CheckTaskResult): JudgeReply[] {
  if (result.kind === 'bad-image') {
    const which = result.reference === undefined ? '' : `Reference image ${result.reference + 1}: `;
    throw new ImageError(result.code as ImageErrorCode, `${which}${result.message}`);
  }
  return result.outcomes.map(replyOf);
}

function replyOf(outcome: CheckOutcome): JudgeReply {
  if (outcome.kind === 'failed') return { kind: 'error', critique: `The check failed: ${outcome.message}` };
  const { pYes, canJudge, critique, finding, measured } = outcome;
  if (!canJudge) return { kind: 'cannot-judge', critique: finding || critique, measured };
  return { kind: 'answered', pYes, source: ProbabilitySource.MEASURED, asks: 1, critique, finding, measured };
}

function failed(ask: JudgeAsk): JudgeReply[] {
  return ask.questions.map(() => ({
    kind: 'error',
    critique: 'The check could not be run on this machine.',
  }));
}

/** Its work is part of the evaluator's own cost, so that the price is known to be nothing. */
function usageOf(questions: number, instance: string): Usage {
  return create(UsageSchema, {
    kind: UsageKind.JUDGE,
    model: `judges/${instance}@${VERSION}`,
    units: questions,
    unit: 'question',
    unitPriceMicroUsd: 0,
    priceVersion: `builtin@${VERSION}`,
    cost: { microUsd: 0n, basis: CostBasis.ACTUAL },
  });
}
