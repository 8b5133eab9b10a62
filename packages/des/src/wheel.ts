import { addToList, type ChunkLists, createChunkLists, placeBefore, takeList } from './chunk-lists.ts';
import { createDue, type DueTimers } from './due.ts';
import { NEVER } from './time.ts';

/*
 * The timer wheel: each turn has 16384 slots of 2^26 ns (67 ms), 1100 s in all, so that every timeout of a
 * connection fits. A timer lies in the list of the slot in which it expires; when time reaches the slot, its
 * timers are sorted by their exact times (due.ts). What expires later than a turn lies in an overflow list.
 *
 * Moving a timer later, as every packet of a connection does, only writes down the new expiry: the timer
 * stays where it lies (`filed`) and is filed again when that comes up. Cancelling is the same with NEVER.
 *
 * The lists are chains of chunks (chunk-lists.ts), so that filing touches no other timer.
 */

/** Nanoseconds of a slot. */
const SLOT_NS = 2 ** 26;
const SLOTS = 16384;
/** The list behind the last slot's. */
const OVERFLOW = SLOTS;

/**
 * `list` of a timer that lies in no list but will be looked at, at the time `filed`, by the queue or `due`.
 */
export const QUEUED = -1;

/** Timers of one kind, numbered 0.. by their owner (a connection's timer has the connection's index). */
export interface TimerBank extends ChunkLists {
  readonly id: number;
  readonly kind: number;
  capacity: number;
  /**
   * Two views of the same records of 32 bytes, half a cache line. Doubles: expiry (NEVER when not armed),
   * sequence of the last arming, filed (the time at which the timer will be looked at, never later than the
   * expiry; Infinity when nowhere). int32: place in the chunks, and list.
   */
  reals: Float64Array;
  words: Int32Array;
}

export interface TimerWheel {
  readonly banks: TimerBank[];
  /** All slots up to this one (counted from time 0) have become due; `end` is where it ends. */
  slot: number;
  end: number;
  /** Before this no timer is due: the time of the next in `due`, or else `end`. */
  bound: number;
  /** At this slot the overflow lists are looked through. */
  rescatterAt: number;
  /** Timers in lists, in all banks; with none the wheel stands still and `end` is Infinity. */
  filedCount: number;
  /** A bit per slot of the turn: some bank may have timers there. */
  readonly occupied: Int32Array;
  /** The timers of the slot at which the wheel stands. */
  readonly due: DueTimers;
}

export function createWheel(): TimerWheel {
  return {
    banks: [],
    slot: 0,
    end: Infinity,
    bound: Infinity,
    rescatterAt: 0,
    filedCount: 0,
    occupied: new Int32Array(SLOTS / 32),
    due: createDue(),
  };
}

export function createBank(id: number, kind: number, capacity: number): TimerBank {
  const bank = {
    id,
    kind,
    capacity: 0,
    reals: new Float64Array(0),
    words: new Int32Array(0),
    ...createChunkLists(SLOTS + 1),
  };
  growBank(bank, capacity);
  return bank;
}

export function growBank(bank: TimerBank, capacity: number): void {
  const buffer = new ArrayBuffer(capacity * 32);
  const reals = new Float64Array(buffer);
  reals.set(bank.reals);
  for (let timer = bank.capacity; timer < capacity; timer++) {
    reals[timer * 4] = NEVER;
    reals[timer * 4 + 2] = Infinity;
  }
  bank.reals = reals;
  bank.words = new Int32Array(buffer);
  bank.capacity = capacity;
}

function slotOf(time: number): number {
  return Math.floor(time / SLOT_NS);
}

/** Starts a wheel that stands still, at the slot of `now`. */
export function startWheel(wheel: TimerWheel, now: number): void {
  wheel.slot = slotOf(now);
  wheel.end = (wheel.slot + 1) * SLOT_NS;
  wheel.rescatterAt = wheel.slot + SLOTS / 2;
  setBound(wheel);
}

