import type { Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import type { PeerCertificate } from '../identity/authenticator.ts';
import type { Arrival } from './server-call.ts';

/** What calls of all kinds have in common. */
export interface ServerSurfaceCall
  extends Pick<
    ServerUnaryCall<Buffer, Buffer>,
    'metadata' | 'cancelled' | 'getPeer' | 'getDeadline' | 'getAuthContext' | 'sendMetadata'
  > {
  once(event: 'cancelled', listener: () => void): unknown;
}

/** What a handler may know of a call that came in over grpc-js. */
export function arrivalOf(call: ServerSurfaceCall): Arrival {
  const gone = new AbortController();
  // grpc-js also says so after a call that ended well, when nobody listens any more.
  call.once('cancelled', () => gone.abort());
  if (call.cancelled) gone.abort();
  return {
    headers: headersOf(call.metadata),
    peer: call.getPeer(),
    certificate: certificateOf(call),
    timeoutMs: timeoutOf(call),
    cancelled: gone.signal,
  };
}

function headersOf(metadata: Metadata): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(metadata.getMap())) {
    if (typeof value === 'string') headers.set(name, value);
  }
  return headers;
}

function timeoutOf(call: ServerSurfaceCall): number | undefined {
  const deadline = call.getDeadline();
  const at = deadline instanceof Date ? deadline.getTime() : deadline;
  return Number.isFinite(at) ? at - Date.now() : undefined;
}

function certificateOf(call: ServerSurfaceCall): PeerCertificate | undefined {
  const certificate = call.getAuthContext().sslPeerCertificate;
  if (certificate === undefined) return undefined;
  const commonName = certificate.subject.CN;
  return {
    commonName: (Array.isArray(commonName) ? commonName[0] : commonName) ?? '',
    alternativeNames: certificate.subjectaltname ?? '',
    fingerprint: certificate.fingerprint256,
  };
}
