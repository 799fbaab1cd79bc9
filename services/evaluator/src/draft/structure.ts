import { type Edges, parentsFirst, wayUp } from './graph.ts';

/** What the structure of a draft needs of each question. */
export interface Node extends Edges {
  readonly text: string;
}

/** Something that was left out of a draft. */
export interface Rejection {
  /** Of the question; what the writer gave for one where it is no good. */
  readonly id: string;
  readonly text: string;
  readonly reason: string;
  /** What became of the questions that depended on it: `dog-colour now depends on nothing`. */
  readonly moved: readonly string[];
}

/** A draft in order, and what was left out of it. */
export interface Structured<N> {
  /** Parents first, otherwise in the order in which the writer gave them. */
  readonly kept: readonly N[];
  readonly rejected: readonly Rejection[];
}

/** What a draft is held against. */
export interface Bounds<N> {
  /** Most questions; what is beyond them is left out. */
  readonly maxQuestions: number;
  /** Every fault that a question has by itself. */
  readonly faultsOf: (node: N) => readonly string[];
}

/** What ids of questions look like, by the contract; those of the organisation's own begin with `org-`. */
const ID = /^(?!org-)[a-z][a-z0-9_-]{0,62}$/;

/** Most parents of a question, by the contract. */
const MAX_PARENTS = 16;

/**
 * Keeps of a draft what may stand in a rubric: ids valid and unique, no text twice, parents that exist and come first, no
 * circle, nothing that `faultsOf` finds wrong, no more than was asked for. All of a circle is left out, since nobody knows
 * which of its edges is wrong. Who depended on something that is left out depends on that one's parents instead, or on the
 * question that it repeated.
 */
export function structured<N extends Node>(
  drafted: readonly N[],
  { maxQuestions, faultsOf }: Bounds<N>,
): Structured<N> {
  const named = new Map<string, N>();
  const namesakes: Rejection[] = [];
  for (const node of drafted) {
    if (named.has(node.id)) {
      namesakes.push({
        id: node.id,
        text: node.text,
        reason: 'its id is that of an earlier question',
        moved: [],
      });
    } else {
      named.set(node.id, node);
    }
  }
  const reasons = new Map<string, string>();
  const nodes = withRepeats([...named.values()], reasons);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) {
    if (reasons.has(node.id)) continue;
    const wrong = [...idFaults(node), ...edgeFaults(node, byId), ...faultsOf(node)];
    if (wrong.length > 0) reasons.set(node.id, wrong.join('; '));
  }
  const { kept, rejected } = without(nodes, reasons);
  const ordered = parentsFirst(kept);
  const reason = `it is beyond the ${maxQuestions} that were asked for`;
  const beyond = ordered.slice(maxQuestions).map(({ id, text }) => ({ id, text, reason, moved: [] }));
  return { kept: ordered.slice(0, maxQuestions), rejected: [...namesakes, ...rejected, ...beyond] };
}

/**
 * The questions without those that there is a reason to leave out. Who depended on one of these depends on its parents
 * instead, as far as they are kept.
 */
export function without<N extends Node>(
  nodes: readonly N[],
  reasons: ReadonlyMap<string, string>,
): Structured<N> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const kept = nodes
    .filter(({ id }) => !reasons.has(id))
    .map((node) => ({ ...node, dependsOn: keptParents(node, byId, reasons) }));
  const rejected = nodes
    .filter(({ id }) => reasons.has(id))
    .map(({ id, text }) => {
      const moved = kept
        .filter((child) => byId.get(child.id)?.dependsOn.includes(id))
        .map((child) => `${child.id} now depends on ${child.dependsOn.join(', ') || 'nothing'}`);
      return { id, text, reason: reasons.get(id) ?? '', moved };
    });
  return { kept, rejected };
}

/** The nearest ancestors that are kept, without those on which another of them depends anyway. */
function keptParents(
  { dependsOn }: Node,
  byId: ReadonlyMap<string, Node>,
  reasons: ReadonlyMap<string, string>,
): readonly string[] {
  if (!dependsOn.some((id) => reasons.has(id))) return dependsOn;
  const found = new Set<string>();
  const seen = new Set<string>();
  const climb = (id: string) => {
    if (seen.has(id)) return;
    seen.add(id);
    if (reasons.has(id)) byId.get(id)?.dependsOn.forEach(climb);
    else if (byId.has(id)) found.add(id);
  };
  dependsOn.forEach(climb);
  const ids = [...found];
  const isImplied = (id: string) => ids.some((other) => wayUp(other, id, byId) !== undefined);
  return ids.filter((id) => !isImplied(id)).slice(0, MAX_PARENTS);
}

/** Finds the questions that ask the same as an earlier one, and puts each below that one, so that its children come there. */
function withRepeats<N extends Node>(nodes: readonly N[], reasons: Map<string, string>): readonly N[] {
  const byText = new Map<string, string>();
  return nodes.map((node) => {
    const text = node.text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
    const same = byText.get(text);
    if (text === '') return node;
    if (same === undefined) {
      byText.set(text, node.id);
      return node;
    }
    reasons.set(node.id, `it asks the same as ${same}`);
    return { ...node, dependsOn: [same] };
  });
}

function idFaults({ id }: Node): string[] {
  if (ID.test(id)) return [];
  return ['its id must be a small letter, then at most 62 of a-z, 0-9, - and _, and not begin with org-'];
}

function edgeFaults({ id, dependsOn }: Node, byId: ReadonlyMap<string, Node>): string[] {
  const faults = dependsOn
    .filter((parent) => !byId.has(parent))
    .map((parent) => `it depends on ${parent}, which is no question of the draft`);
  if (dependsOn.length > MAX_PARENTS) faults.push(`it depends on more than ${MAX_PARENTS} questions`);
  const circle = wayUp(id, id, byId);
  if (circle !== undefined) faults.push(`it depends on itself: ${circle.join(' -> ')}`);
  return faults;
}
