import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { parseRatio, parseSize } from '../../../parameters/vocabulary.ts';
import type { InputField } from './input-schema.ts';

/** What a field of an input says of the model, in the form of the catalog's files. */
export interface Known {
  /** Capabilities by field of the vocabulary. */
  readonly capabilities: Readonly<Record<string, JsonObject>>;
  /** What a person has to look at. */
  readonly notes?: readonly string[];
}

/** Reads a field; undefined where it is not of this meaning after all. */
type Reader = (field: InputField) => Known | undefined;

const FORMATS: Readonly<Record<string, string>> = { png: 'png', jpg: 'jpeg', jpeg: 'jpeg', webp: 'webp' };

/** Seeds without a range are of 32 bits, of which one is for the sign. */
const MAX_SEED = 2_147_483_647;

/** Names that models use, with what they mean. The first name of a meaning that a model has is taken. */
const READERS: readonly { readonly names: readonly string[]; readonly read: Reader }[] = [
  { names: ['prompt', 'text_prompt', 'positive_prompt', 'text', 'caption'], read: text('prompt') },
  { names: ['negative_prompt', 'negative'], read: text('negative_prompt') },
  { names: ['style', 'style_preset', 'style_type', 'style_name'], read: style },
  { names: ['aspect_ratio', 'ratio'], read: aspectRatio },
  { names: ['size', 'resolution', 'image_size'], read: sizeOrResolution },
  { names: ['num_outputs', 'num_images', 'number_of_images', 'num_samples', 'n'], read: range('count') },
  { names: ['seed'], read: seed },
  { names: ['guidance', 'guidance_scale', 'cfg', 'cfg_scale'], read: range('guidance') },
  { names: ['num_inference_steps', 'steps', 'inference_steps', 'num_steps'], read: range('steps') },
  { names: ['quality'], read: quality },
  { names: ['background'], read: words('background', ['opaque', 'transparent']) },
  { names: ['output_format', 'format'], read: format },
  { names: ['output_quality', 'image_quality', 'output_compression'], read: range('compression') },
  { names: ['safety_tolerance'], read: tolerance },
  { names: ['disable_safety_checker'], read: checker },
  { names: ['lora_weights', 'replicate_weights', 'lora', 'lora_url', 'hf_lora'], read: adapter },
  { names: ['lora_scale', 'lora_strength'], read: range('fine_tune_weight') },
];

/** The readers for an input's fields, by field name: one field for each meaning. */
export function readersOf(fields: readonly InputField[]): ReadonlyMap<string, Reader> {
  const has = new Set(fields.map(({ name }) => name));
  return new Map(
    READERS.flatMap(({ names, read }) => {
      const name = names.find((each) => has.has(each));
      return name === undefined ? [] : [[name, read] as const];
    }),
  );
}

function text(meaning: string): Reader {
  return ({ name, type }) =>
    type === 'string' ? known(meaning, { support: 'native', native: name }) : undefined;
}

function range(meaning: string): Reader {
  return (field) => {
    const { name, type, minimum, maximum } = field;
    if (type !== 'integer' && type !== 'number') return undefined;
    const capability = {
      support: 'native',
      ...(minimum !== undefined && { min: minimum }),
      ...(maximum !== undefined && { max: maximum }),
      ...(type === 'integer' && { step: 1 }),
      ...(meaning !== 'count' && defaultOf(field)),
      native: name,
    };
    const isOpen = minimum === undefined || maximum === undefined;
    return known(meaning, capability, isOpen ? [`${name} has no range: give ${meaning} one.`] : []);
  };
}

function seed({ name, type, minimum, maximum }: InputField): Known | undefined {
  if (type !== 'integer') return undefined;
  const capability = {
    support: 'native',
    min: Math.max(0, minimum ?? 0),
    max: maximum ?? MAX_SEED,
    native: name,
  };
  return known('seed', capability);
}

function style(field: InputField): Known | undefined {
  const values = field.values.filter((value): value is string => typeof value === 'string');
  const real = values.filter((value) => !['none', ''].includes(value.toLowerCase()));
  if (real.length === 0) return undefined;
  return known('style', { support: 'native', values: real, native: field.name });
}

