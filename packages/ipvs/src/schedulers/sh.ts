import { PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { addressHash } from '../hash.ts';
import type { KernelProfile } from '../kernel-profile.ts';
import { type Destination, SCHED_FLAG_1, SCHED_FLAG_2, type Service } from '../service.ts';
import { HASH_BITS, HASH_BUCKETS } from './dh.ts';
import type { HashState } from './state.ts';
import type { ScheduleRequest, Scheduler, SchedulerContext } from './types.ts';
import { byId, foreignState, isUsable } from './usable.ts';

/**
 * 256 buckets filled in list order, again and again: `weight` buckets in a row for each server, one where the
 * weight is 0 (its clients are refused). Without weights (old kernels) one bucket each.
 */
export function shTable(destinations: readonly Destination[], honoursWeight: boolean): Int32Array {
  const table = new Int32Array(HASH_BUCKETS).fill(-1);
  if (destinations.length === 0) return table;
  let place = 0;
  let given = 0;
  for (let i = 0; i < HASH_BUCKETS; i++) {
    const destination = destinations[place]!;
    table[i] = destination.id;
    given++;
    if (honoursWeight && given < destination.weight) continue;
    place = (place + 1) % destinations.length;
    given = 0;
  }
  return table;
}

/** What sh and mh hash: source address, plus source port with sh-port or mh-port; modulo 2^32. */
export function sourceKey(flags: number, request: ScheduleRequest): number {
  if ((flags & SCHED_FLAG_2) === 0) return request.source;
  const { protocol } = request;
  const hasPorts = protocol === PROTO_TCP || protocol === PROTO_UDP || protocol === PROTO_SCTP;
  return hasPorts ? (request.source + request.sourcePort) >>> 0 : request.source;
}

/** The bucket of a key, moved on by `offset`. */
export function shBucket(key: number, offset: number, kernel: KernelProfile): number {
  return (offset + addressHash(key, HASH_BITS, kernel)) & (HASH_BUCKETS - 1);
}

/** Every add, edit and delete fills the table anew: nearly all clients move. */
function changed(
  service: Service,
  _change: unknown,
  _destination: unknown,
  _index: unknown,
  context: SchedulerContext,
): void {
  const state = service.schedulerState;
  if (state.scheduler !== 'sh') throw foreignState('sh', state);
  state.table = shTable(service.destinations, context.kernel.shHonoursWeight);
}

/**
 * Source hashing: the client's address picks the bucket; where its server is not usable, nobody, or with
 * sh-fallback the next usable bucket, counted from twice the first. Source: net/netfilter/ipvs/ip_vs_sh.c.
 */
function schedule(
  service: Service,
  request: ScheduleRequest,
  context: SchedulerContext,
): Destination | undefined {
  const state = service.schedulerState;
  if (state.scheduler !== 'sh') throw foreignState('sh', state);
  const { destinations, schedulerFlags } = service;
  const key = sourceKey(schedulerFlags, request);
  const first = shBucket(key, 0, context.kernel);
  const owner = byId(destinations, state.table[first]!);
  if (owner !== undefined && isUsable(owner)) return owner;
  if ((schedulerFlags & SCHED_FLAG_1) === 0) return undefined;
  for (let offset = 0; offset < HASH_BUCKETS; offset++) {
    const bucket = shBucket(key, first + offset, context.kernel);
    const destination = byId(destinations, state.table[bucket]!);
    if (destination !== undefined && isUsable(destination)) return destination;
  }
  return undefined;
}

export const sh: Scheduler<HashState> = {
  name: 'sh',
  init: (service, context) => ({
    scheduler: 'sh',
    table: shTable(service.destinations, context.kernel.shHonoursWeight),
  }),
  changed,
  schedule,
};
