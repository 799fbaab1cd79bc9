import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { TLSSocket } from 'node:tls';
import {
  type ContextValues,
  createContextKey,
  createContextValues,
  type HandlerContext,
} from '@connectrpc/connect';
import type { PeerCertificate } from '../identity/authenticator.ts';
import type { Arrival } from '../server/server-call.ts';

interface Peer {
  readonly address: string;
  readonly certificate?: PeerCertificate | undefined;
}

const peerKey = createContextKey<Peer>({ address: 'unknown' });

/** Keeps what the socket knows of the other end, which Connect's own context leaves out. */
export function peerValues(request: IncomingMessage | Http2ServerRequest): ContextValues {
  const { socket } = request;
  const address =
    socket?.remoteAddress === undefined ? 'unknown' : `${socket.remoteAddress}:${socket.remotePort ?? 0}`;
  const certificate = socket instanceof TLSSocket && socket.authorized ? certificateOf(socket) : undefined;
  return createContextValues().set(peerKey, { address, certificate });
}

function certificateOf(socket: TLSSocket): PeerCertificate {
  const certificate = socket.getPeerCertificate();
  const commonName = certificate.subject.CN;
  return {
    commonName: (Array.isArray(commonName) ? commonName[0] : commonName) ?? '',
    alternativeNames: certificate.subjectaltname ?? '',
    fingerprint: certificate.fingerprint256,
  };
}

/** What a handler may know of a call that came in over Connect. */
export function arrivalOf(context: HandlerContext): Arrival {
  const peer = context.values.get(peerKey);
  return {
    headers: new Map(context.requestHeader.entries()),
    peer: peer.address,
    certificate: peer.certificate,
    timeoutMs: context.timeoutMs(),
    cancelled: context.signal,
  };
}
