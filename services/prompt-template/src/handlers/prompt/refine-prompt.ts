import type { Prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type {
  PromptAttempt,
  RefinePromptRequest,
} from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { failedPrecondition, invalidArgument } from '@atelier/rpc';
import type { PromptTemplateContext } from '../../context.ts';
import { earlierKeys } from '../../refine/steps.ts';
import { type Assembled, assemble } from '../../template/assemble.ts';
import type { Rendering } from '../../template/render.ts';
import { TooLong } from '../../text/compose.ts';
import { sentenceKey } from '../../text/sentences.ts';
import { cleanTerms, missingTerms, presentTerms } from '../../text/terms.ts';
import {
  CannotRefine,
  type RefineInput,
  type Rewritten,
  type Target,
  type WriterCall,
} from '../../writers/prompt-writer.ts';
import { usageDetails } from '../../writers/usage-details.ts';
import { isEdit } from '../../writers/writer-names.ts';
import type { PromptHandler } from '../handler.ts';
import { required } from '../refusals.ts';
import { type Rendered, renderRequest } from './render-request.ts';

export const refinePrompt: PromptHandler<'refinePrompt'> = (context) => async (request, call) => {
  const prompt = required(request.prompt);
  if (prompt.text.trim() === '') throw invalidArgument('prompt.text', 'must not be blank');
  const rendered = await renderRequest(context, request, call);
  const input = refineInput(request, prompt, rendered);
  const rewritten = await rewrite(context, input, call);
  return {
    prompt: {
      text: rewritten.text,
      negativePrompt: rewritten.negative,
      writer: rewritten.writer,
      templateVersion: prompt.templateVersion || (rendered.source?.name ?? ''),
    },
    rationale: rewritten.rationale,
    usage: [...rewritten.usage],
    warnings: [...rewritten.warnings],
    estimate: context.writer.estimates.refine(input),
  };
};

function refineInput(
  request: RefinePromptRequest,
  prompt: Prompt,
  { brief, rendering, source, target }: Rendered,
): RefineInput {
  const start = request.edit ? prompt : startOf(prompt, request.history);
  const plain = plainOrNothing(rendering, target);
  return {
    brief,
    rendering,
    content: source?.compiled.content,
    target,
    plain,
    text: start?.text ?? plain?.text ?? rendering.body,
    negative: start?.negativePrompt ?? rendering.negative,
    failed: request.failed,
    mustKeep: request.mustKeep,
    history: request.history,
    requiredTerms: cleanTerms(request.requiredTerms),
    forbiddenTerms: rendering.forbiddenTerms,
    edit: request.edit,
  };
}

/**
 * The prompt that a rewrite starts from. An instruction to edit is none, since the next picture is made anew: then it is
 * the latest that is one, and undefined where none is left.
 */
function startOf(prompt: Prompt, history: readonly PromptAttempt[]): Prompt | undefined {
  if (!isEdit(prompt.writer)) return prompt;
  return history.findLast((attempt) => attempt.prompt !== undefined && !isEdit(attempt.prompt.writer))
    ?.prompt;
}

function plainOrNothing(rendering: Rendering, target: Target): Assembled | undefined {
  try {
    return assemble(rendering, target);
  } catch (error) {
    if (error instanceof TooLong) return undefined;
    throw error;
  }
}

/** Lets the writer rewrite, and takes nothing that drops a requirement, holds a forbidden term, or was there before. */
async function rewrite(
  { writer }: PromptTemplateContext,
  input: RefineInput,
  call: WriterCall,
): Promise<Rewritten> {
  try {
    const rewritten = await writer.refine(input, call);
    const refused = faultOf(rewritten, input);
    if (refused !== undefined) throw new CannotRefine(refused, rewritten.usage);
    return rewritten;
  } catch (error) {
    if (!(error instanceof CannotRefine)) throw error;
    const details = usageDetails(error.usage);
    throw failedPrecondition(error.message, { reason: 'CANNOT_REFINE', details, cause: error });
  }
}

function faultOf({ text }: Rewritten, input: RefineInput): string | undefined {
  const { requiredTerms, forbiddenTerms, edit } = input;
  // The picture has them already, and an instruction to edit says that all else stays.
  const missing = edit ? [] : missingTerms(text, requiredTerms);
  if (missing.length > 0) return `The rewrite drops what is required: ${missing.join(', ')}.`;
  const forbidden = presentTerms(text, forbiddenTerms);
  if (forbidden.length > 0) return `The rewrite holds what is forbidden: ${forbidden.join(', ')}.`;
  return earlierKeys(input).has(sentenceKey(text)) ? 'The rewrite equals an earlier prompt.' : undefined;
}