function aspectRatio({ name, values, default: usual }: InputField): Known | undefined {
  const spelled = values.filter((value): value is string => typeof value === 'string');
  const isX = spelled.some((value) => /^\d+x\d+$/.test(value));
  const unified = (value: string) => (isX ? value.replace('x', ':') : value);
  const ratios = spelled.map(unified).filter((value) => parseRatio(value) !== undefined);
  if (ratios.length === 0) return undefined;
  const given = typeof usual === 'string' ? unified(usual) : '';
  const left = spelled.filter((value) => !ratios.includes(unified(value)));
  return known(
    'aspect_ratio',
    {
      support: 'native',
      values: ratios,
      ...(ratios.includes(given) && { default_value: given }),
      native: isX ? { path: name, transform: 'ratio_x' } : name,
    },
    left.length === 0 ? [] : [`${name} also takes ${left.join(', ')}, which is no ratio.`],
  );
}

const RESOLUTIONS: Readonly<Record<string, string>> = {
  '512': '512',
  '1k': '1k',
  '1 mp': '1k',
  '2k': '2k',
  '4 mp': '2k',
  '4k': '4k',
};

function sizeOrResolution(field: InputField): Known | undefined {
  const { name, values, default: usual } = field;
  const spelled = values.filter((value): value is string => typeof value === 'string');
  const sizes = spelled.filter((value) => parseSize(value) !== undefined);
  if (sizes.length > 0) {
    const isUsual = typeof usual === 'string' && sizes.includes(usual);
    const capability = { support: 'native', values: sizes, ...(isUsual && { default_value: usual }) };
    return known('size', { ...capability, native: { path: name, transform: 'size_text' } });
  }
  const table = Object.fromEntries(
    spelled.flatMap((value) => {
      const unified = RESOLUTIONS[value.toLowerCase()];
      return unified === undefined ? [] : [[unified, value]];
    }),
  );
  const resolutions = Object.keys(table);
  if (resolutions.length === 0) return undefined;
  const given = typeof usual === 'string' ? RESOLUTIONS[usual.toLowerCase()] : undefined;
  return known(
    'resolution',
    {
      support: 'native',
      values: resolutions,
      ...(given !== undefined && { default_value: given }),
      native: { path: name, transform: 'lookup', values: table },
    },
    [`${name} takes ${spelled.join(', ')}; see which resolution each stands for.`],
  );
}

function words(meaning: string, unified: readonly string[]): Reader {
  return (field) => {
    const values = unified.filter((value) => field.values.includes(value));
    if (values.length === 0) return undefined;
    return known(meaning, { support: 'native', values, native: field.name });
  };
}

/** A word, or with some models the quality of the file as a number. */
function quality(field: InputField): Known | undefined {
  if (field.type === 'integer' && field.maximum === 100) return range('compression')(field);
  return words('quality', ['low', 'medium', 'high', 'max'])(field);
}

function format({ name, values, default: usual }: InputField): Known | undefined {
  const table: Record<string, string> = {};
  for (const value of values) {
    const unified = typeof value === 'string' ? FORMATS[value.toLowerCase()] : undefined;
    if (unified !== undefined) table[unified] = String(value);
  }
  const formats = Object.keys(table);
  if (formats.length === 0) return undefined;
  const given = FORMATS[String(usual).toLowerCase()];
  return known('output_format', {
    support: 'native',
    values: formats,
    ...(given !== undefined && formats.includes(given) && { default_value: given }),
    native: { path: name, transform: 'lookup', values: table },
  });
}

function tolerance({ name, type, minimum, maximum, default: usual }: InputField): Known | undefined {
  if (type !== 'integer' || minimum === undefined || maximum === undefined) return undefined;
  const values = {
    strict: minimum,
    standard: typeof usual === 'number' ? usual : minimum,
    permissive: maximum,
  };
  const native = { path: name, transform: 'lookup', values };
  return known('safety', { support: 'native', values: Object.keys(values), native });
}

function checker({ name, type }: InputField): Known | undefined {
  if (type !== 'boolean') return undefined;
  const values = { standard: false, permissive: true };
  const native = { path: name, transform: 'lookup', values };
  return known('safety', { support: 'native', values: Object.keys(values), native });
}

function adapter({ name, type }: InputField): Known | undefined {
  if (type !== 'string') return undefined;
  return known('fine_tunes', { support: 'native', max: 1, native: name });
}

function defaultOf({ default: usual }: InputField): { default_value?: JsonValue } {
  return typeof usual === 'number' ? { default_value: usual } : {};
}

function known(meaning: string, capability: JsonObject, notes: readonly string[] = []): Known {
  return { capabilities: { [meaning]: capability }, notes };
}
