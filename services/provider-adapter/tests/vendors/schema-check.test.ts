import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { closedSchema, faultsOf, openPlaces } from './schema-check.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true });
const item = { type: 'object', properties: { path: { type: 'string' } } };
const schema = (more: object) => ({
  type: 'object',
  properties: {
    prompt: { type: 'string' },
    size: { type: 'object' },
    loras: { type: 'array', items: { ...item, ...more } },
  },
});
const value = { prompt: 'an apple', size: { width: 1 }, loras: [{ path: 'a' }, { path: 'b' }] };

test('every place that takes an unknown field is found: at the top, below, and in lists', () => {
  const open = ajv.compile(schema({}));
  expect(openPlaces([{ validate: open, value }])).toEqual(['/', '/loras[]', '/size']);
  const closed = closedSchema({}, schema({ additionalProperties: false }));
  expect(openPlaces([{ validate: closed, value }])).toEqual(['/size']);
  // Nothing is left behind in what was looked at.
  expect(faultsOf([{ validate: closed, value }])).toEqual([]);
});

test('so is one in a value that a schema does not take for another reason', () => {
  const validate = ajv.compile({ ...schema({}), required: ['seed'] });
  expect(openPlaces([{ validate, value }])).toContain('/');
});
