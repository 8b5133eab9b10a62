import type { Network, PathCache } from './state.ts';

/** A destination has two places, beside each other: the third that meets there is worked out again. */
const SIZE = 1 << 15;
/** Words of a row: the host's id and one, address towards which it routes, destination, index of the path. */
export const PATH_ROW = 4;

export function createPathCache(): PathCache {
  return {
    rows: new Uint32Array(SIZE * PATH_ROW),
    found: [],
    known: new Map(),
  };
}

export function pathSlot(host: number, link: number, destination: number): number {
  let h = Math.imul(destination ^ Math.imul(host + 1, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul((h ^ (h >>> 15)) + link, 0xc2b2ae35);
  return (h ^ (h >>> 14)) & (SIZE - 1);
}

/** To be called after every change of addresses, routes, interfaces, segments, rules or taps. */
export function forgetPaths(net: Network): void {
  const cache = net.pathCache;
  if (cache.found.length === 0) return;
  cache.rows.fill(0);
  cache.found = [];
  cache.known = new Map();
}
