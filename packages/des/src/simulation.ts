import { copyState } from './checkpoint.ts';
import { createFingerprint, type Fingerprint } from './fingerprint.ts';
import { createQueue } from './queue-data.ts';
import { enqueue, putIn, settle, takeSlot } from './queue.ts';
import { createRandomStream, type RandomStream } from './random.ts';
import type { Simulation } from './state.ts';
import { NEVER, type SimTime } from './time.ts';
import { advanceWheel, firesBy, TIMER_FLAG, takeDue, takeQueued } from './timers.ts';
import { createWheel, takeLast } from './wheel.ts';

/** An empty simulation at time 0. The seeds 7 and '7' are one seed. */
export function createSimulation(seed: number | string): Simulation {
  // A copy from the first moment, so that the JavaScript engine gives originals and copies one hidden class,
  // and code that has run on the one is as fast on the other.
  return copyState<Simulation>({
    now: 0 as SimTime,
    event: { at: 0 as SimTime, kind: 0, a: 0, b: 0 },
    seed: String(seed),
    eventsFired: 0,
    pending: 0,
    sequence: 0,
    queue: createQueue(),
    wheel: createWheel(),
    streams: new Map(),
    fingerprints: new Map(),
  });
}

/**
 * Puts a one-shot event into the queue; it cannot be taken back.
 * @param at not before now (that would be a bug, and throws a RangeError); what is due NEVER is not kept
 * @param kind 0..255
 * @param a int32, given back by next()
 * @param b int32, given back by next()
 */
export function schedule(sim: Simulation, at: SimTime, kind: number, a: number, b: number): void {
  if (!(at >= sim.now && at < NEVER) || (kind & 255) !== kind) {
    if (at === NEVER) return;
    throw new RangeError(
      `event ${kind} scheduled at ${at} ns, but it is ${sim.now} ns already (kinds are 0..255)`,
    );
  }
  sim.pending++;
  enqueue(sim.queue, at, sim.sequence++, kind, a, b);
}

/**
 * The same after a span of time. A small integer is handed over as it is, where a time would be put on the
 * heap: for what every packet does.
 * @param delayNs integer, 0 or more
 */
export function scheduleAfter(sim: Simulation, delayNs: number, kind: number, a: number, b: number): void {
  const at = sim.now + delayNs;
  if (!(delayNs >= 0 && at < NEVER) || (kind & 255) !== kind) refuse(sim, delayNs, kind);
  sim.pending++;
  const q = sim.queue;
  const slot = takeSlot(q);
  q.reals[slot << 2] = at;
  putIn(q, slot, sim.sequence++, kind, a, b);
}

/** Apart, so that the JavaScript engine finds what calls it short enough to be built into its callers. */
function refuse(sim: Simulation, delayNs: number, kind: number): never {
  throw new RangeError(`event ${kind} scheduled ${delayNs} ns from ${sim.now} ns (kinds are 0..255)`);
}

/**
 * Takes the earliest event that is due by `until` into `sim.event` and moves the clock to it. Events of one
 * instant come in the order in which they were scheduled or (last) armed. When nothing is due it returns
 * false, and the clock stands at `until`; with `until` NEVER it stays at the last event.
 */
export function next(sim: Simulation, until: SimTime): boolean {
  const q = sim.queue;
  const wheel = sim.wheel;
  for (;;) {
    if (q.runCount === 1 || q.heapCount !== 0) settle(q);
    const last = q.runCount - 1;
    const at = q.runTime[last]!;
    if (at >= wheel.bound || at > until) {
      const step = stepOfWheel(sim, until);
      if (step === LOOK_AGAIN) continue;
      if (step !== QUEUE_IS_NEXT) return step === FIRED;
    }
    const slot = q.runSlot[last]!;
    q.runCount = last;
    const words = q.words;
    const i = slot << 3;
    words[i | 6] = q.free;
    q.free = slot;
    const meta = words[i | 7]!;
    const a = words[i | 4]!;
    const b = words[i | 5]!;
    if (meta >= TIMER_FLAG && !takeQueued(sim, slot)) continue;
    fire(sim, at, meta & 255, a, b);
    return true;
  }
}

const QUEUE_IS_NEXT = 0;
const LOOK_AGAIN = 1;
const FIRED = 2;
const STOPPED = 3;

/** What there is to do when the next event of the queue, if any, is not known to be due before all timers. */
function stepOfWheel(sim: Simulation, until: SimTime): number {
  const { queue: q, wheel } = sim;
  const { due } = wheel;
  const at = q.runTime[q.runCount - 1]!;
  const slot = q.runSlot[q.runCount - 1]!;
  const entry = due.order[due.count - 1]!;
  const dueAt = due.keys[entry * 2]!;
  if (dueAt < at || (dueAt === at && due.keys[entry * 2 + 1]! < q.reals[(slot << 2) | 1]!)) {
    if (dueAt > until) return stopAt(sim, until);
    takeLast(wheel);
    if (!takeDue(sim, entry)) return LOOK_AGAIN;
    const bank = due.words[entry * 2 + 1]!;
    fire(sim, dueAt, wheel.banks[bank]!.kind, due.words[entry * 2]!, bank);
    return FIRED;
  }
  if (at <= until && at < wheel.end) return QUEUE_IS_NEXT;
  const limit = at < until ? at : until;
  if (limit < wheel.end) return stopAt(sim, until);
  advanceWheel(sim, limit);
  return LOOK_AGAIN;
}

/** Nothing is due by `until`: the clock goes there, but for NEVER. */
function stopAt(sim: Simulation, until: SimTime): number {
  if (until !== NEVER && until > sim.now) sim.now = until;
  return STOPPED;
}

function fire(sim: Simulation, at: number, kind: number, a: number, b: number): void {
  sim.now = at as SimTime;
  sim.pending--;
  sim.eventsFired++;
  const event = sim.event;
  event.at = at as SimTime;
  event.kind = kind;
  event.a = a;
  event.b = b;
}

/** When the next event is due; NEVER when there is none. */
export function peekTime(sim: Simulation): SimTime {
  const q = sim.queue;
  const due = sim.wheel.due;
  for (;;) {
    settle(q);
    const last = q.runCount - 1;
    const at = q.runTime[last]!;
    const entry = due.order[due.count - 1]!;
    const dueAt = due.keys[entry * 2]!;
    if (dueAt <= at && dueAt < Infinity) {
      const [timer, bank] = [due.words[entry * 2]!, due.words[entry * 2 + 1]!];
      if (firesBy(sim, dueAt, due.keys[entry * 2 + 1]!, timer, bank)) return dueAt as SimTime;
      takeLast(sim.wheel);
      takeDue(sim, entry);
      continue;
    }
    const limit = Math.min(at, NEVER);
    if (limit >= sim.wheel.end) {
      advanceWheel(sim, limit);
      continue;
    }
    if (last === 0) return NEVER;
    const slot = q.runSlot[last]!;
    const words = q.words;
    if (words[(slot << 3) | 7]! < TIMER_FLAG) return at as SimTime;
    const timer = words[(slot << 3) | 4]!;
    const bank = words[(slot << 3) | 5]!;
    if (firesBy(sim, at, q.reals[(slot << 2) | 1]!, timer, bank)) return at as SimTime;
    q.runCount = last;
    words[(slot << 3) | 6] = q.free;
    q.free = slot;
    takeQueued(sim, slot);
  }
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
