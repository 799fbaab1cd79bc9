import type { PromptHandler } from '../handler.ts';
import { expandInput, leftOut, refuseForbidden, renderRequest } from './render-request.ts';

export const expandPrompt: PromptHandler<'expandPrompt'> = (context) => async (request, call) => {
  const rendered = await renderRequest(context, request, call);
  const { rendering, source } = rendered;
  const input = expandInput(rendered);
  const written = await context.writer.expand(input, call);
  refuseForbidden(written.text, rendering.forbiddenTerms);
  return {
    prompt: {
      text: written.text,
      negativePrompt: written.negative,
      writer: written.writer,
      templateVersion: source?.name ?? '',
    },
    variables: rendering.variables,
    usage: [...written.usage],
    requiredTerms: [...rendering.requiredTerms],
    warnings: [...leftOut(input), ...written.warnings],
    estimate: context.writer.estimates.expand(input),
  };
};
