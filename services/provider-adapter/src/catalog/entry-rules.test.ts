import { describe, expect, test } from '@jest/globals';
import { PROVIDER_TYPES } from '../providers/provider-types.ts';
import { readCatalog, readEntries, readEntry } from './data-files.ts';

const surroundings = {
  hasProvider: (name: string) => name === 'test',
  nativeModels: () => ['known'],
};

const sound = {
  name: 'models/sound',
  provider: 'test',
  native_model: 'known',
  tasks: ['generate'],
  max_images_per_request: 1,
  capabilities: { prompt: { support: 'native', native: 'prompt' } },
};

const faultsOf = (entry: object) =>
  readEntry({ ...sound, ...entry }, surroundings).faults.map(({ field }) => field);

const capability = (field: string, value: object) => ({ capabilities: { [field]: value } });

describe('a broken entry is refused whole, with the path of each error', () => {
  test.each<[string, object, string[]]>([
    ['nothing wrong', {}, []],
    ['unknown fields', { colour: 1, terms: { planet: 'earth' } }, ['colour', 'terms.planet']],
    ['wrong types', { tasks: 'generate', max_prompt_chars: 'many' }, ['tasks', 'max_prompt_chars']],
    ['unknown enum', { tasks: ['fly'] }, ['tasks[0]']],
    ['a broken date', { shutdown_time: 'soon' }, ['shutdown_time']],
    [
      'rules of the contract',
      { name: 'models/UPPER', max_images_per_request: 0 },
      ['name', 'max_images_per_request'],
    ],
    ['unknown provider', { provider: 'nobody' }, ['provider']],
    ['unknown native model', { native_model: 'other' }, ['native_model']],
    [
      'not in the vocabulary',
      capability('colour', { support: 'native', native: 'x' }),
      ['capabilities[0].field'],
    ],
    ['no place', capability('seed', { support: 'native' }), ['capabilities[0].native']],
    [
      'bad path',
      capability('seed', { support: 'native', native: 'a..b' }),
      ['capabilities[0].native[0].path'],
    ],
    [
      'path to a prototype',
      capability('seed', { support: 'native', native: '__proto__.x' }),
      ['capabilities[0].native[0].path'],
    ],
    ['no means to emulate', capability('seed', { support: 'emulated' }), ['capabilities[0].support']],
    [
      'range',
      capability('steps', { support: 'native', native: 's', min: 9, max: 1 }),
      ['capabilities[0].min'],
    ],
    [
      'value of another field',
      capability('aspect_ratio', { support: 'native', native: 's', values: ['16:9', 'wide'] }),
      ['capabilities[0].values[1]'],
    ],
    [
      'default out of range',
      capability('steps', { support: 'native', native: 's', max: 5, default_value: 6 }),
      ['capabilities[0].default_value'],
    ],
    [
      'rules without any size',
      capability('size', { support: 'native', native: 's', min: 100, max: 120, step: 64 }),
      ['capabilities[0].max'],
    ],
    [
      'transform of another kind',
      capability('seed', { support: 'native', native: { path: 's', transform: 'width' } }),
      ['capabilities[0].native[0].transform'],
    ],
    [
      'lookup without a value',
      capability('quality', {
        support: 'native',
        native: { path: 's', transform: 'lookup', values: { low: 1 } },
      }),
      [
        'capabilities[0].native[0].values',
        'capabilities[0].native[0].values',
        'capabilities[0].native[0].values',
      ],
    ],
    [
      'a lookup of sizes without one for the rest',
      capability('size', {
        support: 'native',
        native: { path: 's', transform: 'lookup', values: { '1024x1024': 'square' } },
      }),
      ['capabilities[0].native[0].values'],
    ],
    ['a task without its image', { tasks: ['edit'] }, ['tasks[0]']],
    ['a combination of nothing', { combinations: [{ when: ['colour'] }] }, ['combinations[0].when[0]']],
    ['no schema', { options_schema: { type: 'nothing' } }, ['options_schema']],
    [
      'an unknown unit',
      { pricing: { version: '1', rules: [{ unit: 'smile', micro_usd: 1, when: { mood: 'good' } }] } },
      ['pricing.rules[0].unit', 'pricing.rules[0].when.mood'],
    ],
  ])('%s', (_name, entry, fields) => {
    expect(faultsOf(entry)).toEqual(fields);
  });
});

test('a file names itself in its faults, all of them at once', () => {
  const text = 'provider: test\nmodels:\n  a: { native_model: known }\n  b: { nonsense: 1 }\n';
  const { faults } = readEntries('test.yaml', text, surroundings);
  expect(faults.map(({ field }) => field)).toEqual([
    'test.yaml: models.a.tasks',
    'test.yaml: models.a.max_images_per_request',
    'test.yaml: models.b.nonsense',
  ]);
  expect(readEntries('broken.yaml', 'a: [', surroundings).faults[0]?.field).toBe('broken.yaml');
});

test('the entries that come with the service are sound', async () => {
  // `openai-compatible` is for servers that nobody foresaw, whose models are registered.
  const types = PROVIDER_TYPES.map(({ type }) => type).filter((type) => type !== 'openai-compatible');
  const models = await readCatalog({ hasProvider: (name) => types.includes(name) });
  expect(types.filter((type) => !models.some(({ provider }) => provider === type))).toEqual([]);
  expect(models.filter(({ pricing }) => pricing?.rules.length === 0).map(({ name }) => name)).toEqual([
    'models/sandbox-unpriced',
  ]);
});
