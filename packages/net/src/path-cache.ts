import { forgetPlain } from './link/wires.ts';
import type { Network, PathCache } from './state.ts';

/** A destination has two places, beside each other: the third that meets there is worked out again. */
const SIZE = 1 << 15;
/** The highest bits of a product are the best mixed. */
const SHIFT = 32 - 15;
/** Words of a row: the host's id and one, address towards which it routes, destination, index of the path. */
export const PATH_ROW = 4;

/**
 * Packet level: networks of 2^NETWORK_BITS addresses that a host reaches all by one gateway. They are few,
 * and so they are nearer to the processor than a place for each address.
 */
export const NETWORK_BITS = 8;
const NETWORKS = 512;
/** Of two hosts: neighbouring networks get places beside each other. */
const NETWORKS_APART = 37;

export function createPathCache(): PathCache {
  return {
    rows: new Int32Array(SIZE * PATH_ROW),
    networks: new Int32Array(NETWORKS * PATH_ROW),
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

/** @param network the highest bits of an address */
export function networkSlot(host: number, network: number): number {
  return (network + Math.imul(host, NETWORKS_APART)) & (NETWORKS - 1);
}

/** To be called after every change of addresses, routes, interfaces, segments, rules or taps. */
export function forgetPaths(net: Network): void {
  forgetPlain(net);
  const cache = net.pathCache;
  if (cache.found.length === 0) return;
  cache.rows.fill(0);
  cache.networks.fill(0);
  cache.found = [];
  cache.known = new Map();
  cache.byRoute = new Map();
}
