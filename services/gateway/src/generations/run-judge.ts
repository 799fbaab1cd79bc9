import { type Usage, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type Answer, AnswerSchema } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { Code, isRpcError } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import type { JudgeStep } from '../cycle/steps.ts';
import type { CycleWork } from './cycle-work.ts';
import { evaluateRequest } from './requests.ts';
import { cutOffUsage, type PaidStep, reserveStep, settleStep } from './reserve-step.ts';
import { CALL_TIMEOUT_MS } from './settings.ts';
import { callService, type StepContext } from './step-context.ts';

/** Has a candidate looked at. What the evaluator cannot judge for good is kept as such: it is never a pass. */
export async function runJudge(context: StepContext, step: JudgeStep): Promise<void> {
  const { deps, work, commit, progress, signal, stopping, state } = context;
  const { plan } = state();
  const { look } = step;
  const { round, index } = step.candidate;
  const estimate = look === 'held-out' ? plan.heldOutEstimate : plan.judgeEstimate;
  const paid: PaidStep = { step: step.id, who: 'judging', round, index, estimate };
  if (!(await reserveStep(context, paid))) return;
  progress({ round, index, phase: 'judging' });
  const lost: Usage[] = [];
  const place = {
    step: step.id,
    service: 'evaluator',
    round,
    index,
    signal: stopping,
    timeoutMs: CALL_TIMEOUT_MS.judge,
    onUsage: (usage: readonly Usage[]) => lost.push(...usage),
    onCutOff: () => lost.push(...cutOffUsage(paid, UsageKind.JUDGE)),
  };
  const request = evaluateRequest(work, plan, step);
  const commonOf = (usage: readonly Usage[]) => ({ timeMs: deps.now(), round, index, look, usage });
  try {
    const judged = await callService(context, place, (options) =>
      deps.clients.evaluator.evaluateImage(request, options),
    );
    const { score, warnings } = judged;
    const answers = judged.answers.map((answer) => withAsker(answer, work));
    const usage = [...lost, ...judged.usage];
    const failure = score === undefined || answers.length === 0 ? 'the evaluator gave no answers' : '';
    await settleStep(context, paid, usage);
    const common = { ...commonOf(usage), answers, warnings, failure };
    await commit({ kind: 'candidate_judged', ...common, score: failure === '' ? score : undefined });
  } catch (error) {
    const cutOff = stopping.aborted;
    // Let go of by this process alone: the next owner has it looked at again.
    if (signal.aborted || !(cutOff || isRpcError(error))) throw error;
    await settleStep(context, paid, lost);
    const nothing = { answers: [], score: undefined, warnings: [] };
    if (cutOff) {
      const failure = 'it was stopped first';
      await commit({ kind: 'candidate_judged', ...commonOf(lost), failure, ...nothing, cutOff });
      return;
    }
    const failure =
      isRpcError(error) && error.code !== Code.INTERNAL ? error.message : 'the evaluator failed';
    await commit({ kind: 'candidate_judged', ...commonOf(lost), failure, ...nothing });
  }
}

/** The evaluator is not told whose questions it is given. */
function withAsker(answer: Answer, { askedBy, rubric }: CycleWork): Answer {
  // A journal of an earlier version does not say who asks.
  if (askedBy === undefined) return answer;
  const { questionId } = answer;
  const own = Object.hasOwn(askedBy, questionId) ? askedBy[questionId] : undefined;
  return create(AnswerSchema, { ...answer, askedBy: own ?? rubric });
}
