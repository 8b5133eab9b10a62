import { pushHeap, raiseHeap } from './near.ts';
import { type EventQueue, READ_AHEAD } from './queue-data.ts';
import { enlarge, jump, place, rescatter, retune, wantsRetune } from './ring.ts';

/** A bucket brings at most this many events into the run, the others into the heap. */
const RUN_FILL = 32;
/** So many records are in the cache of most processors anyway: 4 MB. */
const CACHED = 131_072;

/**
 * Puts an event in. Sequences differ; they need not come in order.
 * @param meta what take() shall find, an int32
 */
export function enqueue(
  q: EventQueue,
  at: number,
  sequence: number,
  meta: number,
  a: number,
  b: number,
): void {
  const slot = takeSlot(q);
  q.reals[slot << 2] = at;
  putIn(q, slot, sequence, meta, a, b);
}

/** A record that is the caller's to fill: with its time, and by `putIn` with the rest. */
export function takeSlot(q: EventQueue): number {
  const slot = q.free;
  if (slot < 0) return newSlot(q);
  q.free = q.words[(slot << 3) | 6]!;
  return slot;
}

/** Puts a record in whose time is in its place: apart, so that no call has to be handed a double. */
export function putIn(
  q: EventQueue,
  slot: number,
  sequence: number,
  meta: number,
  a: number,
  b: number,
): void {
  const { words } = q;
  const i = slot << 3;
  q.reals[(slot << 2) | 1] = sequence;
  // `| 0`: without it V8 takes them for any number, by way of a double
  words[i | 4] = a | 0;
  words[i | 5] = b | 0;
  words[i | 7] = meta;
  place(q, slot);
}

function newSlot(q: EventQueue): number {
  if (q.used * 4 === q.reals.length) {
    const buffer = new ArrayBuffer(q.reals.byteLength * 2);
    const reals = new Float64Array(buffer);
    reals.set(q.reals);
    q.reals = reals;
    q.words = new Int32Array(buffer);
    if (q.ringSize < q.used) enlarge(q);
  }
  return q.used++;
}

/**
 * Brings the next event to the end of the run: needed before reading the run whenever it is empty (runCount
 * 1) or the heap is not. With nothing queued the run stays empty.
 */
export function settle(q: EventQueue): void {
  if (wantsRetune(q)) retune(q);
  for (;;) {
    if (q.heapCount > 0) raiseHeap(q);
    if (q.runCount > 1) return;
    if (q.ringCount > 0) openBucket(q);
    else if (q.coarseCount + q.farCount > 0) jump(q);
    else return;
  }
}

/** Goes to the next bucket that is not empty and sorts it into the run. */
function openBucket(q: EventQueue): void {
  const mask = q.ringSize - 1;
  const ring = q.ring;
  const from = q.current;
  let c = from;
  let slot = -1;
  while (slot < 0) {
    c++;
    if (c >= q.rescatterAt) {
      q.current = c;
      rescatter(q);
    }
    slot = ring[c & mask]!;
  }
  q.current = c;
  ring[c & mask] = -1;
  const { runTime, runSlot, reals, words } = q;
  let count = q.runCount;
  let moved = 0;
  while (slot >= 0) {
    const at = reals[slot << 2]!;
    const following = words[(slot << 3) | 6]!;
    if (count > RUN_FILL) {
      q.nearWaste++;
      pushHeap(q, at, slot);
    } else {
      let i = count++;
      for (;;) {
        const t = runTime[i - 1]!;
        if (t > at) break;
        if (t === at && reals[(runSlot[i - 1]! << 2) | 1]! > reals[(slot << 2) | 1]!) break;
        runTime[i] = t;
        runSlot[i] = runSlot[i - 1]!;
        i--;
      }
      runTime[i] = at;
      runSlot[i] = slot;
    }
    moved++;
    slot = following;
  }
  if (q.used > CACHED) readAhead(q);
  q.runCount = count;
  q.ringCount -= moved;
  q.opened += moved;
  if (moved > 8) q.nearWaste += moved - 8;
  if (c - from > 2 * moved) q.scanWaste += c - from - 2 * moved;
}

/**
 * Reads one record more of each of the next buckets' lists. With a million events none of them is in the
 * processor's cache, and to open a bucket would be to wait for its records one after the other; those of
 * different buckets are waited for together.
 */
function readAhead(q: EventQueue): void {
  const { ahead, ring, words, current } = q;
  const mask = q.ringSize - 1;
  const last = current + READ_AHEAD;
  for (let c = (q.aheadTo > current ? q.aheadTo : current) + 1; c <= last; c++) {
    ahead[c & READ_AHEAD] = ring[c & mask]!;
  }
  q.aheadTo = last;
  for (let i = 0; i <= READ_AHEAD; i++) {
    const slot = ahead[i]!;
    if (slot >= 0) ahead[i] = words[(slot << 3) | 6]!;
  }
}
