import {
  addToList,
  armTimer,
  type ChunkLists,
  createChunkLists,
  placeBefore,
  type Simulation,
  type SimTime,
  TICK_NS,
  takeList,
  timerExpiry,
  timerLevel,
} from '@lvscope/des';
import { jiffies } from './jiffies.ts';
import type { Ipvs } from './state.ts';
import { EXPIRES, FILED, ROW, STARTED } from './table.ts';

/*
 * The timers of the connections, as the kernel keeps them (kernel/time/timer.c): a wheel of nine levels with
 * 64 lists each. All that go off at one tick do so in one event, and their data stand in the rows that their
 * packets touch anyway.
 *
 * Starting a timer anew for later, as every packet of a connection does, only writes that down: the row stays
 * in the list where it lies, which is looked through in time, and is filed again then. Started for earlier it
 * is filed at once, and what is left in the old list counts no more.
 */

const LEVELS = 9;
const LISTS_OF_LEVEL = 64;
/** A timer further away is looked at after so many ticks, 49 days. */
const FARTHEST = 63 << 24;

/** In FILED: the list, NOWHERE or 1 up, and from this bit on the level at which the kernel has the timer. */
const LEVEL_SHIFT = 12;
const LIST_MASK = (1 << LEVEL_SHIFT) - 1;
const NOWHERE = 0;
/** The level of a timer that does not run. */
const STOPPED = 15;

export interface KernelWheel extends ChunkLists {
  /** By list: the tick at which it is looked through; of use while the list holds something. */
  readonly ticks: Int32Array;
  /** A bit for each list that holds something, two words a level. */
  readonly occupied: Int32Array;
  /** How often a timer was started, modulo 2^32. */
  starts: number;
  /** The rows whose timers go off at this tick, and what they are sorted by. */
  due: Int32Array;
  keys: Float64Array;
}

export function createKernelWheel(): KernelWheel {
  return {
    ...createChunkLists(1 + LEVELS * LISTS_OF_LEVEL),
    ticks: new Int32Array(1 + LEVELS * LISTS_OF_LEVEL),
    occupied: new Int32Array(LEVELS * 2),
    starts: 0,
    due: new Int32Array(64),
    keys: new Float64Array(64),
  };
}

/**
 * The tick at which a timer goes off. Since 4.8 never early, and as late as its level's slots are long;
 * before that on its tick.
 */
function tickOf(isCoarse: boolean, expires: number, level: number): number {
  if (!isCoarse) return expires;
  const bits = 3 * level;
  return ((expires >> bits) + 1) << bits;
}

/** Starts a row's timer, or starts it anew. @param expires ticks, modulo 2^32 */
export function startTimer(ipvs: Ipvs, sim: Simulation, row: number, now: number, expires: number): void {
  const { wheel } = ipvs;
  const isCoarse = ipvs.kernel.timersAreCoarse;
  const rows = ipvs.table.rows;
  const at = row * ROW;
  const level = isCoarse ? timerLevel((expires - now) | 0) : 0;
  const tick = tickOf(isCoarse, expires, level);
  const filed = rows[at + FILED]!;
  const list = filed & LIST_MASK;
  const before = rows[at + EXPIRES]!;
  rows[at + EXPIRES] = expires;
  // the kernel leaves a timer that stays in its list at its place there
  const stays = isCoarse && list !== NOWHERE && filed >> LEVEL_SHIFT === level;
  if (stays && tickOf(isCoarse, before, level) === tick) return;
  rows[at + STARTED] = wheel.starts;
  rows[at + FILED] = list | (level << LEVEL_SHIFT);
  wheel.starts = (wheel.starts + 1) | 0;
  if (list === NOWHERE || ((tick - wheel.ticks[list]!) | 0) < 0) file(ipvs, sim, row, now, tick);
}

/** A row's timer is stopped; started again it comes to the head of its list. */
export function stopTimer(ipvs: Ipvs, row: number): void {
  ipvs.table.rows[row * ROW + FILED]! |= STOPPED << LEVEL_SHIFT;
}

/** Puts a row into the list that is looked through at this tick, or before it. */
function file(ipvs: Ipvs, sim: Simulation, row: number, now: number, tick: number): void {
  const { wheel } = ipvs;
  const rows = ipvs.table.rows;
  const away = Math.min(Math.max((tick - now) | 0, 1), FARTHEST);
  const level = timerLevel(away);
  const step = (now + away) >> (3 * level);
  const place = step & (LISTS_OF_LEVEL - 1);
  const list = 1 + level * LISTS_OF_LEVEL + place;
  wheel.occupied[level * 2 + (place >> 5)]! |= 1 << (place & 31);
  const lookedThrough = step << (3 * level);
  wheel.ticks[list] = lookedThrough;
  addToList(wheel, list, row);
  const at = row * ROW + FILED;
  rows[at] = (rows[at]! & ~LIST_MASK) | list;
  awaitTick(ipvs, sim, now, lookedThrough);
}

/** Has the director's timer go off at this tick, or sooner if it is to. */
function awaitTick(ipvs: Ipvs, sim: Simulation, now: number, tick: number): void {
  const at = ((Math.floor(sim.now / TICK_NS) + ((tick - now) | 0)) * TICK_NS) as SimTime;
  if (at < timerExpiry(sim, ipvs.bank, 0)) armTimer(sim, ipvs.bank, 0, at);
}

