import type { Network, PathCache } from './state.ts';

/** Direct-mapped: a destination that meets another one in its place is worked out again. */
const SIZE = 1 << 15;

export function createPathCache(): PathCache {
  return {
    hosts: new Int32Array(SIZE).fill(-1),
    links: new Uint32Array(SIZE),
    destinations: new Uint32Array(SIZE),
    paths: new Int32Array(SIZE),
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
  cache.hosts.fill(-1);
  cache.found = [];
  cache.known = new Map();
}
