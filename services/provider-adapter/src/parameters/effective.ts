import {
  type Background,
  type OutputFormat,
  type Parameters,
  ParametersSchema,
  type Quality,
  type Resolution,
  type Safety,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { create } from '@bufbuild/protobuf';
import type { Draft } from './draft.ts';
import { enumNumber } from './vocabulary.ts';

/** The parameters as they count after precedence and adaptation, as a message. */
export function toParameters(effective: Draft['effective']): Parameters {
  const parameters = create(ParametersSchema, {
    ...optional('negativePrompt', effective.negative_prompt),
    ...optional('style', effective.style),
    ...optional('size', effective.size && { ...effective.size }),
    ...optional('aspectRatio', effective.aspect_ratio),
    ...optional('count', effective.count),
    ...optional('seed', effective.seed === undefined ? undefined : BigInt(effective.seed)),
    ...optional('guidance', effective.guidance),
    ...optional('steps', effective.steps),
    ...optional('compression', effective.compression),
    ...optional('providerOptions', effective.provider_options),
    referenceImages: [...(effective.reference_images ?? [])],
    fineTunes: (effective.fine_tunes ?? []).map((tune) => ({ ...tune })),
  });
  const { resolution, quality, background, output_format: format, safety } = effective;
  if (resolution !== undefined) parameters.resolution = enumNumber('resolution', resolution) as Resolution;
  if (quality !== undefined) parameters.quality = enumNumber('quality', quality) as Quality;
  if (background !== undefined) parameters.background = enumNumber('background', background) as Background;
  if (format !== undefined) parameters.outputFormat = enumNumber('output_format', format) as OutputFormat;
  if (safety !== undefined) parameters.safety = enumNumber('safety', safety) as Safety;
  return parameters;
}

function optional<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: V });
}
