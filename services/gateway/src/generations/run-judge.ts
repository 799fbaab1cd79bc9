import { Code, isRpcError } from '@atelier/rpc';
import type { JudgeStep } from '../cycle/steps.ts';
import { evaluateRequest } from './requests.ts';
import { CALL_TIMEOUT_MS } from './settings.ts';
import { settleUsage } from './settle.ts';
import { callService, type StepContext } from './step-context.ts';

/** Has a candidate judged. What the evaluator cannot judge for good is kept as such: it is never a pass. */
export async function runJudge(context: StepContext, step: JudgeStep): Promise<void> {
  const { deps, work, commit, progress, stopping } = context;
  const { round, index } = step.candidate;
  progress({ round, index, phase: 'judging' });
  const place = {
    step: step.id,
    service: 'evaluator',
    round,
    index,
    signal: stopping,
    timeoutMs: CALL_TIMEOUT_MS.judge,
  };
  const request = evaluateRequest(work, step.candidate);
  try {
    const judged = await callService(context, place, (options) =>
      deps.clients.evaluator.evaluateImage(request, options),
    );
    const { answers, score, usage, warnings } = judged;
    const failure = score === undefined || answers.length === 0 ? 'the evaluator gave no answers' : '';
    await settleUsage(context, `judge/${round}/${index}`, usage);
    const common = { timeMs: deps.now(), round, index, answers, usage, warnings, failure };
    await commit({ kind: 'candidate_judged', ...common, score: failure === '' ? score : undefined });
  } catch (error) {
    if (stopping.aborted || !isRpcError(error)) throw error;
    const failure = error.code === Code.INTERNAL ? 'the evaluator failed' : error.message;
    const nothing = { answers: [], score: undefined, usage: [], warnings: [] };
    await commit({ kind: 'candidate_judged', timeMs: deps.now(), round, index, failure, ...nothing });
  }
}
