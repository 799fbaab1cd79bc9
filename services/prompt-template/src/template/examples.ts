import type { TemplateContent } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { presentTerms } from '../text/terms.ts';
import type { Problem } from './problem.ts';
import { resolveVariables } from './variables.ts';

/**
 * What is wrong with the examples of a template. One that lacks variables is allowed, since a template that gains a
 * variable keeps its examples; one with values that no brief could have is not.
 */
export function checkExamples(content: TemplateContent, path: string): Problem[] {
  const forbidden = content.forbiddenTerms.filter((term) => term.trim() !== '');
  return content.examples.flatMap(({ variables = {}, brief, prompt }, index) => {
    const here = `${path}[${index}]`;
    const options = { path: `${here}.variables`, requireAll: false };
    const isEmpty = brief === '' && Object.keys(variables).length === 0 && content.variables.length > 0;
    return [
      ...resolveVariables(content.variables, variables, options).problems,
      ...presentTerms(prompt, forbidden).map((term) => ({
        field: `${here}.prompt`,
        description: `holds the forbidden term "${term}"`,
      })),
      ...(isEmpty ? [{ field: here, description: 'needs variables, or a brief in words' }] : []),
    ];
  });
}
