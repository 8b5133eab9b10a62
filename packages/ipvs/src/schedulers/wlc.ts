import type { Destination, Service } from '../service.ts';
import { leastOverheadPerWeight } from './overhead.ts';
import type { StatelessState } from './state.ts';
import { stateless } from './stateless.ts';
import type { Scheduler } from './types.ts';

/**
 * Weighted least connection, the default: the least (256 × active + inactive) / weight.
 * While all counters are 0 all quotients are equal, so the head of the list is chosen whatever its weight.
 * Source: net/netfilter/ipvs/ip_vs_wlc.c.
 */
function schedule(service: Service): Destination | undefined {
  return leastOverheadPerWeight(service.destinations);
}

export const wlc: Scheduler<StatelessState> = stateless('wlc', schedule);
