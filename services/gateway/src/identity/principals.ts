import type { Principal, PrincipalSigner } from '@atelier/rpc';
import { LRUCache } from 'lru-cache';

/** How long a signed principal is good, in milliseconds: long enough for a call, short enough to lose one. */
const LIFETIME_MS = 5 * 60_000;

/** Who a principal is made for. */
export interface PrincipalClaims {
  readonly team: string;
  readonly project?: string | undefined;
  readonly keyId: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly kind: Principal['kind'];
  /** The principal is not good beyond this, such as the end of the key. */
  readonly notAfter?: Date | undefined;
}

/** Gives a signed principal that is good for at least half of its lifetime. */
export type PrincipalMint = (claims: PrincipalClaims) => Principal;

/** Signs principals, and gives the same one again while it is fresh, so that a busy key costs few signatures. */
export function principalMint(sign: PrincipalSigner, now: () => Date): PrincipalMint {
  const fresh = new LRUCache<string, Principal>({ max: 10_000 });
  return (claims) => {
    const key = JSON.stringify(claims);
    const time = now().getTime();
    const known = fresh.get(key);
    if (known !== undefined && known.expireTime.getTime() - time > LIFETIME_MS / 2) return known;
    const { notAfter, project, ...rest } = claims;
    const expiry = Math.min(time + LIFETIME_MS, notAfter?.getTime() ?? Number.POSITIVE_INFINITY);
    const principal = sign({
      ...rest,
      ...(project !== undefined && { project }),
      expireTime: new Date(expiry),
    });
    fresh.set(key, principal);
    return principal;
  };
}
