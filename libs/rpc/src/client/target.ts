import { isIP } from 'node:net';
import { parseHostPort } from '@atelier/config';

/**
 * A target as grpc-js takes it. A bare `host:port` becomes a DNS name, which is resolved anew when a connection ends; a
 * list between commas becomes a fixed list of addresses, over which calls go round. Whatever has a scheme
 * (`dns:///host:port`, `ipv4:a:1,b:2`, `unix:path`) stays as it is.
 *
 * Throws a TypeError for what is neither, and for a list of names: DNS answers with several addresses where several
 * replicas are behind one name.
 */
export function normalizeTarget(target: string): string {
  if (/^(dns|ipv4|ipv6|unix):(?!\d+$)/.test(target)) return target;
  const items = target.split(',').map((item) => item.trim());
  const addresses = items.map((item) => parseHostPort(item));
  if (addresses.some((address) => address === undefined || address.port === 0)) {
    throw new TypeError(`"${target}" is not a gRPC target such as dns:///host:port or 10.0.0.1:1,10.0.0.2:1`);
  }
  if (items.length === 1 && isIP(addresses[0]?.host ?? '') === 0) return `dns:///${items[0]}`;
  return addressList(target, items.map(loopbackName));
}

function addressList(target: string, items: readonly string[]): string {
  const families = new Set(items.map((item) => isIP(parseHostPort(item)?.host ?? '')));
  const [family] = families;
  if (families.size !== 1 || family === undefined || family === 0) {
    throw new TypeError(
      `"${target}" must list addresses of one family, not names: put replicas behind one DNS name`,
    );
  }
  return `ipv${family}:${items.join(',')}`;
}

/** In a list, the one name whose address is always known. */
function loopbackName(item: string): string {
  return item.replace(/^localhost:/i, '127.0.0.1:');
}
