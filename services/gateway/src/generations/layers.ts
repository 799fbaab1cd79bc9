import {
  type Parameters,
  ReferenceImageSchema,
  ReferenceRole,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { Prompt } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import {
  type ParameterLayer,
  ParameterLayerSchema,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create } from '@bufbuild/protobuf';

/** The layers of a request, most specific first; those that say nothing are left out. */
export function parameterLayers(
  call: Parameters | undefined,
  project: Parameters | undefined,
  template: Parameters | undefined,
): ParameterLayer[] {
  const layer = (source: ValueSource, parameters: Parameters | undefined) =>
    parameters === undefined ? [] : [create(ParameterLayerSchema, { source, parameters })];
  return [
    ...layer(ValueSource.CALL, call),
    ...layer(ValueSource.PROJECT, project),
    ...layer(ValueSource.TEMPLATE, template),
  ];
}

/**
 * The layers with the negative prompt that the prompt writer gave. It stands for the template, above what the template
 * itself sets, so that what project or call say goes before it.
 */
export function withNegativePrompt(
  layers: readonly ParameterLayer[],
  prompt: Prompt,
  takesNegativePrompt: boolean,
): ParameterLayer[] {
  if (prompt.negativePrompt === '' || !takesNegativePrompt) return [...layers];
  const written = create(ParameterLayerSchema, {
    source: ValueSource.TEMPLATE,
    parameters: { negativePrompt: prompt.negativePrompt },
  });
  const template = layers.findIndex(({ source }) => source === ValueSource.TEMPLATE);
  return layers.toSpliced(template < 0 ? layers.length : template, 0, written);
}

/**
 * The layers of an edit: the image that is edited stands first among the reference images that the request has besides.
 * What they set otherwise stays, the strength of an init image of their own left out.
 */
export function withInitImage(layers: readonly ParameterLayer[], image: string): ParameterLayer[] {
  const others = layeredReferences(layers).filter(
    ({ role }) => role === ReferenceRole.STYLE || role === ReferenceRole.SUBJECT,
  );
  const referenceImages = [
    create(ReferenceImageSchema, { source: { case: 'image', value: image }, role: ReferenceRole.INIT }),
    ...others,
  ];
  const edited = create(ParameterLayerSchema, {
    source: ValueSource.PLATFORM,
    parameters: { referenceImages },
  });
  return [edited, ...layers];
}

/** The value of a field after precedence: the most specific layer that sets it, unless one above clears it. */
export function layeredValue<K extends 'count' | 'seed'>(
  layers: readonly ParameterLayer[],
  field: K,
): Parameters[K] {
  for (const { parameters } of layers) {
    const value = parameters?.[field];
    if (value !== undefined) return value;
    if (parameters?.clear?.paths.includes(field)) return undefined;
  }
  return undefined;
}

/** The reference images after precedence; a non-empty list replaces that of the layer below. */
export function layeredReferences(layers: readonly ParameterLayer[]): Parameters['referenceImages'] {
  for (const { parameters } of layers) {
    if (parameters === undefined) continue;
    if (parameters.referenceImages.length > 0) return parameters.referenceImages;
    if (parameters.clear?.paths.includes('reference_images')) return [];
  }
  return [];
}
