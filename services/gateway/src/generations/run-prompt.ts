import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { Code, isRpcError } from '@atelier/rpc';
import { refinement } from '../cycle/refinement.ts';
import type { PromptStep } from '../cycle/steps.ts';
import type { PromptFailed } from '../cycle/transitions.ts';
import { imageRequest, targetFor } from './requests.ts';
import { CALL_TIMEOUT_MS } from './settings.ts';
import { settleUsage } from './settle.ts';
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
  progress({ round, index: -1, phase: how === 'refine' ? 'refining' : 'prompting' });
  const failed = (why: PromptFailed['why'], error: unknown) =>
    commit({ kind: 'prompt_failed', timeMs: deps.now(), round, attempt, why, message: words(error) });
  let written: Written;
  try {
    written = await write(context, step);
  } catch (error) {
    if (context.stopping.aborted) throw error;
    return failed(isRpcError(error) && error.reason === 'CANNOT_REFINE' ? 'cannot_refine' : 'fault', error);
  }
  await settleUsage(context, `prompt/${round}/${attempt}`, written.usage);
  try {
    const { receipt, estimate, nativeRequests } = await translate(context, step, written.prompt);
    await commit({
      kind: 'prompt_ready',
      timeMs: deps.now(),
      round,
      attempt,
      ...written,
      receipt,
      estimate,
      nativeRequests,
    });
  } catch (error) {
    if (context.stopping.aborted || !isRpcError(error)) throw error;
    return failed('model', error);
  }
}

function placeOf(step: PromptStep, context: StepContext, service: string, timeoutMs: number): CallPlace {
  return { step: step.id, service, round: step.wanted.round, index: -1, signal: context.stopping, timeoutMs };
}

async function write(context: StepContext, step: PromptStep): Promise<Written> {
  const { how, reuse } = step.wanted;
  if (how === 'reuse' && reuse !== undefined)
    return { prompt: reuse, rationale: '', usage: [], warnings: [] };
  const from = how === 'refine' ? refinement(context.state()) : undefined;
  return from === undefined ? writeFirst(context, step) : refine(context, step, from);
}

async function writeFirst(context: StepContext, step: PromptStep): Promise<Written> {
  const { work, deps, state } = context;
  const { plan, facts } = state();
  const { target } = targetFor(work, step.wanted.model);
  const request = { template: work.template, brief: facts.request.brief, target };
  const place = placeOf(step, context, 'prompt-template', CALL_TIMEOUT_MS.prompt);
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
): Promise<Written> {
  const { work, deps, state } = context;
  const { target } = targetFor(work, step.wanted.model);
  const place = placeOf(step, context, 'prompt-template', CALL_TIMEOUT_MS.prompt);
  const { warnings: untold, ...told } = from;
  const { prompt, rationale, usage, warnings } = await callService(context, place, (options) =>
    deps.clients.prompt.refinePrompt(
      {
        template: work.template,
        brief: state().facts.request.brief,
        target,
        ...told,
        requiredTerms: work.rendered.requiredTerms,
      },
      options,
    ),
  );
  if (prompt === undefined) throw new Error('the prompt writer gave no prompt');
  return { prompt, rationale, usage, warnings: [...untold, ...warnings] };
}

function translate(context: StepContext, step: PromptStep, prompt: Prompt) {
  const { work, deps } = context;
  const request = imageRequest(work, step.wanted.model, prompt);
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
