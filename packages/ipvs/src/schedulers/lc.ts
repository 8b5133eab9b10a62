import type { Destination, Service } from '../service.ts';
import type { StatelessState } from './state.ts';
import { stateless } from './stateless.ts';
import type { Scheduler } from './types.ts';

/**
 * Least connection: the least 256 × active + inactive; of equals the first in the list. Weight only says
 * whether a server takes part. Source: net/netfilter/ipvs/ip_vs_lc.c.
 */
function schedule(service: Service): Destination | undefined {
  const destinations = service.destinations;
  let least: Destination | undefined;
  let leastOverhead = 0;
  for (let i = 0; i < destinations.length; i++) {
    const destination = destinations[i]!;
    if (destination.weight <= 0 || destination.overloaded) continue;
    const load = destination.activeConns * 256 + destination.inactConns;
    if (least === undefined || load < leastOverhead) {
      least = destination;
      leastOverhead = load;
    }
  }
  return least;
}

export const lc: Scheduler<StatelessState> = stateless('lc', schedule);
