import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { errorFields } from './error-fields.ts';

/** Levels from the most to the least talkative; `silent` writes nothing. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A structured logger. `child` adds fields to every line. */
export type Logger = PinoLogger;

/** How a logger is made. */
export interface LoggerOptions {
  /** Name of the service, in every line. */
  readonly service: string;
  /** The default is `info`. */
  readonly level?: LogLevel;
  /** Where lines go; the default is standard output. */
  readonly destination?: DestinationStream;
}

/**
 * Names of fields that are never shown, at the top of a line and one or two objects below. Secrets that are wrapped as
 * such hide themselves; this catches what was logged raw.
 */
const SENSITIVE = [
  'authorization',
  'apiKey',
  'api_key',
  'credential',
  'password',
  'secret',
  'token',
  'cookie',
  'privateKey',
  'prompt',
  '["atelier-principal"]',
  '["atelier-mesh-credential"]',
  '["x-api-key"]',
];

function redactPaths(): string[] {
  return SENSITIVE.flatMap((name) => {
    const below = name.startsWith('[') ? name : `.${name}`;
    return [name, `*${below}`, `*.*${below}`];
  });
}

/**
 * Makes the logger of a service: one JSON object a line, times in ISO 8601, sensitive fields replaced by `[redacted]`.
 * Errors belong under `err`: they are written with type, message, code and causes, and with a stack only at the levels
 * `debug` and `trace`.
 */
export function createLogger({ service, level = 'info', destination }: LoggerOptions): Logger {
  const withStack = level === 'debug' || level === 'trace';
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: redactPaths(), censor: '[redacted]' },
    serializers: { err: (error: unknown) => errorFields(error, withStack) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
