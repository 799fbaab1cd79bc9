import { LRUCache } from 'lru-cache';
import { unauthenticated } from '../errors/constructors.ts';
import { type PrivateKeyInput, type PublicKeyInput, readPrivateKey, readPublicKey } from './keys.ts';
import type { Principal } from './principal.ts';
import { decodeToken, encodeToken } from './token.ts';

/** Gives the principal with its token, replacing any that it had. */
export type PrincipalSigner = (principal: Principal) => Principal & { readonly token: string };

/** Signs principals. The gateway alone has the key; it keeps expiries to minutes and signs anew for long work. */
export function principalSigner(privateKey: PrivateKeyInput): PrincipalSigner {
  const key = readPrivateKey(privateKey);
  return (principal) => ({ ...principal, token: encodeToken(principal, key) });
}

/** Gives the principal of a token, or throws UNAUTHENTICATED. */
export type PrincipalVerifier = (token: string) => Principal;

/** How tokens are verified. */
export interface PrincipalVerifierOptions {
  /** Keys that may have signed; several while one is being replaced by another. */
  readonly publicKey: PublicKeyInput | readonly PublicKeyInput[];
  /** How many milliseconds the clocks of two machines may differ; the default is 5,000. */
  readonly clockSkewMs?: number;
  /** Verified tokens kept, so that a busy caller costs one signature check per token; the default is 10,000. */
  readonly cacheSize?: number;
  /** Milliseconds since 1970; the default is the system's clock. */
  readonly now?: () => number;
}

/** Verifies signed principals, each token once. */
export function principalVerifier(options: PrincipalVerifierOptions): PrincipalVerifier {
  const { publicKey, clockSkewMs = 5_000, cacheSize = 10_000, now = Date.now } = options;
  const inputs: readonly PublicKeyInput[] = Array.isArray(publicKey)
    ? publicKey
    : [publicKey as PublicKeyInput];
  const keys = inputs.map(readPublicKey);
  const verified = new LRUCache<string, Principal>({ max: cacheSize });
  return (token) => {
    const principal = verified.get(token) ?? decodeToken(token, keys);
    if (principal === undefined) throw unauthenticated('The principal is not signed by this mesh.');
    if (principal.expireTime.getTime() + clockSkewMs <= now()) {
      verified.delete(token);
      throw unauthenticated('The principal has expired.');
    }
    verified.set(token, principal);
    return principal;
  };
}
