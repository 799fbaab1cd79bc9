import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@atelier/config';
import { unauthenticated } from '../errors/constructors.ts';
import { HEADER } from '../wire/headers.ts';
import type { Principal } from './principal.ts';
import { type PrincipalVerifierOptions, principalVerifier } from './signer.ts';

/** The certificate that a peer proved to own, on connections with mutual TLS. */
export interface PeerCertificate {
  /** Common name of the subject. */
  readonly commonName: string;
  /** The subject alternative names, such as `DNS:a.example, URI:spiffe://…`. */
  readonly alternativeNames: string;
  /** SHA-256 of the certificate, in hexadecimal with colons. */
  readonly fingerprint: string;
}

/**
 * Finds out who is calling. Gives undefined for a peer that is trusted but speaks for nobody (a service of the mesh by
 * itself), and throws UNAUTHENTICATED for everyone else. It runs before the request is read.
 */
export type Authenticator = (
  headers: ReadonlyMap<string, string>,
  peer: string,
  certificate?: PeerCertificate,
) => Promise<Principal | undefined>;

/** What an inner service needs in order to know its callers. */
export interface MeshAuthenticatorOptions extends PrincipalVerifierOptions {
  /** The mesh credential; several while one is being replaced by another. */
  readonly credential: Secret | readonly Secret[];
}

/**
 * The authenticator of inner services: every call carries the mesh credential, and most carry the signed principal.
 * The credential is compared in constant time.
 */
export function meshAuthenticator(options: MeshAuthenticatorOptions): Authenticator {
  const credentials: readonly Secret[] = Array.isArray(options.credential)
    ? options.credential
    : [options.credential as Secret];
  const digests = credentials.map((credential) => digest(credential.reveal()));
  const verify = principalVerifier(options);
  return async (headers) => {
    const given = digest(headers.get(HEADER.meshCredential) ?? '');
    // Every digest is compared, so that the time does not tell which one matched.
    const matches = digests.map((expected) => timingSafeEqual(expected, given));
    if (!matches.includes(true))
      throw unauthenticated('The call does not carry the credential of this mesh.');
    const token = headers.get(HEADER.principal);
    return token === undefined ? undefined : verify(token);
  };
}

/** Digests have one length, which constant-time comparison asks for. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
