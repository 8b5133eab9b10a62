import { addressHash } from '../hash.ts';
import type { Destination, Service } from '../service.ts';
import type { HashState } from './state.ts';
import type { ScheduleRequest, Scheduler, SchedulerContext } from './types.ts';
import { byId, foreignState, isUsable } from './usable.ts';

/** Buckets of sh and dh: 2^8. */
export const HASH_BITS = 8;
export const HASH_BUCKETS = 256;

/** The servers in turn over 256 buckets, head of the list first; weights, also 0, make no difference. */
export function dhTable(destinations: readonly Destination[]): Int32Array {
  const table = new Int32Array(HASH_BUCKETS).fill(-1);
  if (destinations.length === 0) return table;
  for (let i = 0; i < HASH_BUCKETS; i++) table[i] = destinations[i % destinations.length]!.id;
  return table;
}

/** Every add, edit and delete fills the table anew. */
function changed(service: Service): void {
  const state = service.schedulerState;
  if (state.scheduler !== 'dh') throw foreignState('dh', state);
  state.table = dhTable(service.destinations);
}

/**
 * Destination hashing: the packet's destination address picks the bucket, so one VIP means one server; where
 * that server is not usable, nobody. Source: net/netfilter/ipvs/ip_vs_dh.c.
 */
function schedule(
  service: Service,
  request: ScheduleRequest,
  context: SchedulerContext,
): Destination | undefined {
  const state = service.schedulerState;
  if (state.scheduler !== 'dh') throw foreignState('dh', state);
  const bucket = addressHash(request.destination, HASH_BITS, context.kernel);
  const destination = byId(service.destinations, state.table[bucket]!);
  return destination !== undefined && isUsable(destination) ? destination : undefined;
}

export const dh: Scheduler<HashState> = {
  name: 'dh',
  init: (service) => ({ scheduler: 'dh', table: dhTable(service.destinations) }),
  changed,
  schedule,
};
