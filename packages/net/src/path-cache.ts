import type { Network, PathCache } from './state.ts';

/** A destination has two places, beside each other: the third that meets there is worked out again. */
const SIZE = 1 << 15;
/** The highest bits of a product are the best mixed. */
const SHIFT = 32 - 15;
/** Words of a row: the host's id and one, address towards which it routes, destination, index of the path. */
export const PATH_ROW = 4;

export function createPathCache(): PathCache {
  return {
    rows: new Int32Array(SIZE * PATH_ROW),
    found: [],
    known: new Map(),
    byRoute: new Map(),
  };
}

/**
 * Sums, so that addresses that follow each other, as those of many clients do, are spread evenly.
 * @param link int32, as is `destination`
 */
export function pathSlot(host: number, link: number, destination: number): number {
  const sum = link + Math.imul(host + 1, 0x9e3779b1) + Math.imul(destination, 0x85ebca6a);
  return Math.imul(sum | 0, 0xc2b2ae35) >>> SHIFT;
}

/** To be called after every change of addresses, routes, interfaces, segments, rules or taps. */
export function forgetPaths(net: Network): void {
  const cache = net.pathCache;
  if (cache.found.length === 0) return;
  cache.rows.fill(0);
  cache.found = [];
  cache.known = new Map();
  cache.byRoute = new Map();
}
