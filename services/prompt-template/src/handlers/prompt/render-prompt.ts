import { warningsOf } from '../../text/losses.ts';
import type { PromptHandler } from '../handler.ts';
import { expandInput, renderRequest } from './render-request.ts';

export const renderPrompt: PromptHandler<'renderPrompt'> = (context) => async (request, call) => {
  const rendered = await renderRequest(context, request, call);
  const { rendering, source, target } = rendered;
  const input = expandInput(rendered);
  const { text, negative } = input.plain;
  return {
    prompt: {
      text,
      negativePrompt: negative,
      writer: source === undefined ? 'brief' : 'template',
      templateVersion: source?.name ?? '',
    },
    variables: rendering.variables,
    requiredTerms: [...rendering.requiredTerms],
    warnings: [...rendering.warnings, ...warningsOf(input.plain, target.maxChars)],
    writerEstimate: context.writer.estimates.either(input),
  };
};
