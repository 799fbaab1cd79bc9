import type { FieldCapability } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { type EnumField, enumSpellings } from './vocabulary.ts';

/** The nearest number that a capability takes: in its list, or on its grid and within its range. */
export function fitNumber(value: number, capability: FieldCapability): number {
  if (capability.values.length > 0) return nearest(capability.values.map(Number), value);
  const { step } = capability;
  const min = capability.min ?? Number.NEGATIVE_INFINITY;
  const max = capability.max ?? Number.POSITIVE_INFINITY;
  const within = Math.min(max, Math.max(min, value));
  if (step === undefined) return within;
  const low = Math.ceil(min / step) * step;
  const high = Math.floor(max / step) * step;
  return clean(Math.min(high, Math.max(low, Math.round(within / step) * step)));
}

/** Without the noise that multiples of a binary fraction have. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

function nearest(values: readonly number[], value: number): number {
  return values.reduce((best, item) => (Math.abs(item - value) < Math.abs(best - value) ? item : best));
}

/**
 * A seed within the model's range, by remainder: unlike the nearest value, it keeps different seeds different and gives
 * the same picture for the same seed on every call.
 */
export function fitSeed(seed: number, capability: FieldCapability): number {
  const min = capability.min ?? 0;
  const max = capability.max ?? Number.MAX_SAFE_INTEGER;
  if (seed >= min && seed <= max) return seed;
  return min + (seed % (max - min + 1));
}

/**
 * The nearest value of an ordered enum (quality, resolution, safety) that the model takes. Between two that are equally
 * near, the lower: less money, fewer pixels, more safety.
 */
export function fitOrdered(field: EnumField, value: string, allowed: readonly string[]): string | undefined {
  const order = enumSpellings(field);
  const rank = (spelling: string) => order.indexOf(spelling);
  return allowed
    .filter((spelling) => rank(spelling) >= 0)
    .toSorted((a, b) => rank(a) - rank(b))
    .reduce<string | undefined>((best, item) => {
      if (best === undefined) return item;
      return Math.abs(rank(item) - rank(value)) < Math.abs(rank(best) - rank(value)) ? item : best;
    }, undefined);
}

/** What a numeric capability takes, in words for a refusal. */
export function rangeText(capability: FieldCapability): string {
  if (capability.values.length > 0) return `one of ${capability.values.join(', ')}`;
  const { min, max, step } = capability;
  const range =
    min !== undefined && max !== undefined
      ? `${min} to ${max}`
      : max !== undefined
        ? `at most ${max}`
        : min !== undefined
          ? `at least ${min}`
          : 'any number';
  return step === undefined ? range : `${range} in steps of ${step}`;
}
