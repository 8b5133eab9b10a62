import { createFingerprint, type Fingerprint } from './fingerprint.ts';
import { createRandomStream, type RandomStream } from './random.ts';
import { NEVER, type SimTime } from './time.ts';
import type { TimerBank } from './timers.ts';

/** What next() found. One object for the whole run, overwritten by every next(): copy what must outlive it. */
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
  sequence: number;
  readonly heap: number[][];
  readonly timerBanks: TimerBank[];
  readonly streams: Map<string, RandomStream>;
  readonly fingerprints: Map<string, Fingerprint>;
}

export function createSimulation(seed: number | string): Simulation {
  return {
    now: 0 as SimTime,
    event: { at: 0 as SimTime, kind: 0, a: 0, b: 0 },
    seed: String(seed),
    eventsFired: 0,
    pending: 0,
    sequence: 0,
    heap: [],
    timerBanks: [],
    streams: new Map(),
    fingerprints: new Map(),
  };
}

export function pushEntry(
  sim: Simulation,
  at: number,
  sequence: number,
  kind: number,
  a: number,
  b: number,
): void {
  const heap = sim.heap;
  let i = heap.length;
  const entry = [at, sequence, kind, a, b];
  heap.push(entry);
  while (i > 0) {
    const p = (i - 1) >> 1;
    if (!before(entry, heap[p]!)) break;
    heap[i] = heap[p]!;
    i = p;
  }
  heap[i] = entry;
}

function before(x: number[], y: number[]): boolean {
  return x[0]! < y[0]! || (x[0] === y[0] && x[1]! < y[1]!);
}

function popEntry(heap: number[][]): void {
  const last = heap.pop()!;
  const n = heap.length;
  if (n === 0) return;
  let i = 0;
  for (;;) {
    let c = 2 * i + 1;
    if (c >= n) break;
    if (c + 1 < n && before(heap[c + 1]!, heap[c]!)) c++;
    if (before(last, heap[c]!)) break;
    heap[i] = heap[c]!;
    i = c;
  }
  heap[i] = last;
}

/** Drops what was cancelled or re-armed from the head, so that the head is the next event. */
function settleHead(sim: Simulation): number[] | undefined {
  for (;;) {
    const head = sim.heap[0];
    if (head === undefined || head[2]! < 256) return head;
    const bank = sim.timerBanks[head[4]!]!;
    if (bank.sequence[head[3]!] === head[1] && bank.expiry[head[3]!] === head[0]) return head;
    popEntry(sim.heap);
  }
}

/**
 * Puts a one-shot event into the queue; it cannot be taken back.
 * @param at not before now (that would be a bug, and throws a RangeError)
 * @param kind 0..255
 * @param a int32, given back by next()
 * @param b int32, given back by next()
 */
export function schedule(sim: Simulation, at: SimTime, kind: number, a: number, b: number): void {
  if (!(at >= sim.now)) throw new RangeError(`scheduled at ${at} ns, but it is ${sim.now} ns already`);
  pushEntry(sim, at, sim.sequence++, kind, a | 0, b | 0);
  sim.pending++;
}

/**
 * Takes the earliest event that is due by `until` into `sim.event` and moves the clock to it. Events of one instant
 * come in the order in which they were scheduled or (last) armed. When nothing is due it returns false, and the clock
 * stands at `until`; with `until` NEVER it stays at the last event.
 */
export function next(sim: Simulation, until: SimTime): boolean {
  const head = settleHead(sim);
  if (head === undefined || head[0]! > until) {
    if (until !== NEVER && until > sim.now) sim.now = until;
    return false;
  }
  popEntry(sim.heap);
  const event = sim.event;
  sim.now = head[0] as SimTime;
  event.at = sim.now;
  event.kind = head[2]! & 255;
  event.a = head[3]!;
  event.b = head[4]!;
  if (head[2]! >= 256) sim.timerBanks[event.b]!.expiry[event.a] = NEVER;
  sim.pending--;
  sim.eventsFired++;
  return true;
}

/** When the next event is due; NEVER when there is none. */
export function peekTime(sim: Simulation): SimTime {
  const head = settleHead(sim);
  return head === undefined ? NEVER : (head[0] as SimTime);
}

/** How many events and armed timers are still to come. */
export function pendingEvents(sim: Simulation): number {
  return sim.pending;
}

/** The random stream of that name, made on first use; the same object each time. */
export function stream(sim: Simulation, name: string): RandomStream {
  let found = sim.streams.get(name);
  if (found === undefined) {
    found = createRandomStream(sim.seed, name);
    sim.streams.set(name, found);
  }
  return found;
}

/** The fingerprint of that ingredient of the trajectory, made on first use; the same object each time. */
export function fingerprint(sim: Simulation, ingredient: string): Fingerprint {
  let found = sim.fingerprints.get(ingredient);
  if (found === undefined) {
    found = createFingerprint();
    sim.fingerprints.set(ingredient, found);
  }
  return found;
}
