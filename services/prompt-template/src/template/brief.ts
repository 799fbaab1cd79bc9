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

/** Where the parts of a brief are in the request. */
export interface BriefPaths {
  readonly variables: string;
  readonly prompt: string;
  readonly style: string;
  /** Where a text of the template that fails on these values is told. */
  readonly whole: string;
}

/** Where they are in a request that has a brief. */
export const BRIEF_PATHS: BriefPaths = {
  variables: 'brief.variables',
  prompt: 'brief.prompt',
  style: 'brief.style',
  whole: 'brief',
};

/** What is wrong with the words and styles of a brief, whatever the template. */
export function checkBrief(brief: Brief, paths: BriefPaths = BRIEF_PATHS): Problem[] {
  const problems: Problem[] = [];
  const { input, style } = brief;
  const description = 'must not contain control characters';
  if (input.case === 'prompt') {
    if (input.value.trim() === '') problems.push({ field: paths.prompt, description: 'must not be blank' });
    if (hasControls(input.value)) problems.push({ field: paths.prompt, description });
  }
  for (const [name, value] of Object.entries(style)) {
    if (hasControls(value)) problems.push({ field: `${paths.style}[${JSON.stringify(name)}]`, description });
  }
  return problems;
}
