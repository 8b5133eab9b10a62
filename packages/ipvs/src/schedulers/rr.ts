import type { Destination, Service } from '../service.ts';
import type { RrState } from './state.ts';
import type { DestinationChange, Scheduler } from './types.ts';
import { foreignState, indexById, isUsable } from './usable.ts';

/**
 * Round robin: the next usable server after the last chosen one, in list order; weights above 0 are equal.
 * Source: net/netfilter/ipvs/ip_vs_rr.c. All servers in turn, the last chosen one last.
 */
function schedule(service: Service): Destination | undefined {
  const state = service.schedulerState;
  if (state.scheduler !== 'rr') throw foreignState('rr', state);
  const destinations = service.destinations;
  const count = destinations.length;
  let index = state.last < 0 ? -1 : indexById(destinations, state.last, state.index);
  for (let seen = 0; seen < count; seen++) {
    index++;
    if (index >= count) index = 0;
    const destination = destinations[index]!;
    if (!isUsable(destination)) continue;
    state.last = destination.id;
    state.index = index;
    return destination;
  }
  return undefined;
}

/** When the last chosen server is deleted, the pointer steps back, so that its successor is the next. */
function changed(service: Service, change: DestinationChange, destination: Destination, index: number): void {
  const state = service.schedulerState;
  if (state.scheduler !== 'rr') throw foreignState('rr', state);
  if (change !== 'delete' || state.last !== destination.id) return;
  state.last = service.destinations[index - 1]?.id ?? -1;
  state.index = index - 1;
}

export const rr: Scheduler<RrState> = {
  name: 'rr',
  init: () => ({ scheduler: 'rr', last: -1, index: -1 }),
  changed,
  schedule,
};
