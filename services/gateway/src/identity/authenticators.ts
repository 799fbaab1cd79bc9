import { type Authenticator, unauthenticated, unavailable } from '@atelier/rpc';
import type { KeyRing } from './key-ring.ts';
import type { PrincipalMint } from './principals.ts';
import { SCOPES } from './scopes.ts';

/** Team of everyone on a machine on which nobody is asked who they are. */
export const LOCAL_TEAM = 'teams/local';

/** For one machine and its one user: everyone is the same principal with every scope. */
export function localAuthenticator(mint: PrincipalMint): Authenticator {
  const claims = {
    team: LOCAL_TEAM,
    keyId: 'local',
    subject: 'local',
    scopes: SCOPES,
    kind: 'caller' as const,
  };
  return async () => mint(claims);
}

/** What keys are looked up with. */
export interface ApiKeyAuthenticatorOptions {
  readonly ring: KeyRing;
  readonly mint: PrincipalMint;
  readonly now: () => Date;
  /** Whether the keys of the platform were read at least once; before, an unknown key may well be good. */
  readonly isSynced: () => boolean;
}

/**
 * Callers show an API key as `authorization: Bearer atl_…` or as `x-api-key`. Whatever principal they send along is
 * never looked at. Throws UNAUTHENTICATED, without telling an unknown key from a revoked or expired one.
 */
export function apiKeyAuthenticator({
  ring,
  mint,
  now,
  isSynced,
}: ApiKeyAuthenticatorOptions): Authenticator {
  return async (headers) => {
    const secret = secretOf(headers);
    if (secret === undefined) {
      throw unauthenticated('Send an API key as "authorization: Bearer atl_…" or as "x-api-key".');
    }
    const key = ring.find(secret, now());
    if (key !== undefined) {
      const { id, expireTime, secrets: _, ...claims } = key;
      return mint({ ...claims, keyId: id, kind: 'caller', notAfter: expireTime });
    }
    if (!isSynced()) {
      throw unavailable('Keys cannot be read yet.', {
        reason: 'SERVICE_UNREACHABLE',
        metadata: { service: 'storage' },
        retryAfterMs: 1_000,
      });
    }
    throw unauthenticated('The API key is unknown, revoked or expired.');
  };
}

function secretOf(headers: ReadonlyMap<string, string>): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')?.[1];
  return bearer ?? headers.get('x-api-key')?.trim();
}
