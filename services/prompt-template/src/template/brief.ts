import type { Brief } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { hasControls } from '../text/controls.ts';
import type { Problem } from './problem.ts';

/** The caller's own words; empty where the brief is variables. */
export function wordsOf(brief: Brief): string {
  return brief.input.case === 'prompt' ? brief.input.value.trim() : '';
}

/** The variables that the brief gives; none where it is words. */
export function givenVariables(brief: Brief): JsonObject {
  return brief.input.case === 'variables' ? brief.input.value : {};
}

/** What is wrong with the words and styles of a brief, whatever the template. */
export function checkBrief(brief: Brief): Problem[] {
  const problems: Problem[] = [];
  const { input, style } = brief;
  const description = 'must not contain control characters';
  if (input.case === 'prompt') {
    if (input.value.trim() === '') problems.push({ field: 'brief.prompt', description: 'must not be blank' });
    if (hasControls(input.value)) problems.push({ field: 'brief.prompt', description });
  }
  for (const [name, value] of Object.entries(style)) {
    if (hasControls(value)) problems.push({ field: `brief.style[${JSON.stringify(name)}]`, description });
  }
  return problems;
}
