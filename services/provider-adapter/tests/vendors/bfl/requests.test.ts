import { Secret } from '@atelier/config';
import { describeWithSpec } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { bflProtocol } from '../../../src/providers/bfl/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { closedSchema, faultsOf, openPlaces } from '../schema-check.ts';

interface Spec {
  readonly paths: Readonly<Record<string, { readonly post?: Operation }>>;
}

interface Operation {
  readonly requestBody: {
    readonly content: { readonly 'application/json': { readonly schema: { readonly $ref: string } } };
  };
}

describeWithSpec<Spec>('bfl.openapi.json', 'requests to Black Forest Labs keep its specification', (spec) => {
  test('over the whole vocabulary', async () => {
    const models = (await readCatalog({ hasProvider: () => true })).filter(
      ({ provider }) => provider === 'bfl',
    );
    const requests = generatedRequests({
      models,
      protocol: bflProtocol,
      instance: { name: 'bfl', fields: new Map(), secrets: new Map([['API_KEY', new Secret('k')]]) },
      adapters: ['my-finetune'],
      options: [{ prompt_upsampling: true }],
      runs: 330,
    });
    const values = requests.map(({ wire }) => {
      const schema =
        spec.paths[new URL(wire.url).pathname]?.post?.requestBody.content['application/json'].schema;
      if (schema === undefined || wire.body?.kind !== 'json') throw new Error(`there is no ${wire.url}`);
      const name = schema.$ref.slice('#/components/schemas/'.length);
      return { validate: validator(spec, name), value: wire.body.value };
    });
    expect(values.length).toBeGreaterThanOrEqual(200);
    expect(faultsOf(values)).toEqual([]);
    expect(openPlaces(values)).toEqual([]);
  });
});

const validators = new Map<string, ReturnType<typeof closedSchema>>();

function validator(spec: object, name: string) {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const { schemas } = (spec as { components: { schemas: Record<string, object> } }).components;
  const made = closedSchema(spec, schemas[name] ?? {});
  validators.set(name, made);
  return made;
}
