import type { Route } from '@lvscope/net';
import { parseIpRoute, placeWords } from '@lvscope/syntax';

/**
 * What follows `ip route add`: `default via 192.168.1.254`, `local 10.1.0.0/16 dev lo`,
 * `10.9.0.0/16 via … src …`.
 * @returns undefined where it is none of these
 */
export function parseRoute(text: string): Route | undefined {
  const parsed = parseIpRoute(placeWords(text.trim().split(/\s+/)));
  if (!parsed.ok) return undefined;
  const { type, destination, via, dev, source } = parsed.value;
  return {
    type,
    network: destination.address,
    prefixLength: destination.prefixLength,
    ...(via === undefined ? {} : { via }),
    ...(dev === undefined ? {} : { dev }),
    ...(source === undefined ? {} : { source }),
  };
}
