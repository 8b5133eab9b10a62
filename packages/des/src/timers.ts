import { placeBefore } from './chunk-lists.ts';
import { addDue, sortDue } from './due.ts';
import { enqueue } from './queue.ts';
import type { Simulation } from './state.ts';
import { NEVER, type SimTime } from './time.ts';
import {
  createBank,
  file,
  growBank,
  leaveSlot,
  QUEUED,
  setBound,
  startWheel,
  takeSlot,
  type TimerBank,
  type TimerWheel,
  turnWheel,
  unfile,
} from './wheel.ts';

/** Set in the meta of a queue entry that stands for a timer: a is the timer, b its bank. */
export const TIMER_FLAG = 256;

/**
 * A new bank of timers; what fires from it is the event { kind, a: timer, b: bank }.
 * @param kind 0..255
 * @param capacity how many timers to make room for at first; the bank grows by itself
 * @returns the bank's id
 */
export function addTimerBank(sim: Simulation, kind: number, capacity = 64): number {
  if ((kind & 255) !== kind) throw new RangeError(`an event's kind is 0..255, not ${kind}`);
  const banks = sim.wheel.banks;
  return banks.push(createBank(banks.length, kind, Math.max(1, capacity))) - 1;
}

/**
 * Starts a timer, or moves it: it then fires once, at `at` exactly. Among events of that instant it has the
 * place of this call. Moving it later, again and again, costs a few instructions each time and leaves nothing
 * behind.
 * @param timer 0.., chosen by the owner; dense, because the bank makes room for all below it
 * @param at not before now (that would be a bug, and throws a RangeError); NEVER cancels
 */
export function armTimer(sim: Simulation, bank: number, timer: number, at: SimTime): void {
  const b = sim.wheel.banks[bank]!;
  if (timer < b.capacity && at >= sim.now && at < NEVER) {
    const reals = b.reals;
    const i = timer * 4;
    if (at >= reals[i + 2]!) {
      if (reals[i] === NEVER) sim.pending++;
      reals[i] = at;
      reals[i + 1] = sim.sequence++;
      return;
    }
  }
  armAnew(sim, b, timer, at);
}

/** Arming when the timer lies nowhere, or where it would be looked at too late. */
function armAnew(sim: Simulation, bank: TimerBank, timer: number, at: SimTime): void {
  if (!(at >= sim.now && at <= NEVER)) {
    throw new RangeError(`timer armed for ${at} ns, but it is ${sim.now} ns already`);
  }
  if (at === NEVER) return cancelTimer(sim, bank.id, timer);
  if (!Number.isInteger(timer) || timer < 0) throw new RangeError(`there is no timer ${timer}`);
  if (timer >= bank.capacity) growBank(bank, Math.max(timer + 1, bank.capacity * 2));
  unfile(sim.wheel, bank, timer);
  if (bank.reals[timer * 4] === NEVER) sim.pending++;
  bank.reals[timer * 4] = at;
  bank.reals[timer * 4 + 1] = sim.sequence++;
  if (sim.wheel.filedCount === 0 && sim.wheel.due.count === 1) startWheel(sim.wheel, sim.now);
  fileOrQueue(sim, bank, timer);
}

/**
 * Gives an armed timer that lies nowhere its place: in the event queue when the wheel has passed its slot.
 */
function fileOrQueue(sim: Simulation, bank: TimerBank, timer: number): void {
  const reals = bank.reals;
  const expiry = reals[timer * 4]!;
  if (expiry >= sim.wheel.end) return file(sim.wheel, bank, timer, expiry);
  enqueue(sim.queue, expiry, reals[timer * 4 + 1]!, bank.kind | TIMER_FLAG, timer, bank.id);
  reals[timer * 4 + 2] = expiry;
  bank.words[timer * 8 + 7] = QUEUED;
}

/** Stops a timer; stopping one that is not armed does nothing. */
export function cancelTimer(sim: Simulation, bank: number, timer: number): void {
  const b = sim.wheel.banks[bank]!;
  if (timer >= b.capacity || b.reals[timer * 4] === NEVER) return;
  b.reals[timer * 4] = NEVER;
  sim.pending--;
}

