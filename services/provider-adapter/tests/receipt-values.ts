import {
  type OutputFormat,
  type ParametersSchema,
  ReferenceRole,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { type FieldCapability, type Model, Support } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import type { JsonObject, JsonValue, MessageInitShape } from '@bufbuild/protobuf';
import { fitShape, fitSize, isSameRatio } from '../src/parameters/dimensions.ts';
import { fitNumber } from '../src/parameters/fit.ts';
import {
  type EnumField,
  enumNumber,
  enumSpellings,
  isEnumField,
  parseRatio,
  parseSize,
  type Size,
  sizeText,
} from '../src/parameters/vocabulary.ts';

type Init = MessageInitShape<typeof ParametersSchema>;

/** A value of one field in a request, and the receipt's entry that speaks of it. */
export interface Ask {
  readonly what: string;
  readonly entry: string;
  readonly prompt?: string;
  readonly parameters: Init;
  /** How many images are wanted; the default is one. */
  readonly candidates?: number;
  /** Whether the platform has means of its own for it on every model. */
  readonly isFree?: boolean;
}

/** A value that a model does not take, and what becomes of it. */
export interface Outside extends Ask {
  readonly adapted: FieldDisposition;
  readonly ignored: readonly FieldDisposition[];
  /** Whether it is brought about under every policy, so that there is nothing to refuse. */
  readonly isKept?: boolean;
}

const { CLAMPED, DROPPED, EMULATED } = FieldDisposition;

const image = (role: ReferenceRole, strength?: number) => ({
  role,
  ...(strength !== undefined && { strength }),
  source: { case: 'image' as const, value: 'images/00000000-0000-7000-8000-000000000000' },
});

const ROLES: Readonly<Record<string, ReferenceRole>> = {
  init: ReferenceRole.INIT,
  mask: ReferenceRole.MASK,
  style: ReferenceRole.STYLE,
  subject: ReferenceRole.SUBJECT,
  control: ReferenceRole.CONTROL,
};

const ask = (field: string, parameters: Init, what: unknown, more: Partial<Ask> = {}): Ask => ({
  what: `${field} ${String(what)}`,
  entry: field,
  parameters,
  ...more,
});

/** A request with one image of a role; a mask goes with the picture that it masks. */
function reference(field: string, role: ReferenceRole, strength?: number): Ask {
  const images = [...(role === ReferenceRole.MASK ? [image(ReferenceRole.INIT)] : []), image(role, strength)];
  const entry = `reference_images[${images.length - 1}]`;
  return {
    what: field,
    entry: strength === undefined ? entry : `${entry}.strength`,
    parameters: { referenceImages: images },
  };
}

/** One value of every cell of the mapping table, for models that lack the field. */
export const ASKED: Readonly<Record<string, Ask>> = {
  prompt: { what: 'prompt', entry: 'prompt', parameters: {} },
  negative_prompt: ask('negative_prompt', { negativePrompt: 'people' }, 'people'),
  style: ask('style', { style: 'photographic' }, 'photographic'),
  size: ask('size', { size: { width: 1_000, height: 700 } }, '1000x700'),
  aspect_ratio: ask('aspect_ratio', { aspectRatio: '16:9' }, '16:9'),
  resolution: ask('resolution', { resolution: 3 }, '2k'),
  count: ask('count', { count: 2 }, 2, { candidates: 2, isFree: true }),
  seed: ask('seed', { seed: 7n }, 7),
  guidance: ask('guidance', { guidance: 3 }, 3),
  steps: ask('steps', { steps: 20 }, 20),
  quality: ask('quality', { quality: 3 }, 'high'),
  background: ask('background', { background: 2 }, 'transparent'),
  output_format: ask('output_format', { outputFormat: 3 }, 'webp'),
  compression: ask('compression', { compression: 70, outputFormat: 2 }, 70),
  reference_images: reference('reference_images', ReferenceRole.INIT),
  ...Object.fromEntries(
    Object.entries(ROLES).flatMap(([name, role]) => [
      [`${name}_image`, reference(`${name}_image`, role)],
      [`${name}_strength`, reference(`${name}_strength`, role, 0.5)],
    ]),
  ),
  fine_tunes: ask('fine_tunes', { fineTunes: [{ adapter: 'owner/adapter' }] }, 'owner/adapter', {
    entry: 'fine_tunes[0]',
  }),
  fine_tune_weight: ask('fine_tune_weight', { fineTunes: [{ adapter: 'owner/adapter', weight: 0.5 }] }, 0.5, {
    entry: 'fine_tunes[0].weight',
  }),
  safety: ask('safety', { safety: 2 }, 'standard'),
  provider_options: ask('provider_options', {}, ''),
};

/** What the entry says of a cell. Options are there where the entry has a schema for them. */
export function supportOf(model: Model, field: string): Support {
  if (field === 'provider_options') return model.optionsSchema === undefined ? Support.NONE : Support.NATIVE;
  const support = capabilityOf(model, field)?.support;
  return support === undefined || support === Support.UNSPECIFIED ? Support.NONE : support;
}

/** What to ask of a model that lacks a cell. */
export function missing(model: Model, field: string): Ask {
  if (field === 'provider_options') return options(model, { made_up: 1 });
  if (field === 'compression') return compression(model, 70);
  const asked = ASKED[field];
  if (asked === undefined) throw new Error(`no value of ${field}`);
  return asked;
}

/** Whether a model without a ratio or a resolution may have it by its size. */
export function isReachedBySize(model: Model, field: string): boolean {
  const isShape = field === 'aspect_ratio' || field === 'resolution';
  return isShape && supportOf(model, 'size') === Support.NATIVE;
}

/** A value that a model with the cell takes as it is. */
export function inside(model: Model, field: string): Ask {
  const capability = capabilityOf(model, field);
  const { values = [] } = capability ?? {};
  switch (field) {
    case 'size': {
      const size = parseSize(values[0] ?? '') ?? fitShape(1, 1_024 * 1_024, capability as FieldCapability);
      return ask(field, { size: size as Size }, size && sizeText(size));
    }
    case 'count': {
      // With a seed each image has a request of its own.
      const count = supportOf(model, 'seed') === Support.NATIVE ? 1 : 2;
      return ask(field, { count }, count, { candidates: count });
    }
    case 'compression':
      return compression(model, fitNumber(70, capability as FieldCapability));
    case 'style':
    case 'aspect_ratio':
      return values[0] === undefined ? missing(model, field) : word(field, values[0]);
    case 'provider_options':
      return options(model, sample(model.optionsSchema ?? {}) as JsonObject);
    case 'reference_images':
      return reference(field, capability?.roles[0] as ReferenceRole);
    default:
  }
  if (isEnumField(field)) return word(field, values[0] ?? enumSpellings(field)[0] ?? '');
  if (isNumber(field) || field.endsWith('_strength')) {
    return number(field, fitNumber(capability?.min ?? 1, capability as FieldCapability));
  }
  return missing(model, field);
}

/** A value that a model with the cell does not take; undefined where it takes every one. */
export function outside(model: Model, field: string): Outside | undefined {
  const capability = capabilityOf(model, field);
  const { values = [], min, max } = capability ?? {};
  const dropped = [DROPPED];
  switch (field) {
    case 'prompt': {
      const prompt = 'word '.repeat(model.maxPromptChars / 5 + 1);
      const long = { ...ask(field, {}, 'too long'), prompt };
      return model.maxPromptChars === 0 ? undefined : { ...long, adapted: CLAMPED, ignored: [CLAMPED] };
    }
    case 'negative_prompt': {
      const long = ask(field, { negativePrompt: 'word '.repeat((max ?? 0) / 5 + 1) }, 'too long');
      return max === undefined ? undefined : { ...long, adapted: CLAMPED, ignored: dropped };
    }
    case 'style':
      // Said in the prompt instead.
      return values.length === 0
        ? undefined
        : { ...word(field, 'made up'), adapted: EMULATED, ignored: dropped };
    case 'size': {
      const asked = { width: 16_384, height: 16_384 };
      const fitted = fitSize(asked, capability as FieldCapability);
      if (fitted === undefined || sizeText(fitted) === sizeText(asked)) return undefined;
      // Half as large at least, it is made smaller and enlarged.
      const adapted = fitted.width * 2 >= asked.width ? EMULATED : CLAMPED;
      return { ...ask(field, { size: asked }, sizeText(asked)), adapted, ignored: dropped };
    }
    case 'aspect_ratio': {
      const isThere = values.some((value) => isSameRatio(parseRatio(value) ?? 0, 13 / 7));
      if (values.length === 0 || isThere) return undefined;
      return { ...word(field, '13:7'), adapted: CLAMPED, ignored: dropped };
    }
    case 'count': {
      const perRequest = supportOf(model, 'seed') === Support.NATIVE ? 1 : model.maxImagesPerRequest;
      const count = perRequest + 1;
      // Several requests make them, whatever the policy.
      const more = { adapted: EMULATED, ignored: [EMULATED], isKept: true };
      return { ...ask(field, { count }, count, { candidates: count }), ...more };
    }
    case 'compression': {
      const value = (max ?? 100) < 100 ? 100 : 0;
      const isTaken = (min ?? 0) === 0 && (max ?? 100) === 100;
      return isTaken ? undefined : { ...compression(model, value), adapted: CLAMPED, ignored: dropped };
    }
    case 'provider_options':
      return { ...options(model, { made_up: 1 }), adapted: DROPPED, ignored: dropped };
    case 'reference_images': {
      const role = Object.values(ROLES).find((each) => !capability?.roles.includes(each));
      return role === undefined
        ? undefined
        : { ...reference(field, role), adapted: DROPPED, ignored: dropped };
    }
    case 'fine_tunes': {
      const fineTunes = Array.from({ length: (max ?? 1) + 1 }, () => ({ adapter: 'owner/adapter' }));
      const entry = `fine_tunes[${max ?? 1}]`;
      return { ...ask(field, { fineTunes }, 'one too many', { entry }), adapted: DROPPED, ignored: dropped };
    }
    default:
  }
  if (isEnumField(field)) return otherWord(model, field, values);
  if (field.endsWith('_image')) return oneTooMany(model, field, max ?? 1);
  const highest = field.endsWith('_strength') ? 1 : Number.MAX_SAFE_INTEGER;
  const isAbove = max !== undefined && max < highest;
  const isBelow = min !== undefined && min > 0;
  if (!isAbove && !isBelow) return undefined;
  const value = isAbove ? max + 1 : Math.max(0, (min ?? 0) - 1);
  return { ...number(field, value), adapted: CLAMPED, ignored: dropped };
}

/** A word that the model does not take: brought near where there is an order, or about by encoding anew. */
function otherWord(model: Model, field: EnumField, values: readonly string[]): Outside | undefined {
  const other = enumSpellings(field).find((spelling) => values.length > 0 && !values.includes(spelling));
  // What a removed background leaves cannot be in a JPEG at all.
  if (other === undefined || model.tasks[0] === Task.REMOVE_BACKGROUND) return undefined;
  const adapted = { output_format: EMULATED, background: DROPPED }[field as string] ?? CLAMPED;
  return { ...word(field, other), adapted, ignored: [DROPPED] };
}

/** One image more than the model takes of a role; undefined for the roles of which nobody may have two. */
function oneTooMany(model: Model, field: string, limit: number): Outside | undefined {
  const name = field.slice(0, -'_image'.length);
  if (name === 'init' || name === 'mask') return undefined;
  const most = Math.min(limit, capabilityOf(model, 'reference_images')?.max ?? 1);
  const referenceImages = Array.from({ length: most + 1 }, () => image(ROLES[name] as ReferenceRole));
  const entry = `reference_images[${most}]`;
  return {
    what: `${field} one too many`,
    entry,
    parameters: { referenceImages },
    adapted: DROPPED,
    ignored: [DROPPED],
  };
}

function capabilityOf(model: Model, field: string): FieldCapability | undefined {
  return model.capabilities.find((capability) => capability.field === field);
}

const NUMBERS: Readonly<Record<string, (value: number) => Init>> = {
  seed: (seed) => ({ seed: BigInt(seed) }),
  guidance: (guidance) => ({ guidance }),
  steps: (steps) => ({ steps }),
};

function isNumber(field: string): boolean {
  return field in NUMBERS || field === 'fine_tune_weight';
}

function number(field: string, value: number): Ask {
  if (field.endsWith('_strength'))
    return reference(field, ROLES[field.split('_')[0] ?? ''] as ReferenceRole, value);
  if (field === 'fine_tune_weight') {
    const fineTunes = [{ adapter: 'owner/adapter', weight: value }];
    return ask(field, { fineTunes }, value, { entry: 'fine_tunes[0].weight' });
  }
  return ask(field, NUMBERS[field]?.(value) ?? {}, value);
}

/** A text, or a value of an enum by its spelling. */
function word(field: string, value: string): Ask {
  const name = field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return ask(field, { [name]: isEnumField(field) ? enumNumber(field, value) : value } as Init, value);
}

/** A compression, in a lossy format that the model has if it has one. */
function compression(model: Model, value: number): Ask {
  const { values = [], support } = capabilityOf(model, 'output_format') ?? {};
  const isLossy = (format: string) => values.length === 0 || values.includes(format);
  const format = support === Support.NATIVE && !isLossy('jpeg') ? 'webp' : 'jpeg';
  return ask(
    'compression',
    { compression: value, outputFormat: enumNumber('output_format', format) as OutputFormat },
    value,
  );
}

function options(model: Model, value: JsonObject): Ask {
  const field = `provider_options.${model.provider}`;
  return ask(field, { providerOptions: { [model.provider]: value } }, JSON.stringify(value));
}

/** A value that a schema takes: of an object its first property. */
function sample(schema: JsonObject): JsonValue {
  const { type, enum: allowed, minimum, properties } = schema;
  if (Array.isArray(allowed)) return allowed[0] ?? null;
  if (type === 'boolean') return true;
  if (type === 'string') return 'x';
  if (type === 'number' || type === 'integer') return typeof minimum === 'number' ? minimum : 1;
  const [first] = Object.entries((properties ?? {}) as JsonObject);
  return first === undefined ? {} : { [first[0]]: sample(first[1] as JsonObject) };
}
