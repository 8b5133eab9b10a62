import type { Destination, Service } from '../service.ts';
import type { StatelessState } from './state.ts';
import { stateless } from './stateless.ts';
import type { Scheduler } from './types.ts';

/**
 * Shortest expected delay: the least (active + 1) / weight; inactive connections don't count. An idle pool
 * gives the highest weight. Source: net/netfilter/ipvs/ip_vs_sed.c.
 */
function schedule(service: Service): Destination | undefined {
  const destinations = service.destinations;
  let least: Destination | undefined;
  let leastCost = 0;
  let leastWeight = 0;
  for (let i = 0; i < destinations.length; i++) {
    const destination = destinations[i]!;
    const weight = destination.weight;
    if (weight <= 0 || destination.overloaded) continue;
    const cost = destination.activeConns + 1;
    if (least === undefined || leastCost * weight > cost * leastWeight) {
      least = destination;
      leastCost = cost;
      leastWeight = weight;
    }
  }
  return least;
}

export const sed: Scheduler<StatelessState> = stateless('sed', schedule);
