import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '@atelier/config';
import { ifThere } from '../../shared/error-code.ts';
import { DurableFiles } from './durable-files.ts';

/** As many bits as the digest has. */
const KEY_BYTES = 32;

/**
 * The key with which URLs are signed: made once and kept in the directory, readable by its owner alone, so that URLs
 * outlive a restart.
 */
export async function keptSigningKey(directory: string): Promise<Secret> {
  const path = join(directory, 'signing-key');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const kept = await ifThere(readFile(path, 'utf8'));
  if (kept !== undefined) return new Secret(kept.trim());
  const files = new DurableFiles(directory, directory);
  await files.publish(
    await files.writeTemporary(Buffer.from(randomBytes(KEY_BYTES).toString('base64url'))),
    path,
  );
  return new Secret((await readFile(path, 'utf8')).trim());
}
