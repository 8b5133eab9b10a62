import { insertNear } from './near.ts';
import { COARSE, type EventQueue, FEWEST_BUCKETS, queuedCount } from './queue-data.ts';

/** Bucket numbers beyond this would soon leave the range of int32. */
const LAST_BUCKET = 2 ** 30;
/** Events that a bucket should hold. */
const CROWD = 6;

/** Puts a record that lies in no list into the part where it belongs. It takes no double, to box none. */
export function place(q: EventQueue, slot: number): void {
  const at = q.reals[slot << 2]!;
  const x = (at - q.origin) * q.inverseWidth;
  const ahead = x - q.current;
  if (ahead < 1) {
    insertNear(q, slot);
  } else if (ahead < q.ringSize) {
    const h = x & (q.ringSize - 1);
    q.words[(slot << 3) | 6] = q.ring[h]!;
    q.ring[h] = slot;
    q.ringCount++;
  } else {
    placeBeyond(q, slot, x);
  }
}

/** Beyond the ring's reach: so each event is moved twice at most, but for the farthest. */
function placeBeyond(q: EventQueue, slot: number, x: number): void {
  const span = q.ringSize >> 1;
  if (x - q.current < span * (COARSE - 1)) {
    const list = (x / span) & (COARSE - 1);
    q.words[(slot << 3) | 6] = q.coarse[list]!;
    q.coarse[list] = slot;
    q.coarseCount++;
  } else {
    q.words[(slot << 3) | 6] = q.far;
    q.far = slot;
    q.farCount++;
  }
}

/** Twice a turn of the ring: what has come within its reach by now. */
export function rescatter(q: EventQueue): void {
  const span = q.ringSize >> 1;
  const halfTurn = Math.floor(q.current / span);
  q.rescatterAt = (halfTurn + 1) * span;
  if (halfTurn >= q.farAt) lookThroughFar(q, halfTurn);
  emptyCoarse(q, (halfTurn + 1) & (COARSE - 1));
}

function lookThroughFar(q: EventQueue, halfTurn: number): void {
  const slot = q.far;
  q.farAt = halfTurn + COARSE / 2;
  q.scanWaste += q.farCount >> 1;
  q.far = -1;
  q.farCount = 0;
  placeAll(q, slot);
}

function emptyCoarse(q: EventQueue, list: number): void {
  const slot = q.coarse[list]!;
  q.coarse[list] = -1;
  q.coarseCount -= placeAll(q, slot);
}

/** @returns how many events the list had */
function placeAll(q: EventQueue, list: number): number {
  let count = 0;
  let slot = list;
  while (slot >= 0) {
    const following = q.words[(slot << 3) | 6]!;
    place(q, slot);
    slot = following;
    count++;
  }
  return count;
}

/**
 * After a quiet spell, with nothing in the ring: on to the first coarse list that is not empty. If `far` has
 * anything before that, it is looked through when the first bucket there is opened.
 */
export function jump(q: EventQueue): void {
  if (q.coarseCount === 0) return jumpFar(q);
  const span = q.ringSize >> 1;
  // the lists of this half turn and the next have been emptied
  let ahead = Math.floor(q.current / span) + 2;
  while (q.coarse[ahead & (COARSE - 1)]! < 0) ahead++;
  q.current = ahead * span - 1;
  q.rescatterAt = ahead * span;
  emptyCoarse(q, ahead & (COARSE - 1));
}

/** There are the farthest only: lays the rings to begin at the first of them. */
function jumpFar(q: EventQueue): void {
  q.origin = earliest(q, q.far);
  q.current = 0;
  q.aheadTo = 0;
  q.rescatterAt = q.ringSize >> 1;
  lookThroughFar(q, 0);
}

/**
 * Chains all queued records into one list and leaves every part empty.
 * @returns the list's first slot, or -1
 */
