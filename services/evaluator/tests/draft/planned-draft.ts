import type { DsgPrompt, DsgQuestion } from './dsg.ts';

/** A question as a scripted writer gives it, and what is to become of it. */
export interface Planned {
  id: string;
  text: string;
  /** As the writer gives them. */
  dependsOn: string[];
  /** Further fields, or others in place of those that are right. */
  fields: Record<string, unknown>;
  /** What it depends on in truth, where the writer says something else. */
  parents?: string[];
  /** Why it is to be left out whatever the brief says; undefined for a good one. */
  fault?: RegExp;
  /** What the brief answers. */
  answer: 'yes' | 'no' | 'unknown';
}

/** What is to come of a draft. */
export interface Expected {
  /** Parents by id. */
  readonly kept: ReadonlyMap<string, ReadonlySet<string>>;
  readonly rejected: readonly { readonly id: string; readonly why: RegExp }[];
}

/** A good draft for a prompt: what people found that it claims. */
export function goodDraft({ text: brief, questions }: DsgPrompt): Planned[] {
  return questions.map((question) => ({
    id: `q${question.number}`,
    text: question.text,
    dependsOn: question.parents.map((parent) => `q${parent}`),
    fields: { category: categoryOf(question), ...answeredBy(question, brief) },
    answer: 'yes',
  }));
}

/** The same in the form in which a writer answers. */
export function draftJson(draft: readonly Planned[]): object {
  return {
    questions: draft.map(({ id, text, dependsOn, fields }) => ({
      reason: 'the words of the brief',
      id,
      text,
      depends_on: dependsOn,
      required: true,
      answered_by: 'look',
      counted: '',
      expected: '',
      quoted: '',
      ...fields,
    })),
  };
}

function categoryOf({ broad, detailed }: DsgQuestion): string {
  if (detailed === 'count') return 'count';
  if (detailed.startsWith('text')) return 'text';
  if (broad === 'entity') return detailed === 'part' ? 'detail' : 'object';
  if (broad === 'attribute') return detailed === 'color' ? 'colour' : 'attribute';
  if (broad === 'relation') return detailed === 'action' ? 'action' : 'relation';
  return 'global';
}

function answeredBy({ tuple, text }: DsgQuestion, brief: string): Record<string, unknown> {
  const count = /^other - count \(([^,]+), ==(\d+)\)$/.exec(tuple);
  if (count !== null) return { answered_by: 'count', counted: count[1], expected: count[2] };
  const quoted = /"([^"]*[\p{L}\p{N}][^"]*)"/u.exec(text)?.[1];
  return quoted !== undefined && brief.includes(quoted) ? { answered_by: 'text', quoted } : {};
}

/** What the check against the brief is expected to say of a question. */
const CHECKED: Readonly<Record<Planned['answer'], RegExp | undefined>> = {
  yes: undefined,
  no: /the brief says otherwise \(Because\.\)/,
  unknown: /the brief leaves it open \(Because\.\)/,
};

/**
 * What comes of a draft whose faults are known, where at most so many questions are asked for, and the writer answers in some
 * way. Where it contradicts itself it does so about the last question that is checked.
 */
export function expectedOf(
  draft: readonly Planned[],
  maxQuestions: number,
  answering: 'well' | 'contradicts itself' | 'refuses',
): Expected {
  const wellFormed = draft.filter(({ fault }) => fault === undefined);
  const checked = wellFormed.slice(0, maxQuestions);
  const whyNot = (planned: Planned): RegExp | undefined => {
    if (planned.fault !== undefined) return planned.fault;
    if (!checked.includes(planned)) return new RegExp(`is beyond the ${maxQuestions} that were asked for`);
    if (answering === 'refuses') return /the writer refused to say whether it follows from the brief/;
    if (answering === 'contradicts itself' && planned === checked.at(-1)) {
      return /the writer did not say whether it follows from the brief/;
    }
    return CHECKED[planned.answer];
  };
  const graph = graphOf(draft);
  const keptIds = new Set(draft.filter((planned) => whyNot(planned) === undefined).map(({ id }) => id));
  return {
    kept: new Map([...keptIds].map((id) => [id, keptParents(id, graph, keptIds)])),
    rejected: draft.flatMap((planned) => {
      const why = whyNot(planned);
      return why === undefined ? [] : [{ id: planned.id, why }];
    }),
  };
}

type Graph = ReadonlyMap<string, readonly string[]>;

/** Parents by id; of two questions with one id the first has it. */
export function graphOf(draft: readonly Planned[]): Graph {
  return new Map(draft.toReversed().map(({ id, dependsOn, parents }) => [id, parents ?? dependsOn]));
}

/** Everything above a question. In a circle the question is above itself. */
export function ancestors(id: string, graph: Graph): Set<string> {
  const found = new Set<string>();
  const open = [...(graph.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(graph.get(next) ?? []));
  }
  return found;
}

/** The parents that are kept; in place of one that is not, what is kept next above it, as far as no other implies it. */
function keptParents(id: string, graph: Graph, kept: ReadonlySet<string>): ReadonlySet<string> {
  const given = graph.get(id) ?? [];
  if (given.every((parent) => kept.has(parent))) return new Set(given);
  const nearest = (parent: string): string[] =>
    kept.has(parent) ? [parent] : (graph.get(parent) ?? []).flatMap(nearestUnlessSeen);
  const seen = new Set<string>();
  const nearestUnlessSeen = (parent: string): string[] => {
    if (seen.has(parent)) return [];
    seen.add(parent);
    return nearest(parent);
  };
  const found = new Set(given.flatMap(nearestUnlessSeen));
  return new Set([...found].filter((one) => ![...found].some((other) => ancestors(other, graph).has(one))));
}
