import { candidate, type Finding, nobodyUsable, skipped } from './explain-candidates.ts';
import type { Probe } from './explain-types.ts';
import { addressHash } from './hash.ts';
import { HASH_BITS } from './schedulers/dh.ts';
import { mhSlot } from './schedulers/mh.ts';
import { shBucket, sourceKey } from './schedulers/sh.ts';
import type { ScheduleRequest, SchedulerContext } from './schedulers/types.ts';
import { byId, foreignState, isUsable } from './schedulers/usable.ts';
import { SCHED_FLAG_1, type Service } from './service.ts';

const PROBES_KEPT = 32;

/** The bucket of the look number `look`: 0 is the client's own, then those of the fallback. */
function bucketOf(
  scheduler: 'sh' | 'dh' | 'mh',
  key: number,
  look: number,
  buckets: number,
  kernel: SchedulerContext['kernel'],
): number {
  if (scheduler === 'dh') return addressHash(key, HASH_BITS, kernel);
  const bucket = (offset: number): number =>
    scheduler === 'sh' ? shBucket(key, offset, kernel) : mhSlot(key, offset);
  return look === 0 ? bucket(0) : bucket((bucket(0) + look - 1) % buckets);
}

/** sh, dh, mh: which bucket the client's or the destination's address falls into, and whose it is. */
export function explainHash(service: Service, request: ScheduleRequest, context: SchedulerContext): Finding {
  const state = service.schedulerState;
  if (state.scheduler !== 'sh' && state.scheduler !== 'dh' && state.scheduler !== 'mh') {
    throw foreignState(service.scheduler, state);
  }
  const { scheduler, table } = state;
  const { destinations } = service;
  const key = scheduler === 'dh' ? request.destination : sourceKey(service.schedulerFlags, request);
  const fallback = scheduler !== 'dh' && (service.schedulerFlags & SCHED_FLAG_1) !== 0;
  const most = fallback ? 1 + table.length : 1;
  const probes: Probe[] = [];
  const asked = new Set<number>();
  let chosen: number | undefined;
  let looks = 0;
  let empty = false;
  while (looks < most && chosen === undefined && !empty) {
    const bucket = bucketOf(scheduler, key, looks, table.length, context.kernel);
    const owner = byId(destinations, table[bucket]!);
    const usable = owner !== undefined && isUsable(owner);
    if (probes.length < PROBES_KEPT) probes.push({ bucket, id: owner?.id, usable });
    if (owner === undefined) empty = true;
    else asked.add(owner.id);
    if (usable) chosen = owner.id;
    looks++;
  }
  const owned = new Map<number, number>();
  for (const id of table) owned.set(id, (owned.get(id) ?? 0) + 1);
  const someUsable = destinations.some(isUsable);
  return {
    chosen,
    reason: {
      kind: 'bucket',
      key,
      bucket: probes[0]!.bucket,
      buckets: table.length,
      fallback,
      probes,
      looks,
    },
    nobody: chosen !== undefined ? undefined : someUsable ? 'bucket-unusable' : nobodyUsable(destinations),
    candidates: destinations.map((one) => {
      const buckets = owned.get(one.id) ?? 0;
      if (one.id === chosen) return candidate(one.id, 'chosen', { buckets });
      const skip = asked.has(one.id) ? skipped(one) : undefined;
      return candidate(one.id, skip ?? 'not-asked', { buckets });
    }),
  };
}