function gather(q: EventQueue): number {
  const { words, ring, coarse } = q;
  let all = -1;
  for (let i = 1; i < q.runCount; i++) {
    words[(q.runSlot[i]! << 3) | 6] = all;
    all = q.runSlot[i]!;
  }
  for (let i = 0; i < q.heapCount; i++) {
    words[(q.heapSlot[i]! << 3) | 6] = all;
    all = q.heapSlot[i]!;
  }
  const gatherList = (list: number): void => {
    let slot = list;
    while (slot >= 0) {
      const following = words[(slot << 3) | 6]!;
      words[(slot << 3) | 6] = all;
      all = slot;
      slot = following;
    }
  };
  for (const list of ring) gatherList(list);
  for (const list of coarse) gatherList(list);
  gatherList(q.far);
  coarse.fill(-1);
  q.far = -1;
  q.runCount = 1;
  q.heapCount = 0;
  q.ringCount = 0;
  q.coarseCount = 0;
  q.farCount = 0;
  return all;
}

function earliest(q: EventQueue, list: number): number {
  let first = Infinity;
  for (let slot = list; slot >= 0; slot = q.words[(slot << 3) | 6]!)
    first = Math.min(first, q.reals[slot << 2]!);
  return first;
}

/**
 * The width at which the densest stretch from the first event on has CROWD events a bucket, found by counting
 * the events that come within 1, 2, 4 … ns of the first. Too few events say nothing: 0.
 */
function suggestWidth(q: EventQueue, list: number, first: number): number {
  const { reals, words } = q;
  const within = new Int32Array(54);
  for (let slot = list; slot >= 0; slot = words[(slot << 3) | 6]!) {
    const distance = reals[slot << 2]! - first;
    const far = Math.floor(distance / 2 ** 26);
    within[far > 0 ? 58 - Math.clz32(far) : 32 - Math.clz32(distance)]!++;
  }
  let seen = 0;
  let best = Infinity;
  for (let e = 0; e < within.length; e++) {
    seen += within[e]!;
    if (seen >= 32) best = Math.min(best, (2 ** e / seen) * CROWD);
  }
  return best === Infinity ? 0 : best;
}

/**
 * Wider when time went into empty buckets, narrower when it went into crowds: as suggested, or else fourfold.
 */
function chooseWidth(q: EventQueue, suggested: number): number {
  const { width, scanWaste, nearWaste } = q;
  const waste = scanWaste + nearWaste;
  if (waste < q.opened / 8) return width;
  if (nearWaste > scanWaste) return suggested > 0 && suggested < width * 0.7 ? suggested : width / 4;
  return suggested > width * 1.4 ? suggested : width * 4;
}

/** Lays the ring anew with buckets that suit the events better. */
export function retune(q: EventQueue): void {
  layRing(q, queuedCount(q), chooseWidth);
}

/** Lays the ring for twice as many events as there are, when the records have run out. */
export function enlarge(q: EventQueue): void {
  layRing(q, queuedCount(q) * 2, (_, suggested) => (suggested > 0 ? suggested / 2 : q.width));
}

/** Lays the ring for so many events, to begin at the earliest. Its buckets are at least 1 ns wide. */
function layRing(q: EventQueue, count: number, choose: (q: EventQueue, suggested: number) => number): void {
  const slot = gather(q);
  if (slot >= 0) {
    q.origin = earliest(q, slot);
    const suggested = suggestWidth(q, slot, q.origin);
    q.width = Math.max(1, choose(q, suggested));
  }
  let size = FEWEST_BUCKETS;
  while (size < count / 2) size *= 2;
  if (size === q.ringSize) q.ring.fill(-1);
  else q.ring = new Int32Array(size).fill(-1);
  q.ringSize = size;
  q.inverseWidth = 1 / q.width;
  q.current = 0;
  q.aheadTo = 0;
  q.rescatterAt = size >> 1;
  q.farAt = COARSE / 2;
  q.scanWaste = 0;
  q.nearWaste = 0;
  q.opened = 0;
  placeAll(q, slot);
}

/**
 * True when the ring has wasted so many steps, more than one for two events that it brought, or counted so
 * far, that laying it anew is paid for.
 */
export function wantsRetune(q: EventQueue): boolean {
  const waste = q.scanWaste + q.nearWaste;
  if (q.current > LAST_BUCKET) return true;
  return waste > 4096 && 2 * waste > q.opened && waste > queuedCount(q) + q.ringSize;
}
