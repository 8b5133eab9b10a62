import type { Fingerprint } from './fingerprint.ts';
import type { EventQueue } from './queue-data.ts';
import type { RandomStream } from './random.ts';
import type { SimTime } from './time.ts';
import type { TimerWheel } from './wheel.ts';

/**
 * What next() found. One object for the whole run, overwritten by every next(): copy what must outlive it.
 */
export interface FiredEvent {
  at: SimTime;
  kind: number;
  a: number;
  b: number;
}

/** A whole simulation as plain data: copy it, and the copy runs on exactly like the original. */
export interface Simulation {
  now: SimTime;
  readonly event: FiredEvent;
  readonly seed: string;
  /** How many events next() has handed out. */
  eventsFired: number;
  /** How many events and armed timers are still to come. */
  pending: number;
  /** What the next scheduled event or armed timer gets: the tie-break between events of one instant. */
  sequence: number;
  readonly queue: EventQueue;
  readonly wheel: TimerWheel;
  readonly streams: Map<string, RandomStream>;
  readonly fingerprints: Map<string, Fingerprint>;
}
