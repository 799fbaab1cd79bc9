import type { FewShotExample, Variable } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { Rendering } from '../template/render.ts';
import { topicsOf } from '../text/topics.ts';
import { SILENT_DEFAULTS } from './defaults.ts';
import { nearestExample, structureClauses } from './few-shot.ts';

/** What the expansion works with. */
export interface Expansion {
  readonly rendering: Rendering;
  /** Declarations and examples of the template; undefined for a brief in the caller's own words. */
  readonly template:
    | { readonly variables: readonly Variable[]; readonly examples: readonly FewShotExample[] }
    | undefined;
  /** Names of styles that the brief sets, empty ones included. */
  readonly styleNames: readonly string[];
  /** The caller's own words, or empty. */
  readonly words: string;
}

/**
 * Clauses to add to a rendering. A template's prompt takes from its nearest example the clauses that say how a picture
 * is made, on topics that it is silent about itself; a brief in words gets framing and light where it says nothing of
 * them. Nothing is added about what is in the picture, and the same brief always gets the same clauses.
 */
export function addedClauses(expansion: Expansion): string[] {
  const { rendering, template } = expansion;
  const said = [rendering.body, ...rendering.styles.map(({ words }) => words)].join(', ');
  const covered = new Set<string>([...topicsOf(said), ...expansion.styleNames]);
  const candidates = template === undefined ? defaults() : borrowed(expansion, template);
  const added: string[] = [];
  for (const { topics, clause } of candidates) {
    if (topics.some((topic) => covered.has(topic))) continue;
    added.push(clause);
    for (const topic of topics) covered.add(topic);
  }
  return added;
}

interface Candidate {
  readonly topics: readonly string[];
  readonly clause: string;
}

function defaults(): Candidate[] {
  return SILENT_DEFAULTS.map(({ topic, clause }) => ({ topics: [topic], clause }));
}

function borrowed(
  { rendering, words }: Expansion,
  { variables: declared, examples }: NonNullable<Expansion['template']>,
): Candidate[] {
  const example = nearestExample(examples, { declared, variables: rendering.variables, words });
  if (example === undefined) return [];
  return structureClauses(example, declared).map((clause) => ({ topics: topicsOf(clause), clause }));
}
