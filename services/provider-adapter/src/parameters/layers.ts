import type { Parameters } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { FIELDS, type Field, spell, type Values } from './vocabulary.ts';

/** One layer of parameters with where it comes from. */
export interface Layer {
  readonly source: ValueSource;
  readonly parameters: Parameters;
}

/** A value that some layer asks for. */
export interface Asked<T = Values[Field]> {
  readonly value: T;
  readonly source: ValueSource;
  /** Position of its layer, 0 being the most specific: what tells which of two contradicting values gives way. */
  readonly layer: number;
  /** Whether a layer forbids that the value be adapted or dropped. */
  readonly isRequired: boolean;
}

/** What is asked for, by field; absent where nobody asks. */
export type AskedFields = { readonly [F in Field]?: Asked<Values[F]> };

/**
 * Merges layers field by field, the first that sets a field winning. A layer that clears a field hides it in all layers
 * below; a field is required if any layer that is not hidden requires it, whichever layer gives the value.
 */
export function mergeLayers(layers: readonly Layer[]): AskedFields {
  const merged: Partial<Record<Field, Asked>> = {};
  for (const field of FIELDS) {
    const asked = firstAsked(layers, field);
    if (asked !== undefined) merged[field] = asked;
  }
  return merged as AskedFields;
}

function firstAsked(layers: readonly Layer[], field: Field): Asked | undefined {
  let found: Omit<Asked, 'isRequired'> | undefined;
  let isRequired = false;
  for (const [layer, { source, parameters }] of layers.entries()) {
    isRequired ||= parameters.required?.paths.includes(field) ?? false;
    const value = fieldValue(parameters, field);
    if (value !== undefined) found ??= { value, source, layer };
    if (parameters.clear?.paths.includes(field)) break;
  }
  return found === undefined ? undefined : { ...found, isRequired };
}

/** The value of a field in one layer, in the translator's form; undefined where the layer does not set it. */
export function fieldValue<F extends Field>(parameters: Parameters, field: F): Values[F] | undefined {
  return READERS[field](parameters);
}

const READERS: { readonly [F in Field]: (parameters: Parameters) => Values[F] | undefined } = {
  negative_prompt: (p) => p.negativePrompt,
  style: (p) => p.style,
  size: (p) => p.size && { width: p.size.width, height: p.size.height },
  aspect_ratio: (p) => p.aspectRatio,
  resolution: (p) => spell('resolution', p.resolution),
  count: (p) => p.count,
  seed: (p) => (p.seed === undefined ? undefined : Number(p.seed)),
  guidance: (p) => p.guidance,
  steps: (p) => p.steps,
  quality: (p) => spell('quality', p.quality),
  background: (p) => spell('background', p.background),
  output_format: (p) => spell('output_format', p.outputFormat),
  compression: (p) => p.compression,
  reference_images: (p) => (p.referenceImages.length > 0 ? p.referenceImages : undefined),
  fine_tunes: (p) =>
    p.fineTunes.length > 0
      ? p.fineTunes.map(({ adapter, weight }) => ({ adapter, ...(weight !== undefined && { weight }) }))
      : undefined,
  safety: (p) => spell('safety', p.safety),
  provider_options: (p) => p.providerOptions,
};
