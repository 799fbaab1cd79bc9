import { assemble } from '../../template/assemble.ts';
import { warningsOf } from '../../text/losses.ts';
import type { PromptHandler } from '../handler.ts';
import { refuseForbidden, renderRequest, withinLimit } from './render-request.ts';

export const renderPrompt: PromptHandler<'renderPrompt'> = (context) => async (request, call) => {
  const { rendering, source, target } = await renderRequest(context, request, call);
  const assembled = await withinLimit(() => assemble(rendering, target));
  const { text, negative } = assembled;
  refuseForbidden(text, rendering.forbiddenTerms);
  return {
    prompt: {
      text,
      negativePrompt: negative,
      writer: source === undefined ? 'brief' : 'template',
      templateVersion: source?.name ?? '',
    },
    variables: rendering.variables,
    requiredTerms: [...rendering.requiredTerms],
    warnings: warningsOf(assembled, target.maxChars),
  };
};
