/** What the order of questions needs of each. */
export interface Edges {
  readonly id: string;
  /** Ids of its parents. */
  readonly dependsOn: readonly string[];
}

/**
 * The shortest way from a question up to another one, both ends included; undefined where there is none. From a question to
 * itself it is the circle that it is part of. Ids that are not there lead nowhere.
 */
export function wayUp(
  from: string,
  to: string,
  byId: ReadonlyMap<string, Edges>,
): readonly string[] | undefined {
  const seen = new Set<string>();
  let ends: readonly (readonly string[])[] = [[from]];
  while (ends.length > 0) {
    const longer: (readonly string[])[] = [];
    for (const way of ends) {
      for (const parent of byId.get(way.at(-1) as string)?.dependsOn ?? []) {
        if (parent === to) return [...way, parent];
        if (seen.has(parent)) continue;
        seen.add(parent);
        longer.push([...way, parent]);
      }
    }
    ends = longer;
  }
  return undefined;
}

/** The same questions with every parent before its children; what need not move keeps its place. Expects no circle. */
export function parentsFirst<N extends Edges>(nodes: readonly N[]): N[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const placed = new Set<N>();
  const place = (node: N) => {
    if (placed.has(node)) return;
    for (const id of node.dependsOn) {
      const parent = byId.get(id);
      if (parent !== undefined) place(parent);
    }
    placed.add(node);
  };
  for (const node of nodes) place(node);
  return [...placed];
}
