import { addTime, seconds, type SimTime } from '@lvscope/des';
import type { Ipv4 } from '@lvscope/inet';
import { addressHash } from '../hash.ts';
import type { KernelProfile } from '../kernel-profile.ts';

const BUCKETS = 1024;
const BUCKET_BITS = 10;
const MAX_ENTRIES = BUCKETS * 16;
/** What is unused for so long may go when the cache is too full. */
const UNUSED = seconds(6 * 60);
/** Every how many minutes all entries are looked at. */
const FULL_CHECK_MINUTES = 30;

interface Cache {
  readonly cache: Map<Ipv4, { lastUse: SimTime }>;
  counter: number;
  rover: number;
}

/** Deletes entries not used for `expirationSeconds`. */
function checkAll(state: Cache, now: SimTime, expirationSeconds: number): void {
  for (const [address, entry] of state.cache) {
    if (now >= addTime(entry.lastUse, seconds(expirationSeconds))) state.cache.delete(address);
  }
}

/**
 * Deletes entries unused for 6 minutes, bucket by bucket after the rover, until the surplus and a third more
 * are gone.
 */
function shrink(state: Cache, now: SimTime, kernel: KernelProfile): void {
  const byBucket = new Map<number, Ipv4[]>();
  for (const [address, entry] of state.cache) {
    if (now < addTime(entry.lastUse, UNUSED)) continue;
    const bucket = addressHash(address, BUCKET_BITS, kernel);
    const unused = byBucket.get(bucket);
    if (unused) unused.push(address);
    else byBucket.set(bucket, [address]);
  }
  let goal = Math.floor(((state.cache.size - MAX_ENTRIES) * 4) / 3);
  goal = Math.min(goal, MAX_ENTRIES / 2);
  for (let seen = 0; seen < BUCKETS && goal > 0; seen++) {
    state.rover = (state.rover + 1) % BUCKETS;
    for (const address of byBucket.get(state.rover) ?? []) {
      state.cache.delete(address);
      goal--;
    }
  }
}

/**
 * The cleaning that lblc and lblcr do once a minute (`ip_vs_lblc_check_expire`, ip_vs_lblc.c): everything
 * every 30th minute; in between only when there are more than 16384 entries.
 */
export function cleanCache(
  state: Cache,
  now: SimTime,
  expirationSeconds: number,
  kernel: KernelProfile,
): void {
  if (state.counter % FULL_CHECK_MINUTES === 0) {
    checkAll(state, now, expirationSeconds);
    state.counter = 1;
  } else if (state.cache.size <= MAX_ENTRIES) {
    state.counter++;
  } else {
    shrink(state, now, kernel);
  }
}
