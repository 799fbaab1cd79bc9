import { createHash } from 'node:crypto';
import {
  bool,
  ConfigError,
  type ConfigProblem,
  concurrency,
  durationMs,
  type Instance,
  loadConfig,
  rate,
  type Secret,
} from '@atelier/config';
import type { Bounded } from '@atelier/coordination';
import { z } from 'zod';
import { type Catalog, catalogOf, type Family, familyOf, REASONING } from './catalog/catalog.ts';
import { configuredPrice, listedPrice, type PriceOf } from './prices.ts';

/** Types of language models, by which `TYPE` names one. */
export const LANGUAGE_MODEL_TYPES = [
  'openai',
  'anthropic',
  'gemini',
  'openai-compatible',
  'replicate',
] as const;

/** A type of language models. */
export type LanguageModelType = (typeof LANGUAGE_MODEL_TYPES)[number];

/** Where vendors are, unless an operator says otherwise. */
const BASE_URLS: Readonly<Record<LanguageModelType, string | undefined>> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  gemini: 'https://generativelanguage.googleapis.com/v1beta',
  replicate: 'https://api.replicate.com/v1',
  'openai-compatible': undefined,
};

/** Types whose protocol can tell log-probabilities. */
const TELLS_LOG_PROBABILITIES: readonly LanguageModelType[] = ['openai', 'gemini', 'openai-compatible'];

/** Longest time for one attempt, in milliseconds: the HTTP client does not wait longer for an answer to begin. */
const LONGEST_TIMEOUT_MS = 300_000;

/**
 * Tokens that a model which thinks may think with, beside the answer that was asked for. Vendors count both together, and a
 * model that runs out of tokens while it thinks answers nothing.
 */
const THINKING_TOKENS = { none: 512, minimal: 1_024, low: 4_096, medium: 8_192, high: 16_384 } as const;

const FIELDS = z.object({
  MODEL: z.string().regex(/^[\w./:@-]{1,160}$/, 'must be the name of a model'),
  BASE_URL: baseUrl().optional(),
  TIMEOUT: durationMs()
    .refine((ms) => ms >= 1 && ms <= LONGEST_TIMEOUT_MS, 'must be from 1ms to 5m')
    .default(60_000),
  CONCURRENCY: concurrency().default(8),
  RATE: rate().optional(),
  LOG_PROBABILITIES: bool().optional(),
  VISION: bool().default(true),
  TEMPERATURE: bool().optional(),
  STRUCTURED: bool().default(true),
  REASONING: z.enum(REASONING).optional(),
  PRICE_INPUT: dollars().optional(),
  PRICE_OUTPUT: dollars().optional(),
});

/** What an instance is, once its variables were read. */
export interface Settings extends Bounded {
  readonly type: LanguageModelType;
  readonly model: string;
  readonly apiKey: Secret | undefined;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Longest time for one attempt, in milliseconds. */
  readonly timeoutMs: number;
  readonly vision: boolean;
  readonly logProbabilities: boolean;
  readonly takesTemperature: boolean;
  /** Whether the server holds answers to a JSON schema; else the schema is told in words. */
  readonly structured: boolean;
  readonly reasoning: (typeof REASONING)[number] | undefined;
  /** Tokens for thinking, beside the answer. */
  readonly thinkingTokens: number;
  readonly priceOf: PriceOf;
  readonly catalog: Catalog;
  readonly family: Family;
}

/** Reads the variables of an instance. Throws a `ConfigError` with all that is wrong with them; values are not in it. */
export function readSettings(instance: Instance, variable: string): Settings {
  const problems: ConfigProblem[] = [];
  const problem = (field: string, message: string) =>
    problems.push({ variable: `${variable}_${field}`, message });
  const type = LANGUAGE_MODEL_TYPES.find((known) => known === instance.type);
  if (type === undefined) problem('TYPE', `must be one of ${LANGUAGE_MODEL_TYPES.join(', ')}`);
  const fields = readFields(instance, problem);
  const apiKey = instance.secrets.get('API_KEY');
  if (apiKey === undefined && type !== undefined && type !== 'openai-compatible')
    problem('API_KEY', 'is required');
  const baseUrl = fields?.BASE_URL ?? (type && BASE_URLS[type]);
  if (type === 'openai-compatible' && !instance.fields.has('BASE_URL')) problem('BASE_URL', 'is required');
  if (fields?.LOG_PROBABILITIES && type !== undefined && !TELLS_LOG_PROBABILITIES.includes(type)) {
    problem('LOG_PROBABILITIES', `${type} tells none`);
  }
  const { PRICE_INPUT: input, PRICE_OUTPUT: output } = fields ?? {};
  if ((input === undefined) !== (output === undefined)) {
    problem(
      input === undefined ? 'PRICE_INPUT' : 'PRICE_OUTPUT',
      'is required, since the other price is set',
    );
  }
  if (fields === undefined || type === undefined || baseUrl === undefined || problems.length > 0) {
    throw new ConfigError(problems);
  }
  const catalog = catalogOf(type);
  const family = familyOf(catalog, fields.MODEL);
  const reasoning = fields.REASONING ?? family.reasoning;
  return {
    name: instance.name,
    type,
    model: fields.MODEL,
    apiKey,
    baseUrl,
    timeoutMs: fields.TIMEOUT,
    concurrency: fields.CONCURRENCY,
    rate: fields.RATE,
    vision: fields.VISION,
    logProbabilities: fields.LOG_PROBABILITIES ?? family.log_probabilities,
    takesTemperature: fields.TEMPERATURE ?? family.temperature,
    structured: fields.STRUCTURED && type !== 'replicate',
    reasoning,
    thinkingTokens: reasoning === undefined ? 0 : THINKING_TOKENS[reasoning],
    priceOf:
      input !== undefined && output !== undefined
        ? configuredPrice(input, output)
        : listedPrice(catalog, fields.MODEL),
    catalog,
    family,
  };
}

/** Digest of what answers depend on. The address is part of it: a model of the same name elsewhere may be another. */
export function settingsDigest(settings: Settings): string {
  const { type, baseUrl, takesTemperature, logProbabilities, structured, reasoning } = settings;
  const told = JSON.stringify([type, baseUrl, takesTemperature, logProbabilities, structured, reasoning]);
  return createHash('sha256').update(told).digest('hex');
}

function readFields(
  instance: Instance,
  problem: (field: string, message: string) => void,
): z.output<typeof FIELDS> | undefined {
  try {
    return loadConfig(FIELDS, Object.fromEntries(instance.fields));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { variable, message } of error.problems) problem(variable, message);
    return undefined;
  }
}

/** An address without credentials, query and fragment, since those would get into logs. */
function baseUrl() {
  return z.string().transform((text, context): string => {
    const url = URL.parse(text);
    const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
    if (url !== null && isWeb && `${url.username}${url.password}${url.search}${url.hash}` === '') {
      return url.href.replace(/\/+$/, '');
    }
    context.addIssue({
      code: 'custom',
      message: 'must be an address such as https://models.example/v1, without credentials and query',
    });
    return z.NEVER;
  });
}

/** US dollars, not negative. */
function dollars() {
  return z.string().transform((text, context): number => {
    if (/^\d{1,6}(\.\d{1,9})?$/.test(text)) return Number(text);
    context.addIssue({ code: 'custom', message: 'must be US dollars for a million tokens, such as 0.15' });
    return z.NEVER;
  });
}
