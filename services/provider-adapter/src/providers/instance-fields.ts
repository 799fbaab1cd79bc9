import { ConfigError, concurrency, rate } from '@atelier/config';
import type { Rate } from '@atelier/coordination';
import type { z } from 'zod';
import type { ProviderInstance } from './provider.ts';

/** The fields by which the variables of an instance are recognised. */
export const INSTANCE_FIELDS = [
  'TYPE',
  'API_KEY',
  'ACCESS_KEY_ID',
  'BASE_URL',
  'WEBHOOK_SECRET',
  'CONCURRENCY',
  'RATE',
] as const;

/** The variable that holds a field of an instance. */
export function instanceVariable(instance: string, field: string): string {
  return `PROVIDER_${instance.toUpperCase().replaceAll('-', '_')}_${field}`;
}

/**
 * The instance's own limit of requests at once (`PROVIDER_<INSTANCE>_CONCURRENCY`), or the given default. Throws a
 * `ConfigError` for a value that is no such limit.
 */
export function concurrencyOf(instance: ProviderInstance, otherwise: number): number {
  return bound(instance, 'CONCURRENCY', concurrency()) ?? otherwise;
}

/**
 * How often the instance's requests may leave (`PROVIDER_<INSTANCE>_RATE`, such as `150/10` for 150 in ten seconds), or the
 * given default. Throws a `ConfigError` for what is no rate.
 */
export function rateOf(instance: ProviderInstance, otherwise: Rate | undefined): Rate | undefined {
  return bound(instance, 'RATE', rate()) ?? otherwise;
}

function bound<T>({ name, fields }: ProviderInstance, field: string, rule: z.ZodType<T>): T | undefined {
  const text = fields.get(field);
  if (text === undefined) return undefined;
  const read = rule.safeParse(text);
  if (read.success) return read.data;
  const message = read.error.issues[0]?.message ?? 'is not valid';
  throw new ConfigError([{ variable: instanceVariable(name, field), message }]);
}
