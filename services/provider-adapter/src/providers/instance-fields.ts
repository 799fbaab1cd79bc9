import { ConfigError } from '@atelier/config';
import type { Rate } from '@atelier/coordination';
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

/** More requests at once than any provider takes from one account. */
const MAX_CONCURRENCY = 256;

/** The variable that holds a field of an instance. */
export function instanceVariable(instance: string, field: string): string {
  return `PROVIDER_${instance.toUpperCase().replaceAll('-', '_')}_${field}`;
}

/**
 * The instance's own limit of requests at once (`PROVIDER_<INSTANCE>_CONCURRENCY`), or the given default. Throws a
 * `ConfigError` for a value that is no such limit.
 */
export function concurrencyOf({ name, fields }: ProviderInstance, otherwise: number): number {
  const text = fields.get('CONCURRENCY');
  if (text === undefined) return otherwise;
  const asked = Number(text);
  if (Number.isInteger(asked) && asked >= 1 && asked <= MAX_CONCURRENCY) return asked;
  const message = `must be a whole number from 1 to ${MAX_CONCURRENCY}`;
  throw new ConfigError([{ variable: instanceVariable(name, 'CONCURRENCY'), message }]);
}

/**
 * How often the instance's requests may leave (`PROVIDER_<INSTANCE>_RATE`, such as `150/10` for 150 in ten seconds), or the
 * given default. Throws a `ConfigError` for what is no rate.
 */
export function rateOf({ name, fields }: ProviderInstance, otherwise: Rate | undefined): Rate | undefined {
  const text = fields.get('RATE');
  if (text === undefined) return otherwise;
  const [, requests, seconds] = /^([1-9]\d{0,5})\/([1-9]\d{0,4})$/.exec(text) ?? [];
  if (requests !== undefined) return { requests: Number(requests), seconds: Number(seconds) };
  const message = 'must be requests/seconds, both whole numbers from 1, such as 150/10';
  throw new ConfigError([{ variable: instanceVariable(name, 'RATE'), message }]);
}
