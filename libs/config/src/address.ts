import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** Where to listen or to call. `host` is a name or an IP address without brackets; `port` is 0 to 65535. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Parses `host:port` or `[ipv6]:port`. Gives undefined for anything else, a missing host or port included. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text.trim());
  if (match === null) return undefined;
  const [, bracketed, plain, digits] = match;
  const port = Number(digits);
  if (port > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined;
  const host = bracketed ?? plain;
  return host === undefined ? undefined : { host, port };
}

/** Writes an address so that `parseHostPort` reads it back: IPv6 goes in brackets. */
export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Whether only this machine can reach the host: 127.0.0.0/8, ::1 or `localhost`. Any other name counts as reachable
 * from outside, whatever it resolves to now.
 */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/** `host:port`, the host being required: an address that listens everywhere must say so (`0.0.0.0:50051`). */
export function hostPort() {
  return z.string().transform((text, context): HostPort => {
    const parsed = parseHostPort(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: 'must be host:port, such as 127.0.0.1:50051' });
    return z.NEVER;
  });
}
