import type { Host } from './state.ts';

/**
 * A host meets the same addresses again and again, of a load test a thousand clients' or so; to hash one for
 * a Map costs more than the rest.
 */
const SLOTS = 1024;
export const UNKNOWN = 0;
export const LOCAL = 1;
export const FOREIGN = 2;

/** Pairs of an address and what was found out about it. */
export function createLocalCache(): Int32Array {
  return new Int32Array(2 * SLOTS);
}

/** Where the pair of an address begins. */
export function localSlot(address: number): number {
  return ((address ^ (address >>> 10)) & (SLOTS - 1)) << 1;
}

/**
 * Addresses fall into 32 sets. A host has but a few addresses, so that most others are of a set without any:
 * they are told from its own by one word.
 */
export function localSet(address: number): number {
  return (address ^ (address >>> 8)) & 31;
}

/** Which sets a host's addresses are of, a bit each. */
export function setsOf(host: Host): number {
  let sets = 0;
  for (const address of host.local.keys()) sets |= 1 << localSet(address);
  for (const route of host.routes) if (route.type === 'local') sets = -1;
  return sets;
}

/**
 * To be called after every change of a host's addresses or routes.
 * @param flushes whether routes that were looked up before are out of date, too (rt_cache_flush)
 */
export function forgetLocal(host: Host, flushes = true): void {
  host.localCache.fill(UNKNOWN);
  host.localSets = -1;
  if (flushes) host.routeChanges++;
}
