import { ParametersSchema } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { PromptSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { layeredValue, parameterLayers, withNegativePrompt } from './layers.ts';

const parameters = (init: Parameters<typeof create<typeof ParametersSchema>>[1]) =>
  create(ParametersSchema, init);

test('the most specific layer that sets a field gives its value', () => {
  const layers = parameterLayers(undefined, parameters({ count: 2 }), parameters({ count: 3, seed: 5n }));
  expect(layeredValue(layers, 'count')).toBe(2);
  expect(layeredValue(layers, 'seed')).toBe(5n);
});

test('a layer that clears a field hides what lies below', () => {
  const layers = parameterLayers(
    parameters({ clear: { paths: ['seed'] } }),
    parameters({ seed: 5n }),
    undefined,
  );
  expect(layeredValue(layers, 'seed')).toBeUndefined();
});

test("the writer's negative prompt stands above the template's own and below the project's", () => {
  const layers = parameterLayers(parameters({}), parameters({}), parameters({ negativePrompt: 'blur' }));
  const prompt = create(PromptSchema, { text: 'x', negativePrompt: 'text' });
  const sources = withNegativePrompt(layers, prompt, true).map((layer) => [
    layer.source,
    layer.parameters?.negativePrompt,
  ]);
  expect(sources).toEqual([
    [ValueSource.CALL, undefined],
    [ValueSource.PROJECT, undefined],
    [ValueSource.TEMPLATE, 'text'],
    [ValueSource.TEMPLATE, 'blur'],
  ]);
  expect(withNegativePrompt(layers, prompt, false)).toEqual(layers);
});
