import { analyzeSync, Liquid, type Template } from 'liquidjs';

/** Characters of one text; the contract's own limits are below it. */
const PARSE_LIMIT = 32_768;
/** Milliseconds and units of memory of one rendering: far above what prompts need, far below what hurts. */
const RENDER_LIMIT_MS = 1_000;
const MEMORY_LIMIT = 1_000_000;

/** They read other files, which there are none of. */
const REFUSED_TAGS = ['include', 'render', 'layout', 'block'];

/** They give something else each time, or evaluate text as code. A prompt is the same for the same brief. */
const REFUSED_FILTERS =
  /^(sample|date.*|where_exp|reject_exp|group_by_exp|has_exp|find_exp|find_index_exp|hmac_sha256)$/;

const engine = createEngine();

/** Where in its text something is. Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A variable as a text uses it. */
export interface UsedVariable {
  /** The name, then literal properties: `['style', 'lighting']`. A property that is computed is null. */
  readonly path: readonly (string | number | null)[];
  readonly position: Position;
}

/** A text that parsed. */
export interface LiquidText {
  readonly source: string;
  readonly uses: readonly UsedVariable[];
  readonly templates: Template[];
}

/** Why a text cannot be parsed or rendered, with the place where that is known. */
export class LiquidProblem extends Error {
  override readonly name = 'LiquidProblem';
}

/** Parses a text strictly. Throws `LiquidProblem`. */
export function parseLiquid(source: string): LiquidText {
  try {
    const templates = engine.parse(source);
    const { globals } = analyzeSync(templates, { partials: false });
    const uses = Object.values(globals)
      .flat()
      .map(({ segments, location }) => ({
        path: segments.map((segment) => (typeof segment === 'object' ? null : segment)),
        position: { line: location.row, column: location.col },
      }))
      .sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
    return { source, uses, templates };
  } catch (error) {
    throw problemOf(error);
  }
}

/** Renders a text with the values. What is undefined is an error, what is null is empty. Throws `LiquidProblem`. */
export function renderLiquid(text: LiquidText, scope: Readonly<Record<string, unknown>>): string {
  try {
    return engine.renderSync(text.templates, scope) as string;
  } catch (error) {
    throw problemOf(error);
  }
}

/** A position in words. */
export function at({ line, column }: Position): string {
  return `line ${line}, column ${column}`;
}

function createEngine(): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    parseLimit: PARSE_LIMIT,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    outputEscape: outputText,
  });
  for (const tag of REFUSED_TAGS) delete liquid.tags[tag];
  for (const filter of Object.keys(liquid.filters)) {
    if (REFUSED_FILTERS.test(filter)) delete liquid.filters[filter];
  }
  return liquid;
}

/** Lists read as words do: with commas between. */
function outputText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.map(outputText).join(', ') : String(value);
}

/** The library writes `text, line:1, col:5`; callers read the place first. */
function problemOf(error: unknown): LiquidProblem {
  const { message, name } = error as Error;
  const match = /^(.*?)(?:, file:.*?)?, line:(\d+), col:(\d+)$/s.exec(message ?? '');
  if (match === null) return new LiquidProblem(name === 'AssertionError' ? 'it is too large' : message);
  const [, text = '', line, column] = match;
  return new LiquidProblem(`${at({ line: Number(line), column: Number(column) })}: ${text}`, {
    cause: error,
  });
}
