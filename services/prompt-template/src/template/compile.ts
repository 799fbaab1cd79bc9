import { LiquidProblem, type LiquidText, parseLiquid } from '@atelier/liquid';
import type { Dialect, TemplateContent } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { hasControls } from '../text/controls.ts';
import { containsTerm, presentTerms } from '../text/terms.ts';
import { checkStyleNames, checkVariables } from './declarations.ts';
import { checkExamples } from './examples.ts';
import type { Problem } from './problem.ts';
import { problemOfUse, type Vocabulary } from './uses.ts';
import { isImageName } from './variable-value.ts';

/** Body and negative prompt as one family of models is told. */
export interface Wording {
  readonly body: LiquidText;
  readonly negative: LiquidText;
}

/** A template that is ready to be rendered. */
export interface CompiledTemplate {
  readonly content: TemplateContent;
  readonly own: Wording;
  /** By dialect. */
  readonly dialects: ReadonlyMap<string, Wording>;
  /** Defaults of style, by name. */
  readonly styles: ReadonlyMap<string, LiquidText>;
  readonly requiredTerms: readonly LiquidText[];
}

/** What compiling found. `compiled` is there where there are no problems. */
export interface Compilation {
  readonly compiled: CompiledTemplate | undefined;
  readonly problems: readonly Problem[];
  /** What is allowed and still looks wrong. */
  readonly warnings: readonly string[];
  /** Variables that some text uses, sorted; styles as `style.NAME`. */
  readonly usedVariables: readonly string[];
}

/** Checks everything in a template at once and makes it ready. `path` is where the content is in the request. */
export function compileTemplate(content: TemplateContent, path = 'content'): Compilation {
  const texts = new Texts({ variables: content.variables, styles: content.styleDefaults });
  const withoutStyle = new Texts({ variables: content.variables, styles: [] });
  const own = {
    body: texts.parse(content.body, `${path}.body`),
    negative: texts.parse(content.negativePrompt, `${path}.negative_prompt`),
  };
  const dialects = new Map(
    content.dialects.map((dialect, index) => [
      dialect.dialect,
      parseDialect(dialect, own, texts, `${path}.dialects[${index}]`),
    ]),
  );
  const styles = new Map(
    content.styleDefaults.map(({ name, value }, index) => [
      name,
      withoutStyle.parse(value, `${path}.style_defaults[${index}].value`),
    ]),
  );
  const requiredTerms = content.requiredTerms.map((term, index) =>
    texts.parse(term, `${path}.required_terms[${index}]`),
  );
  const problems = [
    ...checkVariables(content.variables, `${path}.variables`),
    ...checkStyleNames(content.styleDefaults, `${path}.style_defaults`),
    ...checkDialectNames(content.dialects, `${path}.dialects`),
    ...texts.problems,
    ...withoutStyle.problems,
    ...checkTerms(content, path),
    ...checkExamples(content, `${path}.examples`),
  ];
  const used = new Set([...texts.used, ...withoutStyle.used]);
  const compiled = { content, own, dialects, styles, requiredTerms };
  return {
    compiled: problems.length === 0 ? compiled : undefined,
    problems,
    warnings: warningsOf(content, used),
    usedVariables: [...used].sort(),
  };
}

/** Parses the texts of one template, and gathers what is wrong with them and what they use. */
class Texts {
  readonly problems: Problem[] = [];
  readonly used = new Set<string>();
  readonly #vocabulary: Vocabulary;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  parse(source: string, field: string): LiquidText {
    try {
      const text = parseLiquid(source);
      for (const use of text.uses) {
        const description = problemOfUse(use, this.#vocabulary);
        if (description !== undefined) this.problems.push({ field, description });
        this.used.add(use.path[0] === 'style' ? use.path.slice(0, 2).join('.') : String(use.path[0]));
      }
      return text;
    } catch (error) {
      if (!(error instanceof LiquidProblem)) throw error;
      this.problems.push({ field, description: error.message });
      return parseLiquid('');
    }
  }
}

/** What a dialect leaves empty is the version's own. */
function parseDialect({ body, negativePrompt }: Dialect, own: Wording, texts: Texts, path: string): Wording {
  return {
    body: body === '' ? own.body : texts.parse(body, `${path}.body`),
    negative: negativePrompt === '' ? own.negative : texts.parse(negativePrompt, `${path}.negative_prompt`),
  };
}

function checkDialectNames(dialects: readonly Dialect[], path: string): Problem[] {
  return dialects.flatMap(({ dialect }, index) =>
    dialects.slice(0, index).some((earlier) => earlier.dialect === dialect)
      ? [{ field: `${path}[${index}].dialect`, description: `${dialect} is given twice` }]
      : [],
  );
}

function checkTerms({ requiredTerms, forbiddenTerms }: TemplateContent, path: string): Problem[] {
  const blank = forbiddenTerms.flatMap((term, index) =>
    term.trim() === ''
      ? [{ field: `${path}.forbidden_terms[${index}]`, description: 'must not be empty' }]
      : [],
  );
  const forbidden = forbiddenTerms.filter((term) => term.trim() !== '');
  const contradictory = requiredTerms.flatMap((term, index) =>
    presentTerms(term, forbidden).map((found) => ({
      field: `${path}.required_terms[${index}]`,
      description: `holds the forbidden term "${found}"`,
    })),
  );
  return [...blank, ...contradictory];
}

function warningsOf(content: TemplateContent, used: ReadonlySet<string>): string[] {
  const unused = content.variables
    .filter(({ name }) => !used.has(name))
    .map(({ name }) => `The variable ${name} is declared and never used.`);
  const needless = content.variables
    .filter(({ required, defaultValue }) => required && defaultValue?.kind.case !== undefined)
    .map(({ name }) => `The variable ${name} is required and has a default, so that no brief has to set it.`);
  const forbidden = presentTerms(
    content.body,
    content.forbiddenTerms.filter((term) => term.trim() !== ''),
  ).map((term) => `The body holds the forbidden term "${term}".`);
  const missing = content.requiredTerms
    .filter((term) => !containsTerm(content.body, term))
    .map((term) => `The body does not hold the required term "${term}"; it is added in a clause of its own.`);
  // A warning and no problem, since versions that were added before are to be rendered still.
  const images = content.examples.flatMap(({ image }, index) =>
    image === '' || isImageName(image)
      ? []
      : [`The image of example ${index + 1} is not the name of an image, images/{id}.`],
  );
  const hidden = textsOf(content)
    .filter(([, text]) => hasControls(text))
    .map(([name]) => `${name} holds control characters: no prompt gets them.`);
  return [...unused, ...needless, ...forbidden, ...missing, ...images, ...hidden];
}

/** The texts of a template that may come to be in a prompt, by what people call them. */
function textsOf({ body, negativePrompt, dialects, styleDefaults, examples }: TemplateContent) {
  return [
    ['The body', body],
    ['The negative prompt', negativePrompt],
    ...dialects.map(({ dialect, body: own, negativePrompt: not }) => [
      `The dialect ${dialect}`,
      `${own} ${not}`,
    ]),
    ...styleDefaults.map(({ name, value }) => [`The style ${name}`, value]),
    ...examples.map(({ prompt, brief }, index) => [`Example ${index + 1}`, `${brief} ${prompt}`]),
  ] as [string, string][];
}
