import type { IncomingMessage } from 'node:http';
import { permissionDenied, type RpcError } from '@atelier/rpc';

/** What is let through. */
export interface OriginGuardOptions {
  /** Web origins whose pages may call. */
  readonly allowedOrigins: readonly string[];
  /**
   * True where nobody is asked who they are, so that any web page that a person opens must be kept out: Host and Origin
   * must then be names of this machine, which a page elsewhere cannot make up, not even by DNS rebinding.
   */
  readonly isOpen: boolean;
  /** Address by which callers reach the server. */
  readonly publicUrl: string;
  /** The port that was bound. */
  readonly port: number;
}

/** Looks at the Host and the Origin of requests. */
export interface OriginGuard {
  /** Why the request is refused; undefined where it is not. */
  check(request: IncomingMessage): RpcError | undefined;
  /** The origin that is to be told that it may read the answer; undefined where there is none. */
  corsOrigin(request: IncomingMessage): string | undefined;
}

const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Makes the guard of a server. */
export function originGuard({ allowedOrigins, isOpen, publicUrl, port }: OriginGuardOptions): OriginGuard {
  const ownOrigins = [
    ...LOCAL_NAMES.map((name) => `http://${name}:${port}`),
    ...LOCAL_NAMES.map((name) => `https://${name}:${port}`),
  ].map(normalised);
  const own = new Set([...ownOrigins, normalised(publicUrl)]);
  const hosts = new Set([...own].map((origin) => new URL(origin).host));
  const allowed = new Set(allowedOrigins);

  const check = (request: IncomingMessage): RpcError | undefined => {
    if (!isOpen) return undefined;
    const { host, origin } = request.headers;
    if (host === undefined || !hosts.has(hostOf(host))) return refused('Host');
    if (origin !== undefined && !own.has(origin) && !allowed.has(origin)) return refused('Origin');
    return undefined;
  };
  const corsOrigin = ({ headers: { origin } }: IncomingMessage) =>
    origin !== undefined && allowed.has(origin) ? origin : undefined;
  return { check, corsOrigin };
}

function refused(header: string): RpcError {
  return permissionDenied(`This server does not answer to the ${header} of the request.`, {
    reason: 'ORIGIN_REFUSED',
    metadata: { header: header.toLowerCase() },
  });
}

/** As browsers write it: lower case, without a path, without the port that the scheme has anyway. */
function normalised(url: string): string {
  return new URL(url).origin;
}

/** A host as URLs have it, so that `LOCALHOST:80` is `localhost`; a text that is none is no host of ours. */
function hostOf(header: string): string {
  return URL.parse(`http://${header}`)?.host ?? '';
}
