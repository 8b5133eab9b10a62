import { type Ipv4, ipv4, parseIpv4 } from '@lvscope/inet';
import type { Route } from '@lvscope/net';

/** `192.168.1.0/24`; without a length, 32. */
export function parsePrefix(text: string): { address: Ipv4; prefixLength: number } | undefined {
  const [quad, length = '32', ...rest] = text.split('/');
  const address = parseIpv4(quad ?? '');
  if (address === undefined || rest.length > 0 || !/^\d{1,2}$/.test(length)) return undefined;
  return Number(length) > 32 ? undefined : { address, prefixLength: Number(length) };
}

/**
 * What follows `ip route add`: `default via 192.168.1.254`, `local 10.1.0.0/16 dev lo`, `10.9.0.0/16 via …
 * src …`.
 * @returns undefined where it is none of these
 */
export function parseRoute(text: string): Route | undefined {
  const words = text.trim().split(/\s+/);
  const type = words[0] === 'local' ? 'local' : 'unicast';
  if (words[0] === 'local' || words[0] === 'unicast') words.shift();
  const target = words.shift() ?? '';
  const prefix = target === 'default' ? { address: ipv4(0), prefixLength: 0 } : parsePrefix(target);
  if (prefix === undefined) return undefined;
  const route: { -readonly [K in keyof Route]: Route[K] } = {
    type,
    network: prefix.address,
    prefixLength: prefix.prefixLength,
  };
  while (words.length > 0) {
    const option = words.shift();
    const value = words.shift() ?? '';
    const address = parseIpv4(value);
    if (option === 'dev' && value !== '') route.dev = value;
    else if (option === 'via' && address !== undefined) route.via = address;
    else if (option === 'src' && address !== undefined) route.source = address;
    else return undefined;
  }
  return route;
}
