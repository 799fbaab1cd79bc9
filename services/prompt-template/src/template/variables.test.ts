import {
  type Variable,
  VariableSchema,
  VariableType,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { create, fromJson, type JsonObject, type JsonValue } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, test } from '@jest/globals';
import { resolveVariables } from './variables.ts';

const IMAGE = 'images/01920000-0000-7000-8000-000000000001';

function variable(name: string, type: VariableType, more: object = {}, defaultValue?: JsonValue): Variable {
  const value = defaultValue === undefined ? {} : { defaultValue: fromJson(ValueSchema, defaultValue) };
  return create(VariableSchema, { name, type, ...value, ...more });
}

const declared = [
  variable('item', VariableType.TEXT, { required: true, maxLength: 12 }),
  variable('note', VariableType.UNSPECIFIED),
  variable('size', VariableType.ENUM, { values: ['small', 'large'] }, 'small'),
  variable('count', VariableType.NUMBER, {}, 1),
  variable('tags', VariableType.LIST, { maxLength: 5 }),
  variable('photo', VariableType.IMAGE),
];

const resolve = (given: JsonObject) => resolveVariables(declared, given, { path: 'brief.variables' });

describe('what a brief gives', () => {
  test('is completed with defaults, and with null for what is not set', () => {
    const { values, problems } = resolve({ item: 'apple' });
    expect(problems).toEqual([]);
    expect(values).toEqual({ item: 'apple', note: null, size: 'small', count: 1, tags: null, photo: null });
  });

  test('is kept, each in the form of its type', () => {
    const given = {
      item: '12 apples 🍎',
      note: 'a\nb',
      size: 'large',
      count: ' 2.5 ',
      tags: ['a', 'b'],
      photo: IMAGE,
    };
    const { values, problems } = resolve(given);
    expect(problems).toEqual([]);
    expect(values).toEqual({ ...given, count: 2.5 });
  });

  test('may be null, which is the same as not given', () => {
    expect(resolve({ item: 'apple', size: null, note: null }).values).toMatchObject({
      size: 'small',
      note: null,
    });
  });
});

const bad: [JsonObject, string, RegExp][] = [
  [{}, 'item', /is required/],
  [{ item: null }, 'item', /is required/],
  [{ item: '' }, 'item', /is required/],
  [{ item: '  \n' }, 'item', /is required/],
  [{ item: 7 }, 'item', /must be text, not a number/],
  [{ item: true }, 'item', /must be text, not a boolean/],
  [{ item: ['apple'] }, 'item', /must be text, not a list/],
  [{ item: { name: 'apple' } }, 'item', /must be text, not an object/],
  [{ item: 'thirteen char' }, 'item', /has 13 characters; at most 12/],
  [{ item: 'a\u0000b' }, 'item', /control characters/],
  [{ item: 'a\u001b[31m' }, 'item', /control characters/],
  [{ item: 'a\u202eb' }, 'item', /control characters/],
  [{ note: 'x'.repeat(4_097) }, 'note', /has 4097 characters; at most 4096/],
  [{ size: 'medium' }, 'size', /must be one of small, large/],
  [{ size: 'Small' }, 'size', /must be one of/],
  [{ size: '' }, 'size', /must be one of/],
  [{ size: 1 }, 'size', /must be one of/],
  [{ count: 'three' }, 'count', /must be a number, not a text/],
  [{ count: '' }, 'count', /must be a number/],
  [{ count: '1e9' }, 'count', /must be a number/],
  [{ count: '0x10' }, 'count', /must be a number/],
  [{ count: [1] }, 'count', /must be a number, not a list/],
  [{ count: false }, 'count', /must be a number, not a boolean/],
  [{ tags: 'a, b' }, 'tags', /must be a list of texts, not a text/],
  [{ tags: ['a', 1] }, 'tags', /item 1 must be text/],
  [{ tags: ['a', null] }, 'tags', /item 1 must be text, not null/],
  [{ tags: ['sixsix'] }, 'tags', /item 0 has 6 characters/],
  [{ tags: Array.from({ length: 101 }, () => 'a') }, 'tags', /has 101 items/],
  [{ photo: 'https://example.com/a.png' }, 'photo', /must be the name of an image/],
  [{ photo: 'images/../secret' }, 'photo', /must be the name of an image/],
  [{ photo: `${IMAGE}0` }, 'photo', /must be the name of an image/],
  [{ colour: 'red' }, 'colour', /is not a variable: the template has item, note/],
  [{ Item: 'apple' }, 'Item', /is not a variable/],
  [{ __proto__x: 'a' }, '__proto__x', /is not a variable/],
  [{ 'a"b': 1 }, 'a"b', /is not a variable/],
];

test.each(bad)('%j is refused, naming %s', (given, name, description) => {
  const whole = 'item' in given || Object.keys(given).length === 0 ? given : { item: 'apple', ...given };
  const { problems } = resolve(whole);
  expect(problems).toEqual([
    { field: `brief.variables[${JSON.stringify(name)}]`, description: expect.stringMatching(description) },
  ]);
});

test('everything that is wrong is told at once', () => {
  const { problems } = resolve({ size: 'x', count: 'y', colour: 'red' });
  expect(problems.map(({ field }) => field)).toEqual([
    'brief.variables["colour"]',
    'brief.variables["item"]',
    'brief.variables["size"]',
    'brief.variables["count"]',
  ]);
});

test('a name from the prototype of objects is no variable that is given', () => {
  const odd = [variable('constructor', VariableType.TEXT)];
  expect(resolveVariables(odd, {}, { path: 'v' }).values).toEqual({ constructor: null });
});
