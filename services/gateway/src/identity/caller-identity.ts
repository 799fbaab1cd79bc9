import { resolve } from 'node:path';
import { ConfigError } from '@atelier/config';
import { type Authenticator, loadMeshIdentity, type MeshIdentity, principalSigner } from '@atelier/rpc';
import type { GatewayConfig } from '../config.ts';
import { apiKeyAuthenticator, LOCAL_TEAM, localAuthenticator } from './authenticators.ts';
import type { KnownKey } from './key-record.ts';
import { KeyRing } from './key-ring.ts';
import type { KeyStore } from './key-store.ts';
import { type PrincipalMint, principalMint } from './principals.ts';
import { readStaticKeys } from './static-keys.ts';

/** What is known of callers before any call. */
export interface CallerIdentities {
  readonly mesh: MeshIdentity;
  readonly mint: PrincipalMint;
  readonly ring: KeyRing;
  /** Teams that the configuration speaks of, which exist without anybody's making them. */
  readonly builtinTeams: readonly string[];
  /** How callers prove who they are; the store tells of keys that come and go. */
  authenticator(store: KeyStore): Authenticator;
}

/** Reads keys and identity of the mesh. Throws `ConfigError`. */
export function callerIdentities(config: GatewayConfig, now: () => Date): CallerIdentities {
  const mesh = loadMeshIdentity(config, resolve(config.ATELIER_DATA_DIR));
  if (mesh.privateKey === undefined) {
    throw new ConfigError([
      { variable: 'MESH_PRINCIPAL_PRIVATE_KEY', message: 'is required: the gateway signs principals' },
    ]);
  }
  const mint = principalMint(principalSigner(mesh.privateKey), now);
  const isOpen = config.GATEWAY_AUTH === 'off';
  const keys = isOpen ? [] : staticKeys(config);
  const ring = new KeyRing(keys);
  return {
    mesh,
    mint,
    ring,
    builtinTeams: isOpen ? [LOCAL_TEAM] : [...new Set(keys.map(({ team }) => team))],
    authenticator: (store) =>
      isOpen
        ? localAuthenticator(mint)
        : apiKeyAuthenticator({ ring, mint, now, isSynced: () => store.isSynced }),
  };
}

function staticKeys({ GATEWAY_API_KEYS_FILE }: GatewayConfig): readonly KnownKey[] {
  return GATEWAY_API_KEYS_FILE === undefined ? [] : readStaticKeys(GATEWAY_API_KEYS_FILE);
}
