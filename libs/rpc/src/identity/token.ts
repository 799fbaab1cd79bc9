import { type KeyObject, sign, verify } from 'node:crypto';
import type { Principal } from './principal.ts';

/** Goes in front of what is signed, so that the signature is good for nothing else. */
const CONTEXT = 'atelier-principal.v1.';

/** Longer tokens are refused unread; one with all scopes takes a tenth of this. */
const MAX_TOKEN_LENGTH = 4_096;

interface Claims {
  readonly team: string;
  readonly project?: string;
  readonly key: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly kind: Principal['kind'];
  /** Milliseconds since 1970. */
  readonly exp: number;
}

/** The token of a principal: claims as JSON in base64url, a dot, the Ed25519 signature in base64url. */
export function encodeToken(principal: Principal, privateKey: KeyObject): string {
  const claims: Claims = {
    team: principal.team,
    ...(principal.project !== undefined && { project: principal.project }),
    key: principal.keyId,
    sub: principal.subject,
    scopes: principal.scopes,
    kind: principal.kind,
    exp: principal.expireTime.getTime(),
  };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${sign(null, Buffer.from(CONTEXT + payload), privateKey).toString('base64url')}`;
}

/**
 * Reads a token if one of the keys signed it. Gives undefined for anything else, without saying why. The expiry is the
 * caller's to check, since a token may be read once and used often.
 */
export function decodeToken(token: string, publicKeys: readonly KeyObject[]): Principal | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  const [payload, signature, ...rest] = token.split('.');
  if (payload === undefined || signature === undefined || rest.length > 0) return undefined;
  const signed = Buffer.from(CONTEXT + payload);
  const bytes = Buffer.from(signature, 'base64url');
  if (!publicKeys.some((key) => verify(null, signed, key, bytes))) return undefined;
  return fromClaims(JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims, token);
}

function fromClaims(claims: Claims, token: string): Principal {
  return {
    team: claims.team,
    ...(claims.project !== undefined && { project: claims.project }),
    keyId: claims.key,
    subject: claims.sub,
    scopes: claims.scopes,
    kind: claims.kind,
    expireTime: new Date(claims.exp),
    token,
  };
}
