import {
  Background,
  OutputFormat,
  Quality,
  type ReferenceImage,
  ReferenceRole,
  Resolution,
  Safety,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Fine-tuned weights, as the vocabulary has them. */
export interface FineTune {
  readonly adapter: string;
  readonly weight?: number | undefined;
}

/**
 * The vocabulary: every unified field with the form in which the translator handles its value. Enums are handled in the
 * spelling in which catalog entries and receipts write them: the name in lower case without its prefix.
 */
export interface Values {
  readonly negative_prompt: string;
  readonly style: string;
  readonly size: Size;
  readonly aspect_ratio: string;
  readonly resolution: string;
  readonly count: number;
  readonly seed: number;
  readonly guidance: number;
  readonly steps: number;
  readonly quality: string;
  readonly background: string;
  readonly output_format: string;
  readonly compression: number;
  readonly reference_images: readonly ReferenceImage[];
  readonly fine_tunes: readonly FineTune[];
  readonly safety: string;
  readonly provider_options: JsonObject;
}

/** A field of `atelier.common.v1.Parameters`, in snake case. */
export type Field = keyof Values;

/** All fields, in the order in which a receipt lists them. */
export const FIELDS: readonly Field[] = [
  'negative_prompt',
  'style',
  'size',
  'aspect_ratio',
  'resolution',
  'count',
  'seed',
  'guidance',
  'steps',
  'quality',
  'background',
  'output_format',
  'compression',
  'reference_images',
  'fine_tunes',
  'safety',
  'provider_options',
];

/** Whether a text names a field of the vocabulary. */
export function isField(name: string): name is Field {
  return (FIELDS as readonly string[]).includes(name);
}

type EnumObject = Readonly<Record<string, number>>;

/** Names of an enum by number, in lower case, `UNSPECIFIED` and a numeric type prefix left out. */
function spellings(values: EnumObject, prefix = ''): ReadonlyMap<number, string> {
  const entries = Object.entries(values).filter(([, value]) => value !== 0);
  return new Map(entries.map(([name, value]) => [value, name.slice(prefix.length).toLowerCase()]));
}

const SPELLINGS = {
  resolution: spellings(Resolution, 'RESOLUTION_'),
  quality: spellings(Quality),
  background: spellings(Background),
  output_format: spellings(OutputFormat),
  safety: spellings(Safety),
} as const;

/** The fields whose values are enums. */
export type EnumField = keyof typeof SPELLINGS;

/** Whether the field's values are enums. */
export function isEnumField(field: string): field is EnumField {
  return field in SPELLINGS;
}

/** The spellings of an enum's values, in the enum's order, which is from less to more where there is one. */
export function enumSpellings(field: EnumField): readonly string[] {
  return [...SPELLINGS[field].values()];
}

/** How a value of an enum is spelled; undefined for the unspecified one, and for one that this version does not know. */
export function spell(field: EnumField, value: number): string | undefined {
  return SPELLINGS[field].get(value);
}

/** The number of a spelled value; 0 where there is none. */
export function enumNumber(field: EnumField, spelling: string): number {
  for (const [number, name] of SPELLINGS[field]) if (name === spelling) return number;
  return 0;
}

const ROLES = spellings(ReferenceRole);
const TASKS = spellings(Task);

/** A role of a reference image in lower case, such as `init`. */
export function roleName(role: ReferenceRole): string {
  return ROLES.get(role) ?? 'unspecified';
}

/** All roles of reference images, in lower case. */
export function roleNames(): readonly string[] {
  return [...ROLES.values()];
}

/** A task in lower case, such as `replace_background`; an unspecified one is `generate`. */
export function taskName(task: Task): string {
  return TASKS.get(task) ?? 'generate';
}

/** `1024x768`. */
export function sizeText({ width, height }: Size): string {
  return `${width}x${height}`;
}

/** Reads `1024x768`; undefined for anything else. */
export function parseSize(text: string): Size | undefined {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(text);
  return match === null ? undefined : { width: Number(match[1]), height: Number(match[2]) };
}

/** Width over height of `16:9`; undefined for anything that is not a ratio of whole numbers. */
export function parseRatio(text: string): number | undefined {
  const match = /^([1-9]\d{0,3}):([1-9]\d{0,3})$/.exec(text);
  return match === null ? undefined : Number(match[1]) / Number(match[2]);
}

/** A value in the spelling of catalog entries: sizes as `1024x768`, lists and objects as JSON. */
export function valueText(value: Values[Field]): string {
  if (typeof value !== 'object') return String(value);
  const { width, height } = value as Partial<Size>;
  return width !== undefined && height !== undefined ? sizeText({ width, height }) : JSON.stringify(value);
}
