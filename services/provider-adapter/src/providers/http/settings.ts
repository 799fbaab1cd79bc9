import { ConfigError, type Secret } from '@atelier/config';
import { instanceVariable } from '../instance-fields.ts';
import type { ProviderInstance } from '../provider.ts';

/** What an instance of a provider is configured with. */
export interface Settings {
  /** Name of the instance. */
  readonly name: string;
  /** Where its API is, without a slash at the end. */
  readonly baseUrl: string;
  /** A field that is no secret, such as REGION. */
  readonly field: (name: string) => string | undefined;
  readonly secret: (name: string) => Secret | undefined;
  /** Pause before the first look at a job, in milliseconds; it grows from there. */
  readonly pollMs: number;
}

/** Pause before the first look at a job where the instance does not say, in milliseconds. */
const DEFAULT_POLL_MS = 500;

/** Reads an instance's settings. Throws a `ConfigError` for an address or a number that is none. */
export function settingsOf(instance: ProviderInstance, defaultBaseUrl: string): Settings {
  const { name, fields, secrets } = instance;
  const baseUrl = fields.get('BASE_URL') ?? defaultBaseUrl;
  const url = URL.parse(baseUrl);
  const isUsable = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (baseUrl !== '' && (!isUsable || url.username !== '' || url.search !== '')) {
    const message = 'must be an http or https address without user or query';
    throw new ConfigError([{ variable: instanceVariable(name, 'BASE_URL'), message }]);
  }
  return {
    name,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    field: (field) => fields.get(field),
    secret: (field) => secrets.get(field),
    pollMs: pollMs(instance),
  };
}

function pollMs({ name, fields }: ProviderInstance): number {
  const text = fields.get('POLL_MS');
  if (text === undefined) return DEFAULT_POLL_MS;
  const asked = Number(text);
  if (Number.isInteger(asked) && asked >= 1 && asked <= 60_000) return asked;
  const message = 'must be a whole number of milliseconds from 1 to 60000';
  throw new ConfigError([{ variable: instanceVariable(name, 'POLL_MS'), message }]);
}
