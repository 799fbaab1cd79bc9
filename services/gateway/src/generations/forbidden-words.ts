import type { Parameters } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { ParameterLayer } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { type FieldViolation, invalidArgument } from '@atelier/rpc';
import { presentTerms } from '@atelier/terms';
import type { JsonValue } from '@bufbuild/protobuf';

/** Where a layer is in what the caller knows. */
const ORIGINS: Readonly<Partial<Record<ValueSource, string>>> = {
  [ValueSource.CALL]: 'generation',
  [ValueSource.PROJECT]: 'project',
  [ValueSource.TEMPLATE]: 'template',
};

/**
 * Throws INVALID_ARGUMENT where a parameter that is in force says a forbidden term: its words reach the model beside the
 * prompt, or in it. A negative prompt is left alone, since it says what shall not be there.
 */
export function refuseForbiddenWords(layers: readonly ParameterLayer[], terms: readonly string[]): void {
  const texts = [
    ...textsOf(layers, 'style', ({ style }) => style),
    ...textsOf(layers, 'provider_options', ({ providerOptions }) => providerOptions),
  ];
  const wrong = texts.flatMap(([field, text]): FieldViolation[] =>
    presentTerms(text, terms).map((term) => ({ field, description: `holds the forbidden term "${term}"` })),
  );
  if (wrong.length > 0) throw invalidArgument(wrong);
}

/** The texts of a field, with their paths, in the layer that has the word. */
function textsOf(
  layers: readonly ParameterLayer[],
  field: string,
  read: (parameters: Parameters) => JsonValue | undefined,
): [path: string, text: string][] {
  for (const { source, parameters } of layers) {
    if (parameters === undefined) continue;
    const value = read(parameters);
    if (value !== undefined) return textsIn(value, `${ORIGINS[source] ?? 'generation'}.parameters.${field}`);
    if (parameters.clear?.paths.includes(field)) return [];
  }
  return [];
}

function textsIn(value: JsonValue, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, `${path}.${key}`));
}
