import type { Host, LocalCache } from './state.ts';

/**
 * A host meets the same addresses again and again, of a load test a thousand clients' or so; to hash one for
 * a Map costs more than the rest.
 */
const SLOTS = 1024;
export const UNKNOWN = 0;
export const LOCAL = 1;
export const FOREIGN = 2;

export function createLocalCache(): LocalCache {
  return { addresses: new Int32Array(SLOTS), verdicts: new Uint8Array(SLOTS) };
}

export function localSlot(address: number): number {
  return (address ^ (address >>> 10)) & (SLOTS - 1);
}

/** To be called after every change of a host's addresses or routes. */
export function forgetLocal(host: Host): void {
  host.localCache.verdicts.fill(UNKNOWN);
}
