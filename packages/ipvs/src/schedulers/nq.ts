import type { Destination, Service } from '../service.ts';
import type { StatelessState } from './state.ts';
import { stateless } from './stateless.ts';
import type { Scheduler } from './types.ts';

/**
 * Never queue: the first idle server in the list (no active connection) at once, whatever its weight; where
 * none is idle, sed's rule. Source: net/netfilter/ipvs/ip_vs_nq.c.
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
    if (destination.activeConns === 0) return destination;
    const cost = destination.activeConns + 1;
    if (least === undefined || leastCost * weight > cost * leastWeight) {
      least = destination;
      leastCost = cost;
      leastWeight = weight;
    }
  }
  return least;
}

export const nq: Scheduler<StatelessState> = stateless('nq', schedule);
