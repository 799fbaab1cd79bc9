import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { submitBody } from '../../../src/providers/comfyui/jobs.ts';
import { comfyuiProtocol } from '../../../src/providers/comfyui/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { faultsOf, openPlaces } from '../schema-check.ts';
import { submitSchema } from './schema.ts';

const instance = {
  name: 'comfyui',
  fields: new Map([['BASE_URL', 'http://gpu.example:8188']]),
  secrets: new Map(),
};

interface Node {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

test('requests to ComfyUI keep its nodes, over the whole vocabulary', async () => {
  const models = (await readCatalog({ hasProvider: () => true })).filter(
    ({ provider }) => provider === 'comfyui',
  );
  const requests = generatedRequests({
    models,
    protocol: comfyuiProtocol,
    instance,
    runs: 300,
    adapters: ['detail.safetensors', 'styles/papercut.safetensors'],
    options: [{ sampler_name: 'euler', scheduler: 'simple' }, { scheduler: 'beta' }],
  });
  const validate = new Ajv2020({ strict: false, allErrors: true, multipleOfPrecision: 6 }).compile(
    submitSchema,
  );
  const values = requests.map(({ model, body, wire }) => {
    const image = () => ({ bytes: Buffer.from(''), mediaType: 'image/png', sha256: 'ab' });
    const { nativeModel } = model;
    const submitTime = new Date(0);
    const submission = { key: 'k', submitTime, nativeModel, operation: '', body, images: 1, image };
    return {
      validate,
      value: submitBody(wire, submission) as unknown as { readonly prompt: Readonly<Record<string, Node>> },
    };
  });
  expect(values.length).toBeGreaterThanOrEqual(300);
  expect(faultsOf(values).slice(0, 20)).toEqual([]);
  expect(openPlaces(values)).toEqual([]);
  // What a schema cannot say: every link leads to a node, and every node is led to, but for the one that saves.
  for (const { value } of values) {
    const nodes = Object.entries(value.prompt);
    const used = nodes.flatMap(([, { inputs }]) =>
      Object.values(inputs).flatMap((input) => (Array.isArray(input) ? [String(input[0])] : [])),
    );
    const left = nodes.filter(([id]) => !used.includes(id)).map(([, node]) => node.class_type);
    expect(left).toEqual(['SaveImage']);
    expect(used.filter((id) => !Object.hasOwn(value.prompt, id))).toEqual([]);
  }
});
