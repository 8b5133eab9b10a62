/*
 * The timers of one slot of the wheel, sorted by (expiry, sequence). Hundreds that fall due together, often
 * at
 * one instant because the kernel rounds them, so cost a sort instead of a place in the event queue each.
 */

export interface DueTimers {
  /** Expiry and sequence of each; the first is a sentinel at Infinity. */
  keys: Float64Array;
  /** Timer and bank of each. */
  words: Int32Array;
  /** Their numbers, descending: the next timer is the last. */
  order: Int32Array;
  /** A second order, to merge into. */
  spare: Int32Array;
  /** How many are left, with the sentinel. */
  count: number;
}

const FIRST_CAPACITY = 64;
/** Stretches of so many are sorted by insertion. */
const STRETCH = 8;

export function createDue(): DueTimers {
  const keys = new Float64Array(FIRST_CAPACITY * 2);
  keys[0] = Infinity;
  keys[1] = Infinity;
  return {
    keys,
    words: new Int32Array(FIRST_CAPACITY * 2),
    order: new Int32Array(FIRST_CAPACITY),
    spare: new Int32Array(FIRST_CAPACITY),
    count: 1,
  };
}

function grow(due: DueTimers): void {
  const capacity = due.order.length * 2;
  const keys = new Float64Array(capacity * 2);
  keys.set(due.keys);
  due.keys = keys;
  const words = new Int32Array(capacity * 2);
  words.set(due.words);
  due.words = words;
  const order = new Int32Array(capacity);
  order.set(due.order);
  due.order = order;
  due.spare = new Int32Array(capacity);
}

/** Adds one at the end, unsorted. Nothing may be left from before. */
export function addDue(due: DueTimers, at: number, sequence: number, timer: number, bank: number): void {
  if (due.count === due.order.length) grow(due);
  const n = due.count++;
  due.keys[n * 2] = at;
  due.keys[n * 2 + 1] = sequence;
  due.words[n * 2] = timer;
  due.words[n * 2 + 1] = bank;
  due.order[n] = n;
}

/** True when entry i is the later one. */
function isAfter(keys: Float64Array, i: number, k: number): boolean {
  const difference = keys[i * 2]! - keys[k * 2]!;
  return difference > 0 || (difference === 0 && keys[i * 2 + 1]! > keys[k * 2 + 1]!);
}

/** Sorts what was added. */
export function sortDue(due: DueTimers): void {
  const { count, keys } = due;
  for (let from = 1; from < count; from += STRETCH) insertStretch(due, from, Math.min(from + STRETCH, count));
  for (let width = STRETCH; width < count - 1; width *= 2) {
    for (let from = 1; from < count; from += 2 * width) {
      const middle = Math.min(from + width, count);
      merge(keys, due.order, due.spare, from, middle, Math.min(middle + width, count));
    }
    const merged = due.spare;
    due.spare = due.order;
    due.order = merged;
  }
}

function insertStretch({ keys, order }: DueTimers, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const entry = order[i]!;
    let k = i;
    while (k > from && isAfter(keys, entry, order[k - 1]!)) {
      order[k] = order[k - 1]!;
      k--;
    }
    order[k] = entry;
  }
}

function merge(
  keys: Float64Array,
  order: Int32Array,
  into: Int32Array,
  from: number,
  middle: number,
  to: number,
): void {
  let left = from;
  let right = middle;
  for (let k = from; k < to; k++) {
    const takeRight = left === middle || (right < to && isAfter(keys, order[right]!, order[left]!));
    into[k] = takeRight ? order[right++]! : order[left++]!;
  }
}