/** Whether something will happen to this row by itself. */
export function hasTimer(ipvs: Ipvs, row: number): boolean {
  const list = ipvs.table.rows[row * ROW + FILED]! & LIST_MASK;
  return list !== NOWHERE && ipvs.wheel.tops[list]! >= 0;
}

/**
 * The awaited tick has come: takes the rows whose timers go off now out of the wheel, and awaits the next
 * tick.
 * @returns how many; they stand in `wheel.due` in the order in which their timers go off
 */
export function takeDue(ipvs: Ipvs, sim: Simulation): number {
  const { wheel } = ipvs;
  const now = jiffies(ipvs, sim);
  let count = 0;
  for (let level = LEVELS - 1; level >= 0; level--) {
    const place = (now >> (3 * level)) & (LISTS_OF_LEVEL - 1);
    const list = 1 + level * LISTS_OF_LEVEL + place;
    const bit = 1 << (place & 31);
    if ((wheel.occupied[level * 2 + (place >> 5)]! & bit) === 0 || wheel.ticks[list] !== now) continue;
    wheel.occupied[level * 2 + (place >> 5)]! &= ~bit;
    count = emptyList(ipvs, sim, list, now, count);
  }
  if (count > 1) sortDue(ipvs, count);
  awaitNext(ipvs, sim, now);
  return count;
}

function emptyList(ipvs: Ipvs, sim: Simulation, list: number, now: number, before: number): number {
  const { wheel } = ipvs;
  const { rows } = ipvs.table;
  const isCoarse = ipvs.kernel.timersAreCoarse;
  let count = before;
  for (let place = takeList(wheel, list); place >= 0; place = placeBefore(wheel, place)) {
    const row = wheel.chunks[place]!;
    const filed = rows[row * ROW + FILED]!;
    if ((filed & LIST_MASK) !== list) continue;
    rows[row * ROW + FILED] = filed & ~LIST_MASK;
    const level = filed >> LEVEL_SHIFT;
    if (level === STOPPED) continue;
    const tick = tickOf(isCoarse, rows[row * ROW + EXPIRES]!, level);
    if (((tick - now) | 0) > 0) {
      file(ipvs, sim, row, now, tick);
    } else {
      if (count === wheel.due.length) growDue(wheel);
      wheel.due[count++] = row;
    }
  }
  return count;
}

function growDue(wheel: KernelWheel): void {
  const due = new Int32Array(wheel.due.length * 2);
  due.set(wheel.due);
  wheel.due = due;
  wheel.keys = new Float64Array(due.length);
}

/**
 * Coarser levels first, as the kernel goes through them; within a level the timer that was started last,
 * because it is put at the head of its list. Before 4.8 it was put at the tail.
 */
function sortDue(ipvs: Ipvs, count: number): void {
  const { wheel } = ipvs;
  const { due, starts } = wheel;
  const { rows } = ipvs.table;
  const isLastFirst = ipvs.kernel.timersAreCoarse;
  const keys = wheel.keys.subarray(0, count);
  let oldest = 0;
  for (let i = 0; i < count; i++) oldest = Math.max(oldest, (starts - rows[due[i]! * ROW + STARTED]!) >>> 0);
  const places = 1 << (32 - Math.clz32(count));
  // one exact integer of level, age and place; of millions that were started long ago the ages are rounded
  const grain = Math.floor(((LEVELS + 1) * (oldest + 1) * places) / Number.MAX_SAFE_INTEGER) + 1;
  const span = Math.floor(oldest / grain) + 1;
  for (let i = 0; i < count; i++) {
    const at = due[i]! * ROW;
    const age = Math.floor(((starts - rows[at + STARTED]!) >>> 0) / grain);
    const level = rows[at + FILED]! >> LEVEL_SHIFT;
    const turn = (LEVELS - level) * span + (isLastFirst ? age : span - 1 - age);
    keys[i] = turn * places + i;
  }
  keys.sort();
  const sorted = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const key = keys[i]!;
    sorted[i] = due[key - Math.floor(key / places) * places]!;
  }
  due.set(sorted);
}

/** Whether a due timer still is: what went off before it may have stopped it, or started it anew. */
export function goesOff(ipvs: Ipvs, row: number): boolean {
  const filed = ipvs.table.rows[row * ROW + FILED]!;
  return (filed & LIST_MASK) === NOWHERE && filed >> LEVEL_SHIFT !== STOPPED;
}

/** Awaits the next tick at which a list is to be looked through. */
function awaitNext(ipvs: Ipvs, sim: Simulation, now: number): void {
  const { wheel } = ipvs;
  for (let level = 0; level < LEVELS; level++) {
    const place = nextPlace(wheel, level, (now >> (3 * level)) & (LISTS_OF_LEVEL - 1));
    if (place >= 0) awaitTick(ipvs, sim, now, wheel.ticks[1 + level * LISTS_OF_LEVEL + place]!);
  }
}

/** The next place of a level, going round from the one behind `place`, that holds something; -1 = none. */
function nextPlace(wheel: KernelWheel, level: number, place: number): number {
  const from = (place + 1) & (LISTS_OF_LEVEL - 1);
  const [low, high] = [wheel.occupied[level * 2]!, wheel.occupied[level * 2 + 1]!];
  if ((low | high) === 0) return -1;
  const [near, far] = from < 32 ? [low, high] : [high, low];
  const base = from & 32;
  const ahead = near & (-1 << (from & 31));
  if (ahead !== 0) return base + trailingZeros(ahead);
  if (far !== 0) return (base ^ 32) + trailingZeros(far);
  return base + trailingZeros(near);
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
