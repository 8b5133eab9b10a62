import type { Destination, Service } from '../service.ts';
import { cleanCache } from './cache-timer.ts';
import { isOverCapacity, leastOverheadPerWeight } from './overhead.ts';
import type { LblcState } from './state.ts';
import type { ScheduleRequest, Scheduler, SchedulerContext } from './types.ts';
import { byId, foreignState } from './usable.ts';

function lblcState(service: Service): LblcState {
  const state = service.schedulerState;
  if (state.scheduler !== 'lblc') throw foreignState('lblc', state);
  return state;
}

/**
 * Locality-based least connection: a destination address keeps its server until that is gone, has weight 0 or
 * is over capacity; the threshold mark of a *cached* server is not looked at. Otherwise wlc picks.
 * Source: net/netfilter/ipvs/ip_vs_lblc.c.
 */
function schedule(
  service: Service,
  request: ScheduleRequest,
  context: SchedulerContext,
): Destination | undefined {
  const state = lblcState(service);
  const { destinations } = service;
  const entry = state.cache.get(request.destination);
  if (entry !== undefined) {
    entry.lastUse = context.now;
    const cached = byId(destinations, entry.destination);
    if (cached !== undefined && cached.weight > 0 && !isOverCapacity(cached, destinations)) return cached;
  }
  const picked = leastOverheadPerWeight(destinations);
  if (picked === undefined) return undefined;
  if (entry === undefined) {
    state.cache.set(request.destination, { destination: picked.id, lastUse: context.now });
  } else {
    entry.destination = picked.id;
  }
  return picked;
}

export const lblc: Scheduler<LblcState> = {
  name: 'lblc',
  init: () => ({ scheduler: 'lblc', cache: new Map(), counter: 1, rover: 0 }),
  // A deleted server stays cached until it is asked for; if it is added again before, it counts again.
  changed: () => undefined,
  schedule,
  everyMinute: (service, context) =>
    cleanCache(lblcState(service), context.now, context.lblcExpirationSeconds, context.kernel),
  refersTo: (service, destination) => {
    for (const entry of lblcState(service).cache.values()) {
      if (entry.destination === destination) return true;
    }
    return false;
  },
};
