import { failedPrecondition, invalidArgument } from '@atelier/rpc';
import type { PromptTemplateContext } from '../../context.ts';
import { sentenceKey } from '../../text/sentences.ts';
import { cleanTerms, missingTerms } from '../../text/terms.ts';
import { CannotRefine, type RefineInput, type Rewritten } from '../../writers/prompt-writer.ts';
import type { PromptHandler } from '../handler.ts';
import { required } from '../refusals.ts';
import { targetOf } from './render-request.ts';

export const refinePrompt: PromptHandler<'refinePrompt'> = (context) => async (request, call) => {
  const prompt = required(request.prompt);
  if (prompt.text.trim() === '') throw invalidArgument('prompt.text', 'must not be blank');
  const source = await context.templates.find(request.template, call);
  const content = source?.compiled.content;
  const input: RefineInput = {
    brief: required(request.brief),
    content,
    target: targetOf(request.target),
    text: prompt.text,
    negative: prompt.negativePrompt,
    failed: request.failed,
    mustKeep: request.mustKeep,
    history: request.history,
    requiredTerms: cleanTerms(request.requiredTerms),
    forbiddenTerms: cleanTerms(content?.forbiddenTerms ?? []),
  };
  const { text, negative, rationale, usage, warnings } = await rewrite(context, input, call.signal);
  return {
    prompt: {
      text,
      negativePrompt: negative,
      writer: context.writer.version,
      templateVersion: prompt.templateVersion || (source?.name ?? ''),
    },
    rationale,
    usage: [...usage],
    warnings: [...warnings],
  };
};

/** Lets the writer rewrite, and takes nothing that drops a requirement or was there before. */
async function rewrite(
  { writer }: PromptTemplateContext,
  input: RefineInput,
  signal: AbortSignal,
): Promise<Rewritten> {
  try {
    const rewritten = await writer.refine(input, signal);
    const refused = faultOf(rewritten, input);
    if (refused !== undefined) throw new CannotRefine(refused);
    return rewritten;
  } catch (error) {
    if (!(error instanceof CannotRefine)) throw error;
    throw failedPrecondition(error.message, { reason: 'CANNOT_REFINE', cause: error });
  }
}

function faultOf(
  { text }: Rewritten,
  { requiredTerms, history, text: before }: RefineInput,
): string | undefined {
  const missing = missingTerms(text, requiredTerms);
  if (missing.length > 0) return `The rewrite drops what is required: ${missing.join(', ')}.`;
  const earlier = [before, ...history.map(({ prompt }) => prompt?.text ?? '')].map(sentenceKey);
  return earlier.includes(sentenceKey(text)) ? 'The rewrite equals an earlier prompt.' : undefined;
}
