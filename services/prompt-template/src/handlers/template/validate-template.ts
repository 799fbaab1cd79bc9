import { BriefSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { create } from '@bufbuild/protobuf';
import { assemble } from '../../template/assemble.ts';
import { renderTemplate } from '../../template/render.ts';
import type { TemplateHandler } from '../handler.ts';
import { briefRefused, checkedContent, required } from '../refusals.ts';

/** Where the parts of the sample are in the request. */
const SAMPLE_PATHS = {
  variables: 'sample_variables',
  prompt: 'sample_variables',
  whole: 'sample_variables',
};

export const validateTemplate: TemplateHandler<'validateTemplate'> = () => async (request) => {
  const { compiled, usedVariables, warnings } = checkedContent(required(request.content));
  const found = { usedVariables: [...usedVariables], warnings: [...warnings] };
  if (request.sampleVariables === undefined) return found;
  const brief = create(BriefSchema, { input: { case: 'variables', value: request.sampleVariables } });
  const { rendering, problems } = renderTemplate(compiled, brief, '', SAMPLE_PATHS);
  if (rendering === undefined) throw briefRefused(problems);
  const { text, negative } = assemble(rendering, { maxChars: 0, negativePrompt: true });
  return { ...found, prompt: text, negativePrompt: negative };
};
