import { Secret } from '@atelier/config';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { jsonBody, type WireRequest } from '../../../src/providers/http/wire-request.ts';
import { dialectProtocol } from '../../../src/providers/openai-compatible/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { faultsOf, formFields, openPlaces } from '../schema-check.ts';
import { localai } from './schemas/localai.ts';
import { recraft } from './schemas/recraft.ts';
import type { DialectSchemas } from './schemas/schema.ts';
import { sglang } from './schemas/sglang.ts';
import { together } from './schemas/together.ts';
import { vllmOmni } from './schemas/vllm-omni.ts';
import { xai } from './schemas/xai.ts';

const BASE = 'https://server.example/v1';

/** Values of `provider_options` for a dialect's models. */
const OPTIONS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  'vllm-omni': [{ true_cfg_scale: 4 }],
  sglang: [{ true_cfg_scale: 4 }],
};

const DIALECTS: readonly (readonly [string, DialectSchemas])[] = [
  ['xai', xai],
  ['together', together],
  ['recraft', recraft],
  ['localai', localai],
  ['vllm-omni', vllmOmni],
  ['sglang', sglang],
];

const models = (await readCatalog({ hasProvider: () => true })).filter(
  ({ shutdownTime }) => shutdownTime === undefined,
);

describe.each(DIALECTS)('requests to %s keep its documentation', (type, schemas) => {
  const own = models.filter(({ provider }) => provider === type);
  const requests = generatedRequests({
    models: own,
    protocol: dialectProtocol(type),
    instance: {
      name: type,
      fields: new Map([['BASE_URL', BASE]]),
      secrets: new Map([['API_KEY', new Secret('k')]]),
    },
    adapters: ['https://weights.example/a', 'https://weights.example/b'],
    options: OPTIONS[type] ?? [],
  });
  const ajv = new Ajv2020({ allErrors: true, strict: false, formats: { uri: true } });
  const validators = new Map(Object.entries(schemas).map(([path, schema]) => [path, ajv.compile(schema)]));

  test('over the whole vocabulary', () => {
    const values = requests.map(({ wire }) => {
      const validate = validators.get(wire.url.slice(BASE.length));
      if (validate === undefined) throw new Error(`${type} has no ${wire.url}`);
      return { validate, value: sentIn(wire) };
    });
    expect(values.length).toBeGreaterThanOrEqual(200);
    // No operation that is described goes untried.
    expect(new Set(values.map(({ validate }) => validate)).size).toBe(validators.size);
    expect([...new Set(faultsOf(values))].slice(0, 5)).toEqual([]);
    expect(openPlaces(values)).toEqual([]);
  });

  test('a field that is not documented, and one that is missing, would be found', () => {
    const { wire } = requests.find(({ body }) => body.prompt !== undefined) ?? fail();
    const validate = validators.get(wire.url.slice(BASE.length));
    const { prompt: _, ...rest } = sentIn(wire);
    expect(validate?.(sentIn(wire))).toBe(true);
    expect(validate?.({ ...sentIn(wire), made_up: 1 })).toBe(false);
    expect(validate?.(rest)).toBe(false);
  });
});

function sentIn(wire: WireRequest): Record<string, unknown> {
  return wire.body?.kind === 'json' ? jsonBody(wire) : formFields(wire);
}

function fail(): never {
  throw new Error('no request was generated');
}
