/** An address as grpc-js takes it, and what follows from how it was written. */
export interface Address {
  readonly target: string;
  /** Whether it was written as `https://`. */
  readonly tls: boolean;
  readonly isLoopback: boolean;
}

/**
 * Reads `host:port`, `http://host:port`, `https://host:port` or a target of gRPC. Throws a TypeError for what is none.
 */
export function parseAddress(text: string): Address {
  const trimmed = text.trim();
  const url = /^(https?):\/\/([^/?#@]+)\/?$/i.exec(trimmed);
  if (url !== null) {
    const [, scheme = '', authority = ''] = url;
    const tls = scheme.toLowerCase() === 'https';
    const withPort = /:\d+$/.test(authority) ? authority : `${authority}:${tls ? 443 : 80}`;
    return { target: withPort, tls, isLoopback: isLoopback(withPort) };
  }
  if (/^(dns|ipv4|ipv6|unix|unix-abstract|xds):/.test(trimmed)) {
    const [, host = ''] = /^[a-z0-9-]+:(?:\/\/[^/]*\/)?(.*)$/.exec(trimmed) ?? [];
    return { target: trimmed, tls: false, isLoopback: trimmed.startsWith('unix') || isLoopback(host) };
  }
  if (!/^(\[[0-9a-f:.]+\]|[^\s:/?#@]+):\d{1,5}$/i.test(trimmed)) {
    throw new TypeError(`"${text}" is not an address such as 127.0.0.1:50051 or https://atelier.example:443`);
  }
  return { target: trimmed, tls: false, isLoopback: isLoopback(trimmed) };
}

function isLoopback(hostPort: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\]):/i.test(hostPort);
}