/** When the timer will fire; NEVER when it is not armed. */
export function timerExpiry(sim: Simulation, bank: number, timer: number): SimTime {
  const b = sim.wheel.banks[bank]!;
  return (timer < b.capacity ? b.reals[timer * 4]! : NEVER) as SimTime;
}

export function isArmed(sim: Simulation, bank: number, timer: number): boolean {
  return timerExpiry(sim, bank, timer) !== NEVER;
}

/**
 * Turns the wheel until it is past `limit`, or timers have become due, which may come before that. To be
 * called while `wheel.end <= limit`, when no timers are due any more.
 */
export function advanceWheel(sim: Simulation, limit: number): void {
  const wheel = sim.wheel;
  const due = wheel.due;
  while (due.count === 1 && wheel.end <= limit) {
    if (wheel.filedCount === 0) {
      wheel.end = Infinity;
      break;
    }
    turnWheel(wheel, limit);
    if (!leaveSlot(wheel)) continue;
    for (const bank of wheel.banks) emptySlot(wheel, bank);
    if (due.count > 2) sortDue(due);
  }
  setBound(wheel);
}

/** Makes the timers of the slot at which the wheel stands due, but for those that were moved or cancelled. */
function emptySlot(wheel: TimerWheel, bank: TimerBank): void {
  const { reals, words, id } = bank;
  const { due, end } = wheel;
  for (let place = takeSlot(wheel, bank); place >= 0; place = placeBefore(bank, place)) {
    const timer = bank.chunks[place]!;
    const expiry = reals[timer * 4]!;
    wheel.filedCount--;
    if (expiry < end) {
      addDue(due, expiry, reals[timer * 4 + 1]!, timer, id);
      reals[timer * 4 + 2] = expiry;
      words[timer * 8 + 7] = QUEUED;
    } else if (expiry === NEVER) {
      reals[timer * 4 + 2] = Infinity;
    } else {
      file(wheel, bank, timer, expiry);
    }
  }
}

/**
 * Whether this entry of the event queue or of the due timers is the one by which its timer fires: it was not
 * moved or cancelled since.
 */
export function firesBy(sim: Simulation, at: number, sequence: number, timer: number, bank: number): boolean {
  const reals = sim.wheel.banks[bank]!.reals;
  return reals[timer * 4] === at && reals[timer * 4 + 1] === sequence;
}

/**
 * What to do with a timer's entry that was taken from there: true when the timer fires by it, and
 * is disarmed now; false when the timer was moved or cancelled since, and then it has its place for the new
 * time now.
 */
function takeTimerEntry(sim: Simulation, at: number, sequence: number, timer: number, bank: number): boolean {
  const b = sim.wheel.banks[bank]!;
  const reals = b.reals;
  const i = timer * 4;
  if (firesBy(sim, at, sequence, timer, bank)) {
    reals[i] = NEVER;
    reals[i + 2] = Infinity;
    return true;
  }
  if (reals[i + 2] === at && b.words[timer * 8 + 7] === QUEUED) {
    reals[i + 2] = Infinity;
    if (reals[i] !== NEVER) fileOrQueue(sim, b, timer);
  }
  return false;
}

/** The same for the entry in this slot of the queue. Hands over no doubles, which would be boxed. */
export function takeQueued(sim: Simulation, slot: number): boolean {
  const { reals, words } = sim.queue;
  return takeTimerEntry(
    sim,
    reals[slot << 2]!,
    reals[(slot << 2) | 1]!,
    words[(slot << 3) | 4]!,
    words[(slot << 3) | 5]!,
  );
}

/** The same for a due timer's entry. */
export function takeDue(sim: Simulation, entry: number): boolean {
  const { keys, words } = sim.wheel.due;
  return takeTimerEntry(
    sim,
    keys[entry * 2]!,
    keys[entry * 2 + 1]!,
    words[entry * 2]!,
    words[entry * 2 + 1]!,
  );
}
