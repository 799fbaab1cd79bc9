// Prepares a fresh installation of several machines or containers: the keys of the mesh, and a first API key. It runs once
// before the services and changes nothing that is there. The API key is printed once; only its digest is kept.
//
//   MESH_KEYS_DIR          for the gateway: credential, public and private key of principals
//   MESH_INNER_KEYS_DIR    for the other services: the same without the private key
//   GATEWAY_API_KEYS_FILE  the file of API keys that the gateway reads
//   S3_SECRET_FILE         secret of the object store beside it, where there is one
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadConfig } from '@atelier/config';
import { loadMeshIdentity } from '@atelier/rpc';
import { stringify } from 'yaml';
import { z } from 'zod';
import { SCOPES } from './identity/scopes.ts';
import { digestOf, newSecret } from './identity/secret-digest.ts';

const config = loadConfig(
  z.object({
    MESH_KEYS_DIR: z.string(),
    MESH_INNER_KEYS_DIR: z.string(),
    GATEWAY_API_KEYS_FILE: z.string(),
    S3_SECRET_FILE: z.string().optional(),
    /** Team of the first key. */
    FIRST_TEAM: z
      .string()
      .regex(/^teams\/[a-z][a-z0-9-]{0,62}$/, 'teams/{id}')
      .default('teams/platform'),
  }),
);

const identity = loadMeshIdentity(
  { MESH_KEYS_DIR: join(config.MESH_KEYS_DIR, 'keys') },
  config.MESH_KEYS_DIR,
);
const inner = join(config.MESH_INNER_KEYS_DIR, 'keys');
mkdirSync(inner, { recursive: true });
writeFileSync(join(inner, 'credential'), identity.credential.reveal(), { mode: 0o600 });
writeFileSync(join(inner, 'principal.pub'), identity.publicKey, { mode: 0o600 });

if (config.S3_SECRET_FILE !== undefined && !existsSync(config.S3_SECRET_FILE)) {
  // Its reader runs as another user; the volume is mounted nowhere else.
  writeFileSync(config.S3_SECRET_FILE, randomBytes(32).toString('base64url'), { mode: 0o644, flag: 'wx' });
}

if (existsSync(config.GATEWAY_API_KEYS_FILE)) {
  process.stdout.write('The first API key was made earlier; it is not shown again.\n');
} else {
  const secret = newSecret();
  const keys = [{ id: 'first', team: config.FIRST_TEAM, scopes: [...SCOPES], sha256: digestOf(secret) }];
  mkdirSync(dirname(config.GATEWAY_API_KEYS_FILE), { recursive: true });
  writeFileSync(config.GATEWAY_API_KEYS_FILE, stringify({ keys }), { mode: 0o600, flag: 'wx' });
  process.stdout.write(`First API key of ${config.FIRST_TEAM}, shown this once: ${secret}\n`);
}
