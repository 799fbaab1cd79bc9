import type { Variable } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { type JsonObject, type JsonValue, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import type { Problem } from './problem.ts';
import { readValue, type VariableValue } from './variable-value.ts';

/** Every declared variable with its value; null where an optional one is not set and has no default. */
export type Values = Readonly<Record<string, VariableValue | null>>;

/** The values that a brief gives and the defaults beside them, or everything that is wrong with them. */
export interface ResolvedVariables {
  readonly values: Values;
  readonly problems: readonly Problem[];
}

/** How variables are resolved. */
export interface ResolveOptions {
  /** Path of the given values in the request. */
  readonly path: string;
  /** False for examples, which need not be whole. */
  readonly requireAll?: boolean;
}

/**
 * Resolves what is given against what is declared. A name that is not declared is refused, since it would be lost; null
 * counts as not given; a required text that is empty counts as missing.
 */
export function resolveVariables(
  declared: readonly Variable[],
  given: JsonObject,
  { path, requireAll = true }: ResolveOptions,
): ResolvedVariables {
  const problems: Problem[] = [];
  const values: Record<string, VariableValue | null> = {};
  const names = declared.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const known = names.length === 0 ? 'the template has none' : `the template has ${names.join(', ')}`;
    problems.push({ field: pathOf(path, name), description: `is not a variable: ${known}` });
  }
  for (const variable of declared) {
    const { name, required } = variable;
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    const isGiven = value !== undefined && value !== null && !(required && isBlank(value));
    if (isGiven) {
      const read = readValue(variable, value);
      if (read.problem === undefined) values[name] = read.value;
      else problems.push({ field: pathOf(path, name), description: read.problem });
      continue;
    }
    const fallback = defaultOf(variable);
    if (fallback === undefined && required && requireAll) {
      problems.push({ field: pathOf(path, name), description: 'is required' });
    }
    values[name] = fallback ?? null;
  }
  return { values, problems };
}

/** The default of a variable as its type reads it; undefined where it has none, or none that fits. */
export function defaultOf(variable: Variable): VariableValue | undefined {
  const json = defaultJson(variable);
  if (json === undefined) return undefined;
  const read = readValue(variable, json);
  return read.problem === undefined ? read.value : undefined;
}

/** The default as it was written; undefined where there is none. */
export function defaultJson({ defaultValue }: Variable): JsonValue | undefined {
  if (defaultValue === undefined || defaultValue.kind.case === undefined) return undefined;
  return toJson(ValueSchema, defaultValue) ?? undefined;
}

function isBlank(value: JsonValue): boolean {
  return (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);
}

function pathOf(path: string, name: string): string {
  return `${path}[${JSON.stringify(name)}]`;
}
