import type { Brief } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type { JsonValue } from '@bufbuild/protobuf';
import { presentTerms } from '../text/terms.ts';
import { BRIEF_PATHS, type BriefPaths, givenVariables, wordsOf } from './brief.ts';
import type { CompiledTemplate } from './compile.ts';
import type { Problem } from './problem.ts';
import type { Rendering } from './render.ts';

/** Forbidden terms that a rendering holds, by who brought them in. */
export interface ForbiddenProblems {
  /** The brief did: its variables, its words or its styles. */
  readonly brief: readonly Problem[];
  /** The template's own texts did. */
  readonly template: readonly Problem[];
}

/**
 * Where forbidden terms come from that the rendering holds. A value is the brief's fault where the value itself holds the
 * term, the template's where its text does, and else the brief's as a whole: the two together make the term.
 */
export function forbiddenProblems(
  brief: Brief,
  rendering: Rendering,
  template: CompiledTemplate | undefined,
  paths: BriefPaths = BRIEF_PATHS,
): ForbiddenProblems {
  const { forbiddenTerms } = rendering;
  const said = [rendering.body, ...rendering.requiredTerms].join('\n');
  const found = presentTerms(said, forbiddenTerms).map((term) => blame(term, brief, template, paths));
  const styles = Object.entries(brief.style).flatMap(([name, value]) =>
    presentTerms(value, forbiddenTerms).map((term) => broughtIn(at(paths.style, name), term)),
  );
  return {
    brief: unique([...found.flatMap((each) => each.brief), ...styles]),
    template: found.flatMap((each) => each.template),
  };
}

function blame(
  term: string,
  brief: Brief,
  template: CompiledTemplate | undefined,
  paths: BriefPaths,
): ForbiddenProblems {
  const holds = (text: string) => presentTerms(text, [term]).length > 0;
  const variables = Object.entries(givenVariables(brief))
    .filter(([, value]) => textsIn(value).some(holds))
    .map(([name]) => at(paths.variables, name));
  const styles = Object.entries(brief.style)
    .filter(([, value]) => holds(value))
    .map(([name]) => at(paths.style, name));
  const fields = [...variables, ...(holds(wordsOf(brief)) ? [paths.prompt] : []), ...styles];
  if (fields.length > 0) return { brief: fields.map((field) => broughtIn(field, term)), template: [] };
  if (template !== undefined && ownTexts(template).some(holds)) {
    return {
      brief: [],
      template: [{ field: 'template', description: `holds the forbidden term "${term}"` }],
    };
  }
  return { brief: [broughtIn(paths.whole, term)], template: [] };
}

/** Texts of a template as they were written, defaults of variables included. */
function ownTexts({ content, own, dialects }: CompiledTemplate): string[] {
  return [
    own.body.source,
    ...[...dialects.values()].map(({ body }) => body.source),
    ...content.requiredTerms,
    ...content.variables.map(({ defaultValue }) =>
      defaultValue?.kind.case === 'stringValue' ? defaultValue.kind.value : '',
    ),
  ];
}

function textsIn(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return value === null || typeof value === 'object' ? [] : [String(value)];
}

function broughtIn(field: string, term: string): Problem {
  return { field, description: `brings in the forbidden term "${term}"` };
}

function at(path: string, name: string): string {
  return `${path}[${JSON.stringify(name)}]`;
}

function unique(problems: readonly Problem[]): Problem[] {
  return [
    ...new Map(problems.map((problem) => [`${problem.field} ${problem.description}`, problem])).values(),
  ];
}
