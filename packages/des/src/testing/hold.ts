import { ln } from '../math.ts';
import { createSimulation, next, schedule } from '../simulation.ts';
import type { Simulation } from '../state.ts';
import { NEVER, type SimTime } from '../time.ts';
import { createRandomStream, nextU32 } from '../random.ts';

/**
 * The hold model (Vaucher and Duval 1975), the usual measure of event queues: each event that fires schedules
 * one.
 */
export interface Hold {
  readonly sim: Simulation;
  /** Exponential increments with a mean of one second, in whole nanoseconds. */
  readonly increments: Float64Array;
  position: number;
}

const TABLE = 8192;

/** @param pending how many events the queue holds all the time */
export function createHold(pending: number): Hold {
  const sim = createSimulation('hold');
  const draws = createRandomStream('hold', 'increments');
  const increments = new Float64Array(TABLE);
  for (let i = 0; i < TABLE; i++) increments[i] = Math.floor(-1e9 * ln((nextU32(draws) + 0.5) * 2 ** -32));
  for (let i = 0; i < pending; i++) schedule(sim, (increments[i & (TABLE - 1)]! + i) as SimTime, 1, i, 0);
  return { sim, increments, position: pending };
}

/** Fires so many events. */
export function runHold(hold: Hold, events: number): void {
  const { sim, increments } = hold;
  const event = sim.event;
  let k = hold.position;
  for (let i = 0; i < events; i++) {
    next(sim, NEVER);
    schedule(sim, (event.at + increments[k++ & (TABLE - 1)]!) as SimTime, 1, event.a, event.b);
  }
  hold.position = k;
}
