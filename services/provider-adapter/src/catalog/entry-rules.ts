import { ReferenceRole, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  type FieldCapability,
  type Model,
  type PriceRule,
  Support,
} from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import type { FieldViolation } from '@atelier/rpc';
import { parseTerm } from '../parameters/combinations.ts';
import { parsePath } from '../parameters/native-path.ts';
import { optionsValidator } from '../parameters/provider-options.ts';
import { FIELDS, roleNames } from '../parameters/vocabulary.ts';
import { BOUND_UNITS, PRICED_UNITS } from '../pricing/units.ts';
import { mappingFaults } from './mapping-rules.ts';
import { valueFaults } from './value-rules.ts';

/** What an entry may list beside the vocabulary: the prompt, the task, and what single parts of list fields can do. */
const PARTS: readonly string[] = [
  'prompt',
  'task',
  'fine_tune_weight',
  ...roleNames().flatMap((role) => [`${role}_image`, `${role}_strength`]),
];

/** The fields for which the platform has other means, so that an entry may say `emulated`. */
const EMULATED: readonly string[] = ['negative_prompt', 'style', 'size', 'output_format', 'compression'];

/** What the rules need to know of the installation. */
export interface EntrySurroundings {
  /** Whether there is a provider instance of this name, configured or not. */
  readonly hasProvider: (name: string) => boolean;
  /** The native models that an instance knows, where they are a fixed list. */
  readonly nativeModels?: (provider: string) => readonly string[] | undefined;
}

/**
 * What is wrong with an entry beyond the rules of its contract: everything that would make the translator fail or lose
 * something. Paths are those of the message.
 */
export function entryFaults(model: Model, surroundings: EntrySurroundings): FieldViolation[] {
  return [
    ...providerFaults(model, surroundings),
    ...model.capabilities.flatMap((capability, index) =>
      capabilityFaults(model, capability, `capabilities[${index}]`, index),
    ),
    ...taskFaults(model),
    ...combinationFaults(model),
    ...optionsFaults(model),
    ...pricingFaults(model),
  ];
}

function providerFaults(model: Model, surroundings: EntrySurroundings): FieldViolation[] {
  const { provider, nativeModel } = model;
  if (!surroundings.hasProvider(provider)) {
    return [{ field: 'provider', description: `there is no provider instance ${provider}` }];
  }
  const known = surroundings.nativeModels?.(provider);
  if (known === undefined || known.includes(nativeModel)) return [];
  return [{ field: 'native_model', description: `${provider} has ${known.join(', ')}` }];
}

function capabilityFaults(
  model: Model,
  capability: FieldCapability,
  path: string,
  index: number,
): FieldViolation[] {
  const { field, support } = capability;
  const faults: FieldViolation[] = [];
  const add = (below: string, description: string) => faults.push({ field: `${path}.${below}`, description });
  if (!(FIELDS as readonly string[]).includes(field) && !PARTS.includes(field)) {
    add('field', `${field} is not a field of the vocabulary`);
    return faults;
  }
  if (model.capabilities.findIndex((other) => other.field === field) < index)
    add('field', `${field} is listed twice`);
  if (support === Support.EMULATED && !EMULATED.includes(field)) {
    add('support', `the platform has no other means for ${field}; it has for ${EMULATED.join(', ')}`);
  }
  const isPlaced = field !== 'reference_images' && field !== 'provider_options';
  if (support === Support.NATIVE && isPlaced && capability.native.length === 0) {
    add('native', 'a native field needs a place in the native request');
  }
  for (const [position, mapping] of capability.native.entries()) {
    const place = `native[${position}]`;
    if (parsePath(mapping.path) === undefined)
      add(`${place}.path`, 'is not a path such as input.seed or loras[].path');
    for (const { field: below, description } of mappingFaults(capability, mapping))
      add(`${place}.${below}`, description);
  }
  for (const { field: below, description } of valueFaults(capability)) add(below, description);
  return faults;
}

/** A task that the entry offers must be possible: one that starts from a picture needs a place for it. */
function taskFaults({ tasks, capabilities }: Model): FieldViolation[] {
  const references = capabilities.find(({ field }) => field === 'reference_images');
  const takes = (role: ReferenceRole, name: string) =>
    references?.support === Support.NATIVE &&
    references.roles.includes(role) &&
    capabilities.some(({ field, support }) => field === `${name}_image` && support === Support.NATIVE);
  return tasks.flatMap((task, index): FieldViolation[] => {
    if (task === Task.UNSPECIFIED) return [{ field: `tasks[${index}]`, description: 'is not said' }];
    if (task === Task.GENERATE) return [];
    if (!takes(ReferenceRole.INIT, 'init')) {
      return [
        { field: `tasks[${index}]`, description: 'needs reference_images of role init and init_image' },
      ];
    }
    if (task === Task.INPAINT && !takes(ReferenceRole.MASK, 'mask')) {
      return [
        { field: `tasks[${index}]`, description: 'needs reference_images of role mask and mask_image' },
      ];
    }
    return [];
  });
}

function combinationFaults({ combinations }: Model): FieldViolation[] {
  return combinations.flatMap(({ when, excludes, requires }, index) =>
    Object.entries({ when, excludes, requires }).flatMap(([list, terms]) =>
      terms.flatMap((term, position) =>
        parseTerm(term) === undefined
          ? [
              {
                field: `combinations[${index}].${list}[${position}]`,
                description: 'must be a field or field=value',
              },
            ]
          : [],
      ),
    ),
  );
}

function optionsFaults({ optionsSchema }: Model): FieldViolation[] {
  if (optionsSchema === undefined) return [];
  try {
    optionsValidator(optionsSchema);
    return [];
  } catch (error) {
    const why = (error as { message?: unknown }).message;
    return [{ field: 'options_schema', description: `is not a JSON Schema: ${String(why)}` }];
  }
}

function pricingFaults({ pricing }: Model): FieldViolation[] {
  return [
    ...priceFaults('rules', pricing?.rules ?? [], PRICED_UNITS),
    ...priceFaults('bounds', pricing?.bounds ?? [], BOUND_UNITS),
  ];
}

function priceFaults(list: string, rules: readonly PriceRule[], units: readonly string[]): FieldViolation[] {
  return rules.flatMap(({ unit, when }, index) => {
    const faults: FieldViolation[] = [];
    const field = `pricing.${list}[${index}]`;
    if (!units.includes(unit)) {
      faults.push({ field: `${field}.unit`, description: `must be one of ${units.join(', ')}` });
    }
    for (const condition of Object.keys(when)) {
      if (condition !== 'task' && !(FIELDS as readonly string[]).includes(condition)) {
        faults.push({ field: `${field}.when.${condition}`, description: 'is not a unified field' });
      }
    }
    return faults;
  });
}
