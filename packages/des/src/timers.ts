import { pushEntry, type Simulation } from './simulation.ts';
import { NEVER, type SimTime } from './time.ts';

/** Timers of one kind, numbered 0.. by their owner (a connection's timer has the connection's index). */
export interface TimerBank {
  readonly kind: number;
  expiry: Float64Array;
  sequence: Float64Array;
}

/**
 * A new bank of timers; what fires from it is the event { kind, a: timer, b: bank }.
 * @param kind 0..255
 * @param capacity how many timers to make room for at first; the bank grows by itself
 * @returns the bank's id
 */
export function addTimerBank(sim: Simulation, kind: number, capacity = 64): number {
  const expiry = new Float64Array(Math.max(1, capacity)).fill(NEVER);
  sim.timerBanks.push({ kind, expiry, sequence: new Float64Array(expiry.length) });
  return sim.timerBanks.length - 1;
}

/** Starts a timer, or moves it: it then fires at `at` exactly, once. Arming at NEVER is cancelling. */
export function armTimer(sim: Simulation, bank: number, timer: number, at: SimTime): void {
  if (!(at >= sim.now)) throw new RangeError(`timer armed for ${at} ns, but it is ${sim.now} ns already`);
  if (at === NEVER) return cancelTimer(sim, bank, timer);
  const b = sim.timerBanks[bank]!;
  if (timer >= b.expiry.length) {
    const size = Math.max(timer + 1, b.expiry.length * 2);
    const expiry = new Float64Array(size).fill(NEVER);
    expiry.set(b.expiry);
    const sequence = new Float64Array(size);
    sequence.set(b.sequence);
    b.expiry = expiry;
    b.sequence = sequence;
  }
  if (b.expiry[timer] === NEVER) sim.pending++;
  b.expiry[timer] = at;
  b.sequence[timer] = sim.sequence;
  pushEntry(sim, at, sim.sequence++, b.kind + 256, timer, bank);
}

/** Stops a timer; stopping one that is not armed does nothing. */
export function cancelTimer(sim: Simulation, bank: number, timer: number): void {
  const b = sim.timerBanks[bank]!;
  if (timer >= b.expiry.length || b.expiry[timer] === NEVER) return;
  b.expiry[timer] = NEVER;
  sim.pending--;
}

/** When the timer will fire; NEVER when it is not armed. */
export function timerExpiry(sim: Simulation, bank: number, timer: number): SimTime {
  const b = sim.timerBanks[bank]!;
  return (timer < b.expiry.length ? b.expiry[timer]! : NEVER) as SimTime;
}

export function isArmed(sim: Simulation, bank: number, timer: number): boolean {
  return timerExpiry(sim, bank, timer) !== NEVER;
}
