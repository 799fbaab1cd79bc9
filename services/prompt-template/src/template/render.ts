import { LiquidProblem, type LiquidText, renderLiquid } from '@atelier/liquid';
import type { Brief } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { withoutControls } from '../text/controls.ts';
import { tidy } from '../text/sentences.ts';
import { cleanTerms, presentTerms } from '../text/terms.ts';
import { BRIEF_PATHS, type BriefPaths, givenVariables, wordsOf } from './brief.ts';
import type { CompiledTemplate, Wording } from './compile.ts';
import type { Problem } from './problem.ts';
import { resolveVariables, type Values } from './variables.ts';

/** A brief in the words of a template, before it is put together for a model. */
export interface Rendering {
  /** The body. */
  readonly body: string;
  /** Styles that the body does not name itself: they follow it as clauses. In the order of the template, then by name. */
  readonly styles: readonly { readonly name: string; readonly words: string }[];
  readonly negative: string;
  readonly requiredTerms: readonly string[];
  readonly forbiddenTerms: readonly string[];
  /** What questions about the image are rendered over: the variables, and beside them `style` and `brief`. */
  readonly variables: JsonObject;
  /** What of the template was left out, in sentences for the caller. */
  readonly warnings: readonly string[];
}

/** The rendering, or everything that is wrong with the brief. */
export type RenderResult =
  | { readonly rendering: Rendering; readonly problems?: undefined }
  | { readonly problems: readonly Problem[]; readonly rendering?: undefined };

/** How a brief is rendered. */
export interface RenderOptions {
  /** Dialect of the model. */
  readonly dialect?: string;
  /** Terms that are forbidden besides the template's own. */
  readonly forbiddenTerms?: readonly string[];
  readonly paths?: BriefPaths;
}

/**
 * Renders a template with a brief, in the dialect where the template has it. Words of the caller that no text of the
 * template uses are a problem, since they would be lost. A style default that holds a forbidden term is left out; whether
 * the rest holds one is told by `forbiddenProblems`.
 */
export function renderTemplate(
  template: CompiledTemplate,
  brief: Brief,
  { dialect = '', forbiddenTerms = [], paths = BRIEF_PATHS }: RenderOptions = {},
): RenderResult {
  const { content } = template;
  const wording = template.dialects.get(dialect) ?? template.own;
  const words = wordsOf(brief);
  const { values, problems } = resolveVariables(content.variables, givenVariables(brief), {
    path: paths.variables,
  });
  const lost = words !== '' && !usesBrief(wording) ? [lostWords(content.variables.length > 0, paths)] : [];
  if (problems.length + lost.length > 0) return { problems: [...problems, ...lost] };
  try {
    const forbidden = cleanTerms([...content.forbiddenTerms, ...forbiddenTerms]);
    return { rendering: renderWith(template, { wording, brief, words, values, forbidden }) };
  } catch (error) {
    if (!(error instanceof LiquidProblem)) throw error;
    return { problems: [{ field: paths.whole, description: `the template fails on it: ${error.message}` }] };
  }
}

interface Inputs {
  readonly wording: Wording;
  readonly brief: Brief;
  readonly words: string;
  readonly values: Values;
  readonly forbidden: readonly string[];
}

function renderWith(
  template: CompiledTemplate,
  { wording, brief, words, values, forbidden }: Inputs,
): Rendering {
  const scope = { ...values, brief: words };
  const style: Record<string, string> = {};
  const warnings: string[] = [];
  for (const [name, text] of template.styles) {
    if (Object.hasOwn(brief.style, name)) {
      // It keeps its place in the order of the template.
      style[name] = '';
      continue;
    }
    const value = withoutControls(renderLiquid(text, scope)).trim();
    const [term] = presentTerms(value, forbidden);
    style[name] = term === undefined ? value : '';
    if (term !== undefined) {
      warnings.push(
        `The style default ${name} of the template was left out, since it holds the forbidden term “${term}”.`,
      );
    }
  }
  for (const name of Object.keys(brief.style).sort()) style[name] = brief.style[name]?.trim() ?? '';
  const whole = { ...scope, style };
  const render = (text: LiquidText) => withoutControls(renderLiquid(text, whole));
  const named = new Set(wording.body.uses.map(({ path }) => (path[0] === 'style' ? path[1] : undefined)));
  return {
    body: tidy(render(wording.body)),
    styles: Object.entries(style)
      .filter(([name, value]) => value !== '' && !named.has(name))
      .map(([name, value]) => ({ name, words: value })),
    negative: tidy(render(wording.negative)),
    requiredTerms: cleanTerms(template.requiredTerms.map(render)),
    forbiddenTerms: forbidden,
    variables: { ...(values as JsonObject), style, ...(words !== '' && { brief: words }) },
    warnings,
  };
}

function usesBrief({ body, negative }: Wording): boolean {
  return [body, negative].some(({ uses }) => uses.some(({ path }) => path[0] === 'brief'));
}

function lostWords(hasVariables: boolean, paths: BriefPaths): Problem {
  const instead = hasVariables ? ': give its variables instead' : '';
  return {
    field: paths.prompt,
    description: `the template does not use the words of a brief${instead}`,
  };
}

/** A brief in the caller's own words, without a template. */
export function renderWords(brief: Brief, forbiddenTerms: readonly string[] = []): Rendering {
  const words = wordsOf(brief);
  const styles = Object.entries(brief.style)
    .map(([name, value]) => ({ name, words: value.trim() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const given = styles.filter(({ words: value }) => value !== '');
  return {
    body: tidy(words),
    styles: given,
    negative: '',
    requiredTerms: [],
    forbiddenTerms: cleanTerms(forbiddenTerms),
    warnings: [],
    variables: {
      style: Object.fromEntries(given.map(({ name, words: value }) => [name, value])),
      brief: words,
    },
  };
}
