import { type Brief, BriefSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type { ValidateTemplateRequest } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import { create, type JsonObject } from '@bufbuild/protobuf';
import { type Assembled, assemble } from '../../template/assemble.ts';
import { type BriefPaths, checkBrief } from '../../template/brief.ts';
import type { CompiledTemplate } from '../../template/compile.ts';
import { forbiddenProblems } from '../../template/forbidden.ts';
import { renderTemplate } from '../../template/render.ts';
import { checkStyles } from '../../template/sample-style.ts';
import { warningsOf } from '../../text/losses.ts';
import type { TemplateHandler } from '../handler.ts';
import { briefRefused, checkedContent, forbiddenRefused, required } from '../refusals.ts';

/** Where the parts of the sample are in the request. */
const SAMPLE_PATHS: BriefPaths = {
  variables: 'sample_variables',
  prompt: 'sample_variables',
  style: 'sample_style',
  whole: 'sample_variables',
};

export const validateTemplate: TemplateHandler<'validateTemplate'> = () => async (request) => {
  const { compiled, usedVariables, warnings } = checkedContent(required(request.content));
  const { sampleVariables } = request;
  if (sampleVariables === undefined) return { usedVariables: [...usedVariables], warnings: [...warnings] };
  const sample = preview(compiled, request, sampleVariables);
  return {
    usedVariables: [...usedVariables],
    warnings: [...warnings, ...sample.warnings],
    prompt: sample.text,
    negativePrompt: sample.negative,
  };
};

/** The prompt that a brief with these variables and styles would get, for a model without a limit. */
function preview(
  compiled: CompiledTemplate,
  { dialect, sampleStyle }: ValidateTemplateRequest,
  variables: JsonObject,
): Pick<Assembled, 'text' | 'negative'> & { readonly warnings: readonly string[] } {
  const brief: Brief = create(BriefSchema, {
    input: { case: 'variables', value: variables },
    style: sampleStyle,
  });
  const wrong = [...checkStyles(sampleStyle, SAMPLE_PATHS.style), ...checkBrief(brief, SAMPLE_PATHS)];
  const { rendering, problems } = renderTemplate(compiled, brief, { dialect, paths: SAMPLE_PATHS });
  if (rendering === undefined) throw briefRefused([...wrong, ...problems]);
  if (wrong.length > 0) throw briefRefused(wrong);
  const forbidden = forbiddenProblems(brief, rendering, compiled, SAMPLE_PATHS);
  if (forbidden.brief.length + forbidden.template.length > 0) throw forbiddenRefused(forbidden);
  const assembled = assemble(rendering, { maxChars: 0, negativePrompt: true });
  // That a required term is added is told of the content already.
  const losses = { ...assembled, appended: [] };
  return { ...assembled, warnings: [...rendering.warnings, ...warningsOf(losses, 0)] };
}
