import { formatIpv4, ipv4, netmask, parseIpv4 } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { parseNumberWithin } from './numbers.ts';

/** An address with the length of its network. */
export interface Prefix {
  readonly address: Ipv4;
  /** 0 to 32 */
  readonly prefixLength: number;
}

/** Reads `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10/8`; an address without length is a /32. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  const quad = slash < 0 ? text : text.slice(0, slash);
  const missing = 4 - quad.split('.').length;
  // iproute2 fills missing octets with zeros, where a length says how many count
  const full = slash > 0 && missing > 0 && /^[\d.]+$/.test(quad) ? quad + '.0'.repeat(missing) : quad;
  const address = parseIpv4(full);
  if (address === undefined) return undefined;
  if (slash < 0) return { address, prefixLength: 32 };
  const prefixLength = parseLength(text.slice(slash + 1));
  return prefixLength === undefined ? undefined : { address, prefixLength };
}

function parseLength(text: string): number | undefined {
  const mask = parseIpv4(text);
  if (mask === undefined) return /^\d{1,2}$/.test(text) ? parseNumberWithin(text, 0, 32) : undefined;
  for (let length = 0; length <= 32; length++) if (netmask(length) === mask) return length;
  return undefined;
}

/** `10.0.0.0/8` */
export const formatPrefix = (prefix: Prefix): string =>
  `${formatIpv4(prefix.address)}/${prefix.prefixLength}`;

/** The prefix with the bits of its hosts cleared. */
export const networkOf = (prefix: Prefix): Prefix => ({
  address: ipv4(prefix.address & netmask(prefix.prefixLength)),
  prefixLength: prefix.prefixLength,
});