/** To be called when `end`, or what is in `due`, has changed. */
export function setBound(wheel: TimerWheel): void {
  const { keys, order, count } = wheel.due;
  wheel.bound = Math.min(keys[order[count - 1]! * 2]!, wheel.end);
}

/** Takes the next of the due timers off. */
export function takeLast(wheel: TimerWheel): void {
  wheel.due.count--;
  setBound(wheel);
}

/** Puts a timer that is nowhere, and expires at `wheel.end` or later, into its list. */
export function file(wheel: TimerWheel, bank: TimerBank, timer: number, expiry: number): void {
  const slot = slotOf(expiry);
  let list = OVERFLOW;
  if (slot - wheel.slot < SLOTS) {
    list = slot & (SLOTS - 1);
    wheel.occupied[list >> 5]! |= 1 << (list & 31);
  }
  bank.words[timer * 8 + 6] = addToList(bank, list, timer);
  bank.words[timer * 8 + 7] = list;
  bank.reals[timer * 4 + 2] = slot * SLOT_NS;
  wheel.filedCount++;
}

/** Takes a timer out of wherever it lies; its entry in the event queue, if that is where, counts no more. */
export function unfile(wheel: TimerWheel, bank: TimerBank, timer: number): void {
  const { reals, words, chunks, tops } = bank;
  if (reals[timer * 4 + 2] === Infinity) return;
  reals[timer * 4 + 2] = Infinity;
  const list = words[timer * 8 + 7]!;
  if (list === QUEUED) return;
  const place = words[timer * 8 + 6]!;
  const top = tops[list]!;
  const newest = chunks[top]!;
  chunks[place] = newest;
  words[newest * 8 + 6] = place;
  tops[list] = placeBefore(bank, top);
  wheel.filedCount--;
}

/**
 * Empties the list of the slot that the wheel stands at; its timers still say that they lie there.
 * @returns its newest place; `placeBefore` leads to the others
 */
export function takeSlot(wheel: TimerWheel, bank: TimerBank): number {
  return takeList(bank, wheel.slot & (SLOTS - 1));
}

/** True when some bank may have timers in the slot that the wheel stands at; from then on it says no. */
export function leaveSlot(wheel: TimerWheel): boolean {
  const list = wheel.slot & (SLOTS - 1);
  const bit = 1 << (list & 31);
  const had = (wheel.occupied[list >> 5]! & bit) !== 0;
  wheel.occupied[list >> 5]! &= ~bit;
  return had;
}

/** Moves the wheel to its next slot that may have timers, not past the slot of `limit`. */
export function turnWheel(wheel: TimerWheel, limit: number): void {
  const last = Math.min(slotOf(limit), wheel.rescatterAt);
  let slot = wheel.slot + 1;
  while (slot < last) {
    const list = slot & (SLOTS - 1);
    const word = wheel.occupied[list >> 5]! >>> (list & 31);
    if (word !== 0) {
      slot += 31 - Math.clz32(word & -word);
      break;
    }
    slot += 32 - (list & 31);
  }
  wheel.slot = Math.min(slot, last);
  wheel.end = (wheel.slot + 1) * SLOT_NS;
  if (wheel.slot === wheel.rescatterAt) rescatter(wheel);
}

/** Twice a turn: what lies in the overflow lists and has come within a turn goes to its slot. */
function rescatter(wheel: TimerWheel): void {
  wheel.rescatterAt = wheel.slot + SLOTS / 2;
  for (const bank of wheel.banks) {
    for (let place = takeList(bank, OVERFLOW); place >= 0; place = placeBefore(bank, place)) {
      const timer = bank.chunks[place]!;
      const expiry = bank.reals[timer * 4]!;
      wheel.filedCount--;
      if (expiry === NEVER) bank.reals[timer * 4 + 2] = Infinity;
      else file(wheel, bank, timer, expiry);
    }
  }
}
