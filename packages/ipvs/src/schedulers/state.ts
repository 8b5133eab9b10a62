import type { SimTime } from '@lvscope/des';
import type { Ipv4 } from '@lvscope/inet';
import type { Destination } from '../service.ts';

/** rr: id of the last chosen destination, -1 = the list head. */
export interface RrState {
  readonly scheduler: 'rr';
  last: number;
  /** Where `last` stood when it was chosen; a hint, looked at before the list is searched. */
  index: number;
}

/** wrr: current position (destination id, -1 = head), current weight, maximum, interval (gcd). */
export interface WrrState {
  readonly scheduler: 'wrr';
  cl: number;
  /** Place of `cl` in the list, -1 = head; true until the next change, which resets both. */
  index: number;
  cw: number;
  mw: number;
  di: number;
}

/** One lblc cache entry: where a destination address goes. */
export interface LblcEntry {
  destination: number;
  lastUse: SimTime;
}

export interface LblcState {
  readonly scheduler: 'lblc';
  /** By packet destination address. */
  readonly cache: Map<Ipv4, LblcEntry>;
  /** Minutes since the last full check, 1 to 30. */
  counter: number;
  rover: number;
}

export interface LblcrEntry {
  /** Destination ids, newest inserted first. */
  readonly set: number[];
  lastUse: SimTime;
  lastMod: SimTime;
}

export interface LblcrState {
  readonly scheduler: 'lblcr';
  readonly cache: Map<Ipv4, LblcrEntry>;
  counter: number;
  rover: number;
  /** Deleted servers that a set still holds: they can't be chosen, but may be the most loaded that leaves. */
  gone: Destination[];
}

/** sh, dh, mh: destination id by bucket, -1 = empty. */
export interface HashState {
  readonly scheduler: 'sh' | 'dh' | 'mh';
  table: Int32Array;
}

/** twos: the two numbers last drawn, kept so that the decision can be explained; -1 before the first. */
export interface TwosState {
  readonly scheduler: 'twos';
  draw1: number;
  draw2: number;
}

export interface StatelessState {
  readonly scheduler: 'lc' | 'wlc' | 'sed' | 'nq' | 'fo' | 'ovf';
}

export type SchedulerState =
  | RrState
  | WrrState
  | LblcState
  | LblcrState
  | HashState
  | TwosState
  | StatelessState;
