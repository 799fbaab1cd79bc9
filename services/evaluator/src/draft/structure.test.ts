import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Node, structured, without } from './structure.ts';

const node = (id: string, ...dependsOn: string[]): Node => ({ id, text: `Is it ${id}?`, dependsOn });
const good = { maxQuestions: 50, faultsOf: () => [] };

/** What stays, as `id<parents`, and why what goes goes. */
function outcome(nodes: readonly Node[], bounds: Partial<Parameters<typeof structured<Node>>[1]> = {}) {
  const { kept, rejected } = structured(nodes, { ...good, ...bounds });
  return {
    kept: kept.map(({ id, dependsOn }) => [id, ...dependsOn].join('<')),
    rejected: rejected.map(({ id, reason, moved }) => [id, reason, ...moved].join(' | ')),
  };
}

test('parents come first, and what need not move keeps its place', () => {
  expect(outcome([node('c', 'a'), node('x'), node('b', 'c'), node('a')])).toEqual({
    kept: ['a', 'c<a', 'x', 'b<c'],
    rejected: [],
  });
});

test.each<[string, Node[], string[], (string | RegExp)[]]>([
  [
    'a circle goes as a whole, and its children lose it',
    [node('a', 'c'), node('b', 'a'), node('c', 'b'), node('d', 'c', 'e'), node('e')],
    ['e', 'd<e'],
    [
      'a | it depends on itself: a -> c -> b -> a',
      'b | it depends on itself: b -> a -> c -> b',
      'c | it depends on itself: c -> b -> a -> c | d now depends on e',
    ],
  ],
  [
    'so does a circle of one',
    [node('a', 'a'), node('b', 'a')],
    ['b'],
    ['a | it depends on itself: a -> a | b now depends on nothing'],
  ],
  [
    'a parent that is not there',
    [node('a'), node('b', 'a', 'nobody'), node('c', 'b')],
    ['a', 'c<a'],
    ['b | it depends on nobody, which is no question of the draft | c now depends on a'],
  ],
  [
    'an id twice: the first has it',
    [node('a'), { ...node('a'), text: 'Is it b?' }],
    ['a'],
    ['a | its id is that of an earlier question'],
  ],
  [
    'a text twice: children go to the first',
    [node('a'), { ...node('b', 'c'), text: 'is  IT a?' }, node('c'), node('d', 'b')],
    ['a', 'c', 'd<a'],
    ['b | it asks the same as a | d now depends on a'],
  ],
  [
    "an id of the organisation's",
    [node('org-dog')],
    [],
    [/^org-dog \| its id must be .* and not begin with org-$/],
  ],
  [
    'an id that is none',
    [node('A dog'), node('b', 'A dog')],
    ['b'],
    [/^A dog \| its id must be .* \| b now depends on nothing$/],
  ],
])('%s', (_, nodes, kept, rejected) => {
  const found = outcome(nodes);
  expect(found.kept).toEqual(kept);
  expect(found.rejected).toHaveLength(rejected.length);
  for (const [index, reason] of rejected.entries()) {
    if (typeof reason === 'string') expect(found.rejected[index]).toBe(reason);
    else expect(found.rejected[index]).toMatch(reason);
  }
});

test('children climb over several that are left out, to the nearest that is kept, and once', () => {
  const nodes = [node('a'), node('b', 'a'), node('c', 'b'), node('d', 'b'), node('e', 'c', 'd', 'a')];
  const bad = ['c', 'd'];
  const faultsOf = ({ id }: Node) => (bad.includes(id) ? ['bad', 'very'] : []);
  expect(outcome(nodes, { faultsOf })).toEqual({
    kept: ['a', 'b<a', 'e<b'],
    rejected: ['c | bad; very | e now depends on b', 'd | bad; very | e now depends on b'],
  });
});

test('what is beyond the number goes from the end, so that no parent is missed', () => {
  const { kept, rejected } = outcome([node('c', 'b'), node('b', 'a'), node('a'), node('d')], {
    maxQuestions: 2,
  });
  expect(kept).toEqual(['a', 'b<a']);
  expect(rejected).toEqual(['c', 'd'].map((id) => `${id} | it is beyond the 2 that were asked for`));
});

test('more parents than the contract allows', () => {
  const parents = Array.from({ length: 17 }, (_, index) => node(`p${index}`));
  const found = outcome([...parents, node('child', ...parents.map(({ id }) => id))]);
  expect(found.rejected).toEqual(['child | it depends on more than 16 questions']);
});

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'No Id', ''];
const anyNode = fc.record({
  id: fc.constantFrom(...ids),
  text: fc.constantFrom('Is it 1?', 'Is it 2?', 'Is it 3?', 'Is it 4?', 'Is it 5?', 'Is it 6?'),
  dependsOn: fc.uniqueArray(fc.constantFrom(...ids, 'nobody'), { maxLength: 3 }),
});

test('whatever is drafted, what is kept is in order, and nothing is lost unsaid', () => {
  fc.assert(
    fc.property(
      fc.array(anyNode, { maxLength: 12 }),
      fc.constantFrom(1, 3, 12),
      fc.subarray(ids),
      (drafted, maxQuestions, bad) => {
        const faultsOf = ({ id }: Node) => (bad.includes(id) ? ['bad'] : []);
        const { kept, rejected } = structured(drafted, { maxQuestions, faultsOf });
        expect(kept.length + rejected.length).toBe(drafted.length);
        expect(kept.length).toBeLessThanOrEqual(maxQuestions);
        const earlier = new Set<string>();
        for (const { id, dependsOn } of kept) {
          expect(id).toMatch(/^[a-f]$/);
          expect(bad).not.toContain(id);
          expect(earlier.has(id)).toBe(false);
          for (const parent of dependsOn) expect(earlier.has(parent)).toBe(true);
          expect(new Set(dependsOn).size).toBe(dependsOn.length);
          earlier.add(id);
        }
        expect(new Set(kept.map(({ text }) => text)).size).toBe(kept.length);
        for (const { reason } of rejected) expect(reason).not.toBe('');
      },
    ),
    { seed: 20261128, numRuns: 2_000 },
  );
});

test('a draft that is in order comes out as it went in', () => {
  const graph = fc
    .integer({ min: 1, max: 10 })
    .chain((size) =>
      fc.tuple(
        ...Array.from({ length: size }, (_, index) =>
          fc
            .subarray(Array.from({ length: index }, (_, parent) => `q${parent}`))
            .map((parents) => node(`q${index}`, ...parents)),
        ),
      ),
    );
  fc.assert(
    fc.property(graph, (nodes) => expect(structured(nodes, good)).toEqual({ kept: nodes, rejected: [] })),
    { seed: 20261128, numRuns: 300 },
  );
});

test('without any reason nothing changes', () => {
  const nodes = [node('a'), node('b', 'a')];
  expect(without(nodes, new Map())).toEqual({ kept: nodes, rejected: [] });
});
