import {
  type FewShotExample,
  FewShotExampleSchema,
  type Variable,
  VariableSchema,
  VariableType,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { create, type JsonObject } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { allowedExamples, nearestExamples } from './few-shot.ts';

const declared: Variable[] = [
  create(VariableSchema, { name: 'item' }),
  create(VariableSchema, { name: 'count', type: VariableType.NUMBER }),
  create(VariableSchema, { name: 'ground', type: VariableType.ENUM, values: ['slate', 'linen'] }),
];
const example = (prompt: string, variables: JsonObject, brief = ''): FewShotExample =>
  create(FewShotExampleSchema, { prompt, variables, brief });
const nearest = (examples: FewShotExample[], variables: JsonObject, words = '', most = 6) =>
  nearestExamples(examples, { declared, variables, words }, most).map(({ prompt }) => prompt);

test('the nearest come first, those that disagree in number last, and equals as the template has them', () => {
  const examples = [
    example('one', { item: 'plums', count: 1, ground: 'slate' }),
    example('far', { item: 'figs', count: 4, ground: 'linen' }),
    example('far too', { item: 'kiwis', count: 5, ground: 'linen' }),
    example('ground', { item: 'figs', count: 4, ground: 'slate' }),
    example('same', { item: 'plums', count: 3, ground: 'slate' }),
    example('like', { item: 'ripe plums', count: 4, ground: 'linen' }),
  ];
  const wanted = { item: 'plums', count: 3, ground: 'slate' };
  expect(nearest(examples, wanted)).toEqual(['same', 'ground', 'like', 'far', 'far too', 'one']);
  expect(nearest(examples, wanted, '', 2)).toEqual(['same', 'ground']);
});

test("words of a free brief are compared with the examples' own", () => {
  const examples = [
    example('harbour', {}, 'fishing boats in a harbour at dawn'),
    example('mountain', {}, 'a mountain hut in snow'),
  ];
  expect(nearest(examples, {}, 'a wooden hut on a mountain')).toEqual(['mountain', 'harbour']);
});

test('an example with a forbidden term anywhere is left out', () => {
  const examples = [
    example('plums, with acme knives', { item: 'plums' }),
    example('plums', { item: 'Acme plums' }),
    example('plums', {}, 'plums by ACME'),
    example('acmeish plums', { item: 'plums' }),
  ];
  expect(allowedExamples(examples, ['acme'])).toEqual([examples[3]]);
});
