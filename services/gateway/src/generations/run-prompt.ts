import { type Usage, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { Code, isRpcError } from '@atelier/rpc';
import { promptBound } from '../cycle/costs.ts';
import { refinement } from '../cycle/refinement.ts';
import { findCandidate } from '../cycle/state.ts';
import type { PromptStep } from '../cycle/steps.ts';
import type { PromptFailed } from '../cycle/transitions.ts';
import { imageRequest, targetFor } from './requests.ts';
import { cutOffUsage, type PaidStep, reserveStep, settleStep } from './reserve-step.ts';
import { CALL_TIMEOUT_MS } from './settings.ts';
import { type CallPlace, callService, type StepContext } from './step-context.ts';

interface Written {
  readonly prompt: Prompt;
  readonly rationale: string;
  readonly usage: readonly Usage[];
  readonly warnings: readonly string[];
}

/** Has the prompt of a round written, and translated for its model. */
export async function runPrompt(context: StepContext, step: PromptStep): Promise<void> {
  const { deps, commit, progress } = context;
  const { round, attempt, how } = step.wanted;
  const paid = paidStep(context, step);
  if (!(await reserveStep(context, paid))) return;
  progress({ round, index: -1, phase: how === 'refine' ? 'refining' : 'prompting' });
  const lost: Usage[] = [];
  const failed = (why: PromptFailed['why'], error: unknown, usage: readonly Usage[]) =>
    commit({ kind: 'prompt_failed', timeMs: deps.now(), round, attempt, why, message: words(error), usage });
  let written: Written;
  try {
    written = await write(context, step, {
      onUsage: (usage) => lost.push(...usage),
      onCutOff: () => lost.push(...cutOffUsage(paid, kindOf(step))),
    });
  } catch (error) {
    // Let go of by this process alone: the next owner has it written again.
    if (context.signal.aborted) throw error;
    await settleStep(context, paid, lost);
    const why = isRpcError(error) && error.reason === 'CANNOT_REFINE' ? 'cannot_refine' : 'fault';
    return failed(why, error, lost);
  }
  const usage = [...lost, ...written.usage];
  await settleStep(context, paid, usage);
  try {
    const { receipt, estimate, nativeRequests } = await translate(context, step, written.prompt);
    await commit({
      kind: 'prompt_ready',
      timeMs: deps.now(),
      round,
      attempt,
      ...written,
      usage,
      receipt,
      estimate,
      nativeRequests,
    });
  } catch (error) {
    if (context.signal.aborted || !(context.stopping.aborted || isRpcError(error))) throw error;
    return failed('model', error, usage);
  }
}

function paidStep({ state }: StepContext, { id, wanted }: PromptStep): PaidStep {
  const estimate = promptBound(state().plan, wanted);
  return { step: id, who: 'the prompt writer', round: wanted.round, index: -1, estimate };
}

/** How what is lost of calls is told. */
type Losses = Pick<CallPlace, 'onUsage' | 'onCutOff'>;

function kindOf({ wanted }: PromptStep): UsageKind {
  return wanted.how === 'refine' ? UsageKind.REFINE : UsageKind.EXPAND;
}

function placeOf(step: PromptStep, context: StepContext, service: string, timeoutMs: number): CallPlace {
  return { step: step.id, service, round: step.wanted.round, index: -1, signal: context.stopping, timeoutMs };
}

async function write(context: StepContext, step: PromptStep, losses: Losses): Promise<Written> {
  const { how, reuse } = step.wanted;
  if (how === 'reuse' && reuse !== undefined)
    return { prompt: reuse, rationale: '', usage: [], warnings: [] };
  const from = how === 'refine' ? refinement(context.state(), step.wanted) : undefined;
  return from === undefined ? writeFirst(context, step, losses) : refine(context, step, from, losses);
}

async function writeFirst(context: StepContext, step: PromptStep, losses: Losses): Promise<Written> {
  const { work, deps, state } = context;
  const { plan, facts } = state();
  const { target } = targetFor(work, step.wanted.model);
  const { template, forbiddenTerms = [] } = work;
  const request = { template, brief: facts.request.brief, target, forbiddenTerms: [...forbiddenTerms] };
  const place = { ...placeOf(step, context, 'prompt-template', CALL_TIMEOUT_MS.prompt), ...losses };
  const { prompt, usage, warnings } = await callService(context, place, async (options) => {
    if (plan.writer === 'expand') return deps.clients.prompt.expandPrompt(request, options);
    return { ...(await deps.clients.prompt.renderPrompt(request, options)), usage: [] };
  });
  if (prompt === undefined) throw new Error('the prompt writer gave no prompt');
  return { prompt, rationale: '', usage, warnings };
}

async function refine(
  context: StepContext,
  step: PromptStep,
  from: NonNullable<ReturnType<typeof refinement>>,
  losses: Losses,
): Promise<Written> {
  const { work, deps, state } = context;
  const { target } = targetFor(work, step.wanted.model);
  const place = { ...placeOf(step, context, 'prompt-template', CALL_TIMEOUT_MS.prompt), ...losses };
  const { warnings: untold, ...told } = from;
  const { prompt, rationale, usage, warnings } = await callService(context, place, (options) =>
    deps.clients.prompt.refinePrompt(
      {
        template: work.template,
        brief: state().facts.request.brief,
        target,
        ...told,
        requiredTerms: work.rendered.requiredTerms,
        forbiddenTerms: [...(work.forbiddenTerms ?? [])],
      },
      options,
    ),
  );
  if (prompt === undefined) throw new Error('the prompt writer gave no prompt');
  return { prompt, rationale, usage, warnings: [...untold, ...warnings] };
}

function translate(context: StepContext, step: PromptStep, prompt: Prompt) {
  const { work, deps, state } = context;
  const edited = findCandidate(state(), step.wanted.edits);
  const request = imageRequest(work, step.wanted.model, prompt, edited?.result.image.name);
  const place = placeOf(step, context, 'provider-adapter', CALL_TIMEOUT_MS.lookUp);
  return callService(context, place, (options) =>
    deps.clients.adapter.translateRequest({ request, candidates: step.wanted.candidates }, options),
  );
}

/** What may be told of an error: the words of a typed one, and nothing of any other. */
function words(error: unknown): string {
  return isRpcError(error) && error.code !== Code.INTERNAL
    ? error.message
    : 'a service of the platform failed';
}
