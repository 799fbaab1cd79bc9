import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Draft, dropOrRefuse, lacks, nativeCapability, record, refuse } from './draft.ts';
import type { Asked, AskedFields } from './layers.ts';
import { mergeBody, setPath } from './native-path.ts';

/** Compiled schemas by their text. A catalog has a few hundred at most; beyond that all are compiled anew. */
const validators = new Map<string, ValidateFunction>();
const MAX_VALIDATORS = 1_000;

/** Compiles a schema of options. Throws where it is not a JSON Schema. */
export function optionsValidator(schema: JsonObject): ValidateFunction {
  const text = JSON.stringify(schema);
  let validate = validators.get(text);
  if (validate === undefined) {
    if (validators.size >= MAX_VALIDATORS) validators.clear();
    // An instance of its own, so that an entry's `$id` cannot meet another's.
    validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
    validators.set(text, validate);
  }
  return validate;
}

/**
 * Passes on the native fields that are meant for this provider, checked against the model's schema. They go to the top of
 * every native body, or to the place that the entry's `provider_options` names. Options for other
 * providers are left alone and recorded, so that a request that carries options for several can change its model freely.
 */
export function translateOptions(
  draft: Draft,
  asked: AskedFields,
  providerType: string,
  bodies: readonly JsonObject[],
): void {
  const options = asked.provider_options;
  if (options === undefined) return;
  for (const [provider, value] of Object.entries(options.value)) {
    const field = `provider_options.${provider}`;
    if (provider !== providerType && provider !== draft.model.provider) {
      const reason = `for another provider: ${draft.model.name} is served by ${draft.model.provider}`;
      record(draft, field, FieldDisposition.DROPPED, { asked: value, source: options.source, reason });
    } else pass(draft, field, options, value, bodies);
  }
}

function pass(
  draft: Draft,
  field: string,
  asked: Asked<unknown>,
  value: JsonValue,
  bodies: readonly JsonObject[],
) {
  const faults = faultsOf(draft.model, value);
  if (faults === undefined) {
    return dropOrRefuse(draft, field, asked, value, lacks(draft, 'provider_options'));
  }
  if (faults.length > 0) return dropOrRefuse(draft, field, asked, value, faults.join('; '));
  const [place] = nativeCapability(draft, 'provider_options')?.native ?? [];
  const placed: JsonObject = {};
  if (place === undefined) Object.assign(placed, value);
  else setPath(placed, place.path, value);
  const taken = new Set(bodies.flatMap((body) => mergeBody(body, placed)));
  if (taken.size > 0) {
    const why = `a field of the vocabulary has the same place: ${[...taken].join(', ')}`;
    refuse(draft, field, asked, why, 'CONTRADICTORY_FIELDS');
    record(draft, field, FieldDisposition.DROPPED, { asked: value, source: asked.source, reason: why });
    return;
  }
  draft.effective.provider_options = {
    ...draft.effective.provider_options,
    [field.slice('provider_options.'.length)]: value,
  };
  record(draft, field, FieldDisposition.NATIVE, {
    asked: value,
    sent: value,
    nativeField: place?.path ?? Object.keys(value as JsonObject).join(', '),
    source: asked.source,
  });
}

/** What is wrong with options by the model's schema; undefined where the model takes none. */
function faultsOf(model: Model, value: JsonValue): string[] | undefined {
  if (model.optionsSchema === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['must be an object'];
  const validate = optionsValidator(model.optionsSchema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const extra = (params as { additionalProperty?: string }).additionalProperty;
    const path = instancePath.slice(1).replaceAll('/', '.');
    return [path, message, extra].filter((part) => part !== undefined && part !== '').join(' ');
  });
}
