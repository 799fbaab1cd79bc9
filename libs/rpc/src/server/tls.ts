import type { Secret } from '@atelier/config';
import { ServerCredentials } from '@grpc/grpc-js';

/** Keys of a server. All in PEM. */
export interface ServerTls {
  readonly key: Secret;
  readonly certificate: string;
  /** Authorities whose clients are accepted; given, every client must show a certificate of one. */
  readonly clientAuthorities?: string;
}

/** Credentials for `bindAsync`; without TLS, plaintext. */
export function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const pair = { private_key: Buffer.from(tls.key.reveal()), cert_chain: Buffer.from(tls.certificate) };
  const { clientAuthorities } = tls;
  if (clientAuthorities === undefined) return ServerCredentials.createSsl(null, [pair], false);
  return ServerCredentials.createSsl(Buffer.from(clientAuthorities), [pair], true);
}
