import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error.ts';

/** What is read from: `process.env`, or a plain object in tests. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The schema's own issue, as far as it is needed to describe it without showing the value. */
interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Reads the variables that the schema names, once, and gives the typed configuration. A variable that is set to the
 * empty string counts as unset, as compose files and CI systems write it so.
 *
 * Throws `ConfigError` with all problems at once. A problem names the variable and the rule, never the value.
 */
export function loadConfig<S extends z.ZodObject>(schema: S, env: Environment = process.env): z.output<S> {
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') values[name] = value;
  }
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((issue) => describe(issue, values)));
}

function describe(issue: Issue, values: Record<string, string>): ConfigProblem {
  const variable = issue.path.length > 0 ? String(issue.path[0]) : '(configuration)';
  if (issue.path.length > 0 && values[variable] === undefined && issue.code !== 'custom') {
    return { variable, message: 'is required' };
  }
  return { variable, message: withoutValue(issue.message, values[variable]) };
}

/** Belt and braces: should a rule's own message quote the value, it is cut out. */
function withoutValue(message: string, value: string | undefined): string {
  return value !== undefined && value.length > 3 ? message.replaceAll(value, '…') : message;
}
