import {
  BackgroundSchema,
  OutputFormatSchema,
  type Parameters,
  ParametersSchema,
  QualitySchema,
  ResolutionSchema,
  SafetySchema,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { create, type DescEnum, type JsonObject, type JsonValue, toJson } from '@bufbuild/protobuf';
import { decodeMessage } from '../files/decode.ts';
import { UsageError } from '../usage-error.ts';
import type { RequestFlags } from './request-flags.ts';
import { parseEnum, parseInteger, parseNumber, parsePair, parseVariable } from './values.ts';

/** Enums whose values may be named without their prefix. */
const enums: Readonly<Record<string, DescEnum>> = {
  resolution: ResolutionSchema,
  quality: QualitySchema,
  background: BackgroundSchema,
  outputFormat: OutputFormatSchema,
  safety: SafetySchema,
};

/** The parameters that the options set, over those of a file. */
export function buildParameters(flags: RequestFlags, base: Parameters | undefined): Parameters | undefined {
  const set: JsonObject = {};
  for (const text of flags.param) {
    const [key, value] = parsePair('--param', text);
    const field = ParametersSchema.fields.find(({ name, jsonName }) => name === key || jsonName === key);
    const name = field?.jsonName ?? key;
    const desc = enums[name];
    set[name] = desc === undefined ? parseVariable(value) : enumJson(`--param ${key}`, desc, value);
  }
  assign(set, 'seed', flags.seed, (text) => parseInteger('--seed', text));
  assign(set, 'size', flags.size, parseSize);
  assign(set, 'aspectRatio', flags.aspectRatio, (text) => text);
  assign(set, 'resolution', flags.resolution, (text) => enumJson('--resolution', ResolutionSchema, text));
  assign(set, 'count', flags.count, (text) => parseInteger('--count', text, 1, 16));
  assign(set, 'quality', flags.quality, (text) => enumJson('--quality', QualitySchema, text));
  assign(set, 'background', flags.background, (text) => enumJson('--background', BackgroundSchema, text));
  assign(set, 'outputFormat', flags.format, (text) => enumJson('--format', OutputFormatSchema, text));
  assign(set, 'negativePrompt', flags.negativePrompt, (text) => text);
  assign(set, 'guidance', flags.guidance, (text) => parseNumber('--guidance', text));
  assign(set, 'steps', flags.steps, (text) => parseInteger('--steps', text, 1));
  if (Object.keys(set).length === 0) return base;
  const below = toJson(ParametersSchema, base ?? create(ParametersSchema)) as JsonObject;
  return decodeMessage(ParametersSchema, { ...below, ...set }, { file: 'parameters', path: '' });
}

function assign(
  into: JsonObject,
  key: string,
  text: string | undefined,
  read: (text: string) => JsonValue,
): void {
  if (text !== undefined) into[key] = read(text);
}

function enumJson(option: string, desc: DescEnum, text: string): string {
  const spelled = desc === OutputFormatSchema && text.toLowerCase() === 'jpg' ? 'jpeg' : text;
  return desc.value[parseEnum(option, desc, spelled)]?.name ?? '';
}

function parseSize(text: string): JsonValue {
  const [, width, height] = /^(\d{1,5})[x×*](\d{1,5})$/i.exec(text) ?? [];
  if (width === undefined) throw new UsageError(`--size: "${text}" is not a size in pixels such as 768x768`);
  return { width: Number(width), height: Number(height) };
}
