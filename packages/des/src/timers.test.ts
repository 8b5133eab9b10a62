import { expect, test } from 'vitest';
import {
  addTimerBank,
  addTime,
  armTimer,
  cancelTimer,
  copyState,
  createSimulation,
  fingerprint,
  fingerprintText,
  isArmed,
  milliseconds,
  mix,
  NEVER,
  next,
  nextInt,
  pendingEvents,
  type Simulation,
  type SimTime,
  schedule,
  seconds,
  simTime,
  stateBytes,
  stream,
  timerExpiry,
} from './index.ts';

const at = (ns: number): SimTime => ns as SimTime;

test('a timer fires once, at the time of its last arming to the nanosecond', () => {
  const sim = createSimulation(1);
  const bank = addTimerBank(sim, 5);
  armTimer(sim, bank, 3, at(900e9));
  armTimer(sim, bank, 3, at(1_800_000_000_001));
  armTimer(sim, bank, 3, at(901_234_567_891));
  expect(timerExpiry(sim, bank, 3)).toBe(901_234_567_891);
  expect(next(sim, NEVER)).toBe(true);
  expect(sim.event).toEqual({ at: 901_234_567_891, kind: 5, a: 3, b: bank });
  expect(isArmed(sim, bank, 3)).toBe(false);
  expect(next(sim, NEVER)).toBe(false);
});

test('timers of one instant fire as they were armed, those of turn -1 the last armed first', () => {
  for (const turn of [1, -1] as const) {
    const sim = createSimulation(1);
    const bank = addTimerBank(sim, 5, 64, turn);
    for (const timer of [0, 1, 2]) armTimer(sim, bank, timer, at(60e9));
    armTimer(sim, bank, 0, at(60e9));
    const order: number[] = [];
    while (next(sim, NEVER)) order.push(sim.event.a);
    expect(order).toEqual(turn === 1 ? [1, 2, 0] : [0, 2, 1]);
  }
});

test('restarting a connection timer with every packet leaves nothing behind in the queue', () => {
  const sim = createSimulation(1);
  const bank = addTimerBank(sim, 5);
  const SENDS = 1;
  schedule(sim, at(0), SENDS, 0, 0);
  let before = 0;
  for (let packet = 0; packet < 200_000; packet++) {
    if (!next(sim, NEVER) || sim.event.kind !== SENDS)
      throw new Error('a timer fired that was restarted in time');
    armTimer(sim, bank, 0, addTime(sim.now, seconds(900)));
    armTimer(sim, bank, 1, addTime(sim.now, milliseconds(200)));
    armTimer(sim, bank, 2, addTime(sim.now, milliseconds(1)));
    schedule(sim, addTime(sim.now, milliseconds(0.5)), SENDS, 0, 0);
    if (packet === 1000) before = stateBytes(sim);
  }
  expect(stateBytes(sim)).toBe(before);
  expect(pendingEvents(sim)).toBe(4);
});

test('a cancelled timer does not fire, and can be armed again earlier or later', () => {
  const sim = createSimulation(1);
  const bank = addTimerBank(sim, 5);
  for (const [first, second] of [
    [100, 50],
    [100, 100],
    [100, 5e9],
    [5e9, 100],
    [2000e9, 3e9],
    [3e9, 2000e9],
  ] as const) {
    armTimer(sim, bank, 0, addTime(sim.now, first as never));
    cancelTimer(sim, bank, 0);
    cancelTimer(sim, bank, 0);
    expect(pendingEvents(sim)).toBe(0);
    const expiry = addTime(sim.now, second as never);
    armTimer(sim, bank, 0, expiry);
    expect(next(sim, NEVER)).toBe(true);
    expect(sim.now).toBe(expiry);
    expect(next(sim, NEVER)).toBe(false);
  }
});

