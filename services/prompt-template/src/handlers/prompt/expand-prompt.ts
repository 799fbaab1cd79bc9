import type { PromptHandler } from '../handler.ts';
import { refuseForbidden, renderRequest, withinLimit } from './render-request.ts';

export const expandPrompt: PromptHandler<'expandPrompt'> = (context) => async (request, call) => {
  const { brief, rendering, source, target } = await renderRequest(context, request, call);
  refuseForbidden(rendering.body, rendering.forbiddenTerms);
  const input = { brief, rendering, content: source?.compiled.content, target };
  const written = await withinLimit(() => context.writer.expand(input, call.signal));
  refuseForbidden(written.text, rendering.forbiddenTerms);
  return {
    prompt: {
      text: written.text,
      negativePrompt: written.negative,
      writer: context.writer.version,
      templateVersion: source?.name ?? '',
    },
    variables: rendering.variables,
    usage: [...written.usage],
    requiredTerms: [...rendering.requiredTerms],
    warnings: [...written.warnings],
  };
};
