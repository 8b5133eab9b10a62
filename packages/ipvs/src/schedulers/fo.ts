import type { Destination, Service } from '../service.ts';
import type { StatelessState } from './state.ts';
import { stateless } from './stateless.ts';
import type { Scheduler } from './types.ts';
import { isUsable } from './usable.ts';

/**
 * Weighted failover: all connections to the usable server of highest weight; of equals the first in the list.
 * Source: net/netfilter/ipvs/ip_vs_fo.c.
 */
function schedule(service: Service): Destination | undefined {
  let highest: Destination | undefined;
  for (const destination of service.destinations) {
    if (!isUsable(destination)) continue;
    if (highest === undefined || destination.weight > highest.weight) highest = destination;
  }
  return highest;
}

export const fo: Scheduler<StatelessState> = stateless('fo', schedule);