test('arming at NEVER cancels, and what is due NEVER is not kept', () => {
  const sim = createSimulation(1);
  const bank = addTimerBank(sim, 5);
  armTimer(sim, bank, 0, at(5));
  armTimer(sim, bank, 0, NEVER);
  schedule(sim, NEVER, 1, 0, 0);
  expect(pendingEvents(sim)).toBe(0);
  expect(next(sim, NEVER)).toBe(false);
  expect(sim.now).toBe(0);
});

test('what cannot be an event or a timer is a bug', () => {
  const sim = createSimulation(1);
  const bank = addTimerBank(sim, 5);
  expect(() => schedule(sim, at(NaN), 0, 0, 0)).toThrow(RangeError);
  expect(() => schedule(sim, at(Infinity), 0, 0, 0)).toThrow(RangeError);
  expect(() => schedule(sim, at(1), 256, 0, 0)).toThrow(RangeError);
  expect(() => addTimerBank(sim, -1)).toThrow(RangeError);
  expect(() => armTimer(sim, bank, -1, at(1))).toThrow(RangeError);
  expect(() => armTimer(sim, bank, 0, at(NaN))).toThrow(RangeError);
  expect(() => simTime(-1)).toThrow(RangeError);
  expect(() => simTime(0.5)).toThrow(RangeError);
});

/**
 * A small world that uses everything: traffic in bursts, a timer a connection, another of short life, quiet
 * hours.
 */
function createWorld(): Simulation {
  const sim = createSimulation('world');
  addTimerBank(sim, 10);
  addTimerBank(sim, 11);
  schedule(sim, at(0), 1, 0, 0);
  return sim;
}

function runWorld(sim: Simulation, events: number): void {
  const s = stream(sim, 'traffic');
  const fp = fingerprint(sim, 'events');
  for (let i = 0; i < events; i++) {
    if (!next(sim, NEVER)) throw new Error('the world has come to its end');
    const { kind, a } = sim.event;
    mix(fp, sim.now);
    mix(fp, kind * 65_536 + a);
    const connection = nextInt(s, 400);
    if (kind === 1) {
      const gap = a % 500 === 499 ? 3600e9 : nextInt(s, 2_000_000);
      schedule(sim, addTime(sim.now, gap as never), 1, a + 1, 0);
      schedule(sim, addTime(sim.now, nextInt(s, 80_000_000) as never), 2, connection, 0);
    } else if (kind === 2) {
      armTimer(sim, 0, connection, addTime(sim.now, seconds(nextInt(s, 3) === 0 ? 900 : 10)));
      armTimer(sim, 1, a, addTime(sim.now, milliseconds(200)));
      if (nextInt(s, 3) === 0) cancelTimer(sim, 1, connection);
    } else if (kind === 11 && nextInt(s, 2) === 0) {
      armTimer(sim, 1, a, addTime(sim.now, milliseconds(400)));
    }
  }
}

test('a world copied at any moment and run on has the fingerprint of the one that never stopped', () => {
  const total = 12_000;
  const straight = createWorld();
  runWorld(straight, total);
  const wanted = fingerprintText(fingerprint(straight, 'events'));
  const walker = createWorld();
  for (let done = 0; done < total; done += 301) {
    const copies = [copyState(walker), structuredClone(walker)];
    for (const copy of copies) {
      runWorld(copy, total - done);
      expect(fingerprintText(fingerprint(copy, 'events'))).toBe(wanted);
      expect(copy.now).toBe(straight.now);
    }
    runWorld(walker, Math.min(301, total - done));
  }
  expect(fingerprintText(fingerprint(walker, 'events'))).toBe(wanted);
});

test('the trajectory of the world is pinned', () => {
  const sim = createWorld();
  runWorld(sim, 12_000);
  expect([fingerprintText(fingerprint(sim, 'events')), sim.now, pendingEvents(sim)]).toMatchInlineSnapshot(`
    [
      "886ed6425da9db6b",
      21603447548754,
      486,
    ]
  `);
});
