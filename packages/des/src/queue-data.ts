/*
 * The queue of coming events, ordered by (time, sequence).
 *
 * Far events lie unsorted in a ring of buckets of equal width. What is farther than a turn lies in a second
 * ring, of lists as wide as half a turn, and the farthest in one list. Only the bucket that time has reached
 * is sorted: its few events form the run, a sorted array with the next event at its end. When a bucket holds
 * too many for that, the rest goes into a heap, so a burst at one instant costs O(log n) an event. The width
 * of the buckets follows the density of events (ring.ts). Records are never moved: the parts hold slots.
 */

/** A record: time and sequence as doubles, then a, b, the next slot of its list, and meta as int32. */
export interface EventQueue {
  /** Two views of the same records of 32 bytes. */
  reals: Float64Array;
  words: Int32Array;
  /** Slots given out so far, and the list of those that came back. */
  used: number;
  free: number;
  /** Bucket i holds the times from origin + i·width; those up to `current` have been opened. */
  ring: Int32Array;
  ringSize: number;
  ringCount: number;
  origin: number;
  width: number;
  inverseWidth: number;
  current: number;
  /**
   * Of each of the next buckets, up to this one, how far its list has been read ahead: a slot or -1, by the
   * bucket's number. It decides nothing.
   */
  readonly ahead: Int32Array;
  aheadTo: number;
  /** List i holds the events of buckets i·ringSize/2 and on, of the turns that follow the next. */
  readonly coarse: Int32Array;
  /** What is beyond those. */
  far: number;
  coarseCount: number;
  farCount: number;
  /** The bucket, a multiple of half a turn, at which the next coarse list is emptied into the ring. */
  rescatterAt: number;
  /** At the half turn of this number `far` is looked through for what the coarse lists reach by now. */
  farAt: number;
  /** Descending; entry 0 is a sentinel at Infinity, the last entry is the next event. */
  readonly runTime: Float64Array;
  readonly runSlot: Int32Array;
  runCount: number;
  heapTime: Float64Array;
  heapSlot: Int32Array;
  heapCount: number;
  /** Steps spent on empty buckets and on the overflow list, and on sorting crowds, since the last tuning. */
  scanWaste: number;
  nearWaste: number;
  /** Events that buckets brought into the run or the heap since the last tuning. */
  opened: number;
}

/** Slots for which the first records make room; always a power of two, like the number of buckets. */
const FIRST_CAPACITY = 512;
export const FEWEST_BUCKETS: number = FIRST_CAPACITY / 2;
export const RUN_CAPACITY = 128;
const FIRST_WIDTH = 1000.5;
/** Coarse lists: a power of two. */
export const COARSE = 64;
/** Buckets whose lists are read ahead: one less than a power of two, and as many as a list has events. */
export const READ_AHEAD = 7;

export function createQueue(): EventQueue {
  const buffer = new ArrayBuffer(FIRST_CAPACITY * 32);
  const runTime = new Float64Array(RUN_CAPACITY);
  runTime[0] = Infinity;
  return {
    reals: new Float64Array(buffer),
    words: new Int32Array(buffer),
    used: 0,
    free: -1,
    ring: new Int32Array(FEWEST_BUCKETS).fill(-1),
    ringSize: FEWEST_BUCKETS,
    ringCount: 0,
    // not whole, so that the JavaScript engine has them as doubles from the first
    origin: -0.5,
    width: FIRST_WIDTH,
    inverseWidth: 1 / FIRST_WIDTH,
    current: 0,
    ahead: new Int32Array(READ_AHEAD + 1).fill(-1),
    aheadTo: 0,
    coarse: new Int32Array(COARSE).fill(-1),
    far: -1,
    coarseCount: 0,
    farCount: 0,
    rescatterAt: FIRST_CAPACITY / 4,
    farAt: COARSE / 2,
    runTime,
    runSlot: new Int32Array(RUN_CAPACITY),
    runCount: 1,
    heapTime: new Float64Array(64),
    heapSlot: new Int32Array(64),
    heapCount: 0,
    scanWaste: 0,
    nearWaste: 0,
    opened: 0,
  };
}

export function queuedCount(q: EventQueue): number {
  return q.ringCount + q.coarseCount + q.farCount + q.heapCount + q.runCount - 1;
}
