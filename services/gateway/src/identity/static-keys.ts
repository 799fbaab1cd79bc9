import { readFileSync } from 'node:fs';
import { ConfigError } from '@atelier/config';
import { parse } from 'yaml';
import { z } from 'zod';
import type { KnownKey } from './key-record.ts';
import { SCOPES } from './scopes.ts';

const VARIABLE = 'GATEWAY_API_KEYS_FILE';

const staticKey = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'letters, digits and hyphens'),
  team: z.string().regex(/^teams\/[a-z][a-z0-9-]{0,62}$/, 'teams/{id}'),
  project: z
    .string()
    .regex(/^projects\/[a-z][a-z0-9-]{0,62}$/, 'projects/{id}')
    .optional(),
  scopes: z.array(z.enum(SCOPES)).min(1),
  /** SHA-256 of the key in hexadecimal, as `printf %s "$KEY" | sha256sum` prints it. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'),
  expire_time: z.iso.datetime({ offset: true }).optional(),
});

const file = z.strictObject({ keys: z.array(staticKey) });

/**
 * Reads keys that are there from the start, from a YAML file with a list `keys` of `id`, `team`, `project?`, `scopes`,
 * `sha256` and `expire_time?`. Throws `ConfigError` with every problem of the file.
 */
export function readStaticKeys(path: string): readonly KnownKey[] {
  const result = file.safeParse(parseFile(path));
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map(({ path: at, message }) => ({
        variable: VARIABLE,
        message: `${at.join('.')}: ${message}`,
      })),
    );
  }
  return result.data.keys.map((key) => ({
    id: key.id,
    team: key.team,
    project: key.project,
    subject: key.id,
    scopes: key.scopes,
    expireTime: key.expire_time === undefined ? undefined : new Date(key.expire_time),
    secrets: [{ sha256: key.sha256 }],
  }));
}

function parseFile(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A YAML error quotes lines of the file, so only its place is told.
    const why = code?.startsWith('E') ? code : (/at line \d+, column \d+/.exec(message)?.[0] ?? 'not YAML');
    throw new ConfigError([{ variable: VARIABLE, message: `the file cannot be read: ${why}` }]);
  }
}
