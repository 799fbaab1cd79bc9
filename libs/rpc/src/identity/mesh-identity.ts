import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Secret, secret } from '@atelier/config';
import { z } from 'zod';
import { generateMeshKeys } from './keys.ts';

/**
 * The variables by which a service learns who belongs to its mesh, to be spread into its schema. Either all that the
 * service needs is given in variables, or it is read from files in `MESH_KEYS_DIR`.
 */
export const meshVariables = {
  MESH_CREDENTIAL: secret().optional(),
  MESH_PRINCIPAL_PUBLIC_KEY: z.string().optional(),
  MESH_PRINCIPAL_PRIVATE_KEY: secret().optional(),
  MESH_KEYS_DIR: z.string().optional(),
};

/** The values of `meshVariables`, as a configuration holds them. */
export interface MeshSettings {
  readonly MESH_CREDENTIAL?: Secret | undefined;
  readonly MESH_PRINCIPAL_PUBLIC_KEY?: string | undefined;
  readonly MESH_PRINCIPAL_PRIVATE_KEY?: Secret | undefined;
  readonly MESH_KEYS_DIR?: string | undefined;
}

/** What proves that a service belongs to the mesh. */
export interface MeshIdentity {
  /** Sent with every call inside the mesh. */
  readonly credential: Secret;
  /** Verifies principals; PEM. */
  readonly publicKey: string;
  /** Signs principals; only where the service has it. The gateway alone needs it. */
  readonly privateKey: Secret | undefined;
}

const FILES = { credential: 'credential', publicKey: 'principal.pub', privateKey: 'principal.key' } as const;

/**
 * Finds the identity: from variables, else from files in `MESH_KEYS_DIR`, else from files in `mesh/` of the data
 * directory, which are made there when they are missing, so that five processes that start on one machine agree without
 * anybody's doing. The files are readable by their owner alone.
 */
export function loadMeshIdentity(settings: MeshSettings, dataDir: string): MeshIdentity {
  const { MESH_CREDENTIAL: credential, MESH_PRINCIPAL_PUBLIC_KEY: publicKey } = settings;
  if (credential !== undefined && publicKey !== undefined) {
    return { credential, publicKey, privateKey: settings.MESH_PRINCIPAL_PRIVATE_KEY };
  }
  const directory = settings.MESH_KEYS_DIR ?? join(dataDir, 'mesh');
  const found = readKeys(directory) ?? writeKeys(directory);
  return {
    credential: credential ?? found.credential,
    publicKey: publicKey ?? found.publicKey,
    privateKey: settings.MESH_PRINCIPAL_PRIVATE_KEY ?? found.privateKey,
  };
}

function readKeys(directory: string): MeshIdentity | undefined {
  const credential = readIfThere(join(directory, FILES.credential));
  const publicKey = readIfThere(join(directory, FILES.publicKey));
  if (credential === undefined || publicKey === undefined) return undefined;
  const privateKey = readIfThere(join(directory, FILES.privateKey));
  return {
    credential: new Secret(credential.trim()),
    publicKey,
    privateKey: privateKey === undefined ? undefined : new Secret(privateKey),
  };
}

/** A directory appears whole or not at all, so that processes that race all read the keys of the one that won. */
function writeKeys(directory: string): MeshIdentity {
  const keys = generateMeshKeys();
  mkdirSync(dirname(directory), { recursive: true });
  const temporary = mkdtempSync(`${directory}-`);
  try {
    const write = (name: string, text: string) => writeFileSync(join(temporary, name), text, { mode: 0o600 });
    write(FILES.credential, keys.credential.reveal());
    write(FILES.publicKey, keys.publicKey);
    write(FILES.privateKey, keys.privateKey.reveal());
    renameSync(temporary, directory);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    const winner = readKeys(directory);
    if (winner !== undefined) return winner;
    throw error;
  }
  return keys;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
