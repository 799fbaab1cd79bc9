import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';

/** What the order of questions needs of each. */
export type Node = Pick<Question, 'id' | 'dependsOn'>;

/**
 * Questions in levels: those of the first depend on nothing, those of each further one only on earlier levels. Within a
 * level the given order is kept. Edges to unknown ids count as met. Expects an acyclic graph.
 */
export function levels<N extends Node>(questions: readonly N[]): N[][] {
  const known = new Set(questions.map(({ id }) => id));
  const placed = new Set<string>();
  const result: N[][] = [];
  let rest = [...questions];
  while (rest.length > 0) {
    const isReady = ({ dependsOn }: N) => dependsOn.every((id) => placed.has(id) || !known.has(id));
    const level = rest.filter(isReady);
    if (level.length === 0) throw new Error('the questions depend on each other in a circle');
    for (const { id } of level) placed.add(id);
    result.push(level);
    rest = rest.filter((question) => !level.includes(question));
  }
  return result;
}

/** Ids of one circle in the order of dependence, the first again at the end; undefined where there is none. */
export function findCycle(questions: readonly Node[]): string[] | undefined {
  const parents = new Map(questions.map(({ id, dependsOn }) => [id, dependsOn]));
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(id);
    if (start >= 0) return [...path.slice(start), id];
    if (done.has(id)) return undefined;
    for (const parent of parents.get(id) ?? []) {
      const cycle = visit(parent, [...path, id]);
      if (cycle !== undefined) return cycle;
    }
    done.add(id);
    return undefined;
  };
  for (const { id } of questions) {
    const cycle = visit(id, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
