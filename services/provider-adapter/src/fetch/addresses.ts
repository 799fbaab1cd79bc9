import ipaddr from 'ipaddr.js';

/**
 * Whether an address is one of the public internet. Everything else is refused: loopback, private, link-local (where
 * clouds keep their metadata service), carrier-grade NAT, multicast, reserved, and every IPv6 form that carries an IPv4
 * address, which is judged by what it carries.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.kind() === 'ipv4') return address.range() === 'unicast';
  const carried = carriedAddress(address as ipaddr.IPv6);
  if (carried !== undefined) return carried.range() === 'unicast';
  return address.range() === 'unicast';
}

/** The IPv4 address inside of an IPv6 address: mapped, compatible, NAT64 (both prefixes are translators) or 6to4. */
function carriedAddress(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray();
  const at = (start: number) => new ipaddr.IPv4(bytes.slice(start, start + 4));
  if (address.isIPv4MappedAddress()) return at(12);
  const startsWith = (...prefix: number[]) => prefix.every((byte, index) => bytes[index] === byte);
  if (startsWith(0x00, 0x64, 0xff, 0x9b)) return at(12);
  if (startsWith(0x20, 0x02)) return at(2);
  const isCompatible = bytes.slice(0, 12).every((byte) => byte === 0);
  return isCompatible ? at(12) : undefined;
}
