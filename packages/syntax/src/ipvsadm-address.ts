import type { Ipv4 } from '@lvscope/inet';
import { parseAton, parseIpv6 } from './inet-text.ts';
import { parseNumberWithin } from './numbers.ts';
import { portOfName } from './port-names.ts';
import type { PortName } from './port-names.ts';

/** `host[:port]` as ipvsadm reads it; `port` is undefined where none was given. */
export type HostPort =
  | { readonly family: 4; readonly address: Ipv4; readonly port: number | undefined }
  | { readonly family: 6; readonly address: string; readonly port: number | undefined };

/**
 * Reads `1.2.3.4`, `1.2.3.4:80`, `[2001:db8::1]:80`, `2001:db8::1`. Host names are not known: the cluster
 * has no DNS. A bare IPv6 address never has a port: `2001:db8::1:80` is an address.
 */
export function parseHostPort(
  text: string,
  protocol: number,
  names: readonly PortName[],
): HostPort | undefined {
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end < 0 || text[end + 1] !== ':') return undefined;
    const inner = text.slice(1, end);
    const port = parsePort(text.slice(end + 2), protocol, names);
    if (port === undefined) return undefined;
    const address6 = parseIpv6(inner);
    if (address6 !== undefined) return { family: 6, address: address6, port };
    const address = parseAton(inner);
    return address === undefined ? undefined : { family: 4, address, port };
  }
  const address6 = parseIpv6(text);
  if (address6 !== undefined) return { family: 6, address: address6, port: undefined };
  const colon = text.lastIndexOf(':');
  const address = parseAton(colon < 0 ? text : text.slice(0, colon));
  if (address === undefined) return undefined;
  if (colon < 0) return { family: 4, address, port: undefined };
  const port = parsePort(text.slice(colon + 1), protocol, names);
  return port === undefined ? undefined : { family: 4, address, port };
}

function parsePort(text: string, protocol: number, names: readonly PortName[]): number | undefined {
  return parseNumberWithin(text, 0, 65535) ?? portOfName(names, text, protocol);
}
