import type { Destination, Service } from '../service.ts';
import type { StatelessState } from './state.ts';
import { stateless } from './stateless.ts';
import type { Scheduler } from './types.ts';
import { isUsable } from './usable.ts';

/**
 * Weighted overflow: the highest weight among the usable servers whose active connections don't exceed it,
 * so weight 3 takes 4; when all are full, nobody. Source: net/netfilter/ipvs/ip_vs_ovf.c.
 */
function schedule(service: Service): Destination | undefined {
  let highest: Destination | undefined;
  for (const destination of service.destinations) {
    if (!isUsable(destination) || destination.activeConns > destination.weight) continue;
    if (highest === undefined || destination.weight > highest.weight) highest = destination;
  }
  return highest;
}

export const ovf: Scheduler<StatelessState> = stateless('ovf', schedule);
