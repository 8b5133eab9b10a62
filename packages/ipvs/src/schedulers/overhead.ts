import type { Destination } from '../service.ts';

/** What a scheduler reads of a server's load; explanations bring their own copies. */
export type Loaded = Pick<Destination, 'activeConns' | 'inactConns' | 'weight' | 'overloaded'>;

/**
 * The load that lc, wlc, lblc, lblcr and twos compare: an active connection counts as 256 inactive ones
 * (`ip_vs_dest_conn_overhead`, include/net/ip_vs.h).
 */
export function overhead(destination: Pick<Destination, 'activeConns' | 'inactConns'>): number {
  return destination.activeConns * 256 + destination.inactConns;
}

/**
 * The server with the least overhead per unit of weight (wlc's rule, shared by lblc and lblcr).
 * Quotients are compared as cross products, strictly: of equals the earlier in the list stays.
 */
export function leastOverheadPerWeight(destinations: readonly Destination[]): Destination | undefined {
  let least: Destination | undefined;
  let leastOverhead = 0;
  let leastWeight = 0;
  for (let i = 0; i < destinations.length; i++) {
    const destination = destinations[i]!;
    const weight = destination.weight;
    if (weight <= 0 || destination.overloaded) continue;
    const load = destination.activeConns * 256 + destination.inactConns;
    if (least === undefined || leastOverhead * weight > load * leastWeight) {
      least = destination;
      leastOverhead = load;
      leastWeight = weight;
    }
  }
  return least;
}

/**
 * lblc and lblcr leave a cached server when it has more active connections than weight **and** some server
 * of the service has less than half of its own (`is_overloaded`, ip_vs_lblc.c). Marks are not looked at.
 */
export function isOverCapacity(destination: Destination, all: readonly Destination[]): boolean {
  return destination.activeConns > destination.weight && someHalfIdle(all) !== undefined;
}

/** The first server with fewer than half as many active connections as weight. */
export function someHalfIdle<D extends Loaded>(all: readonly D[]): D | undefined {
  for (let i = 0; i < all.length; i++) {
    const other = all[i]!;
    if (other.activeConns * 2 < other.weight) return other;
  }
  return undefined;
}
