import { expect, test } from 'vitest';
import {
  createSimulation,
  NEVER,
  next,
  nextInt,
  peekTime,
  pendingEvents,
  type Simulation,
  schedule,
  type SimTime,
  stream,
} from './index.ts';
import { type HeapEntry, heapPop, heapPush } from './testing/heap.ts';

const SECOND = 1e9;

/** A simulation and a heap that get the same events and must give them back alike. */
interface Pair {
  sim: Simulation;
  heap: (HeapEntry & { a: number })[];
  sequence: number;
  /** What the queue went through, to know that the hard paths were walked. */
  widths: Set<number>;
  mostInHeap: number;
}

function createPair(): Pair {
  return { sim: createSimulation('pair'), heap: [], sequence: 0, widths: new Set(), mostInHeap: 0 };
}

function add(p: Pair, delay: number): void {
  const at = p.sim.now + delay;
  schedule(p.sim, at as SimTime, 1, p.sequence, 0);
  heapPush(p.heap, { at, sequence: p.sequence, a: p.sequence });
  p.sequence++;
}

function fire(p: Pair): boolean {
  const want = heapPop(p.heap);
  const fired = next(p.sim, NEVER);
  const { event, queue } = p.sim;
  p.widths.add(queue.width);
  p.mostInHeap = Math.max(p.mostInHeap, queue.heapCount);
  if (fired !== (want !== undefined)) throw new Error(`fired ${fired}, wanted ${want?.at}`);
  if (want !== undefined && (event.at !== want.at || event.a !== want.a)) {
    throw new Error(`fired ${event.a} at ${event.at}, wanted ${want.a} at ${want.at}`);
  }
  return fired;
}

function hold(p: Pair, fires: number, delay: () => number): void {
  for (let i = 0; i < fires; i++) {
    fire(p);
    add(p, delay());
  }
}

test('a steady load of 20 000 pending events that becomes a thousand times as dense, and thin again', () => {
  const p = createPair();
  const s = stream(p.sim, 'delays');
  const within = (ns: number) => () => nextInt(s, ns);
  for (let i = 0; i < 20_000; i++) add(p, nextInt(s, SECOND));
  hold(p, 60_000, within(SECOND));
  hold(p, 150_000, within(SECOND / 1000));
  hold(p, 100_000, within(4 * SECOND));
  while (fire(p));
  expect(p.widths.size).toBeGreaterThan(2);
});

test('200 000 pending events, whose lists are read ahead, across quiet spells and in a new ring', () => {
  const p = createPair();
  const s = stream(p.sim, 'delays');
  const cluster = (): number => nextInt(s, 5) * SECOND + nextInt(s, SECOND / 100);
  for (let i = 0; i < 200_000; i++) add(p, cluster());
  const { queue } = p.sim;
  hold(p, 100_000, cluster);
  expect(queue.aheadTo, 'lists were read ahead').toBeGreaterThan(queue.current - 1);
  hold(p, 50_000, () => nextInt(s, SECOND / 1000));
  while (fire(p));
  expect(p.widths.size).toBeGreaterThan(1);
});

test('50 000 events of one instant keep the order of scheduling', () => {
  const p = createPair();
  for (let i = 0; i < 50_000; i++) add(p, 5 * SECOND);
  for (let i = 0; i < 1000; i++) add(p, i * 10_000_000);
  while (fire(p));
  expect(p.mostInHeap).toBeGreaterThan(40_000);
});

test('bursts of packets with quiet seconds between them and timers far ahead', () => {
  const p = createPair();
  const s = stream(p.sim, 'delays');
  for (let i = 0; i < 3000; i++) add(p, 900 * SECOND + i * 1_000_003);
  for (let burst = 0; burst < 40; burst++) {
    for (let i = 0; i < 500; i++) add(p, 2 * SECOND + nextInt(s, 1_000_000));
    for (let i = 0; i < 2500; i++) {
      fire(p);
      if (i < 2000) add(p, nextInt(s, 4) === 0 ? 0 : nextInt(s, 20_000));
    }
  }
  while (fire(p));
  expect(p.widths.size).toBeGreaterThan(2);
});

test('clusters far from each other, delays over twelve powers of ten, and single events days apart', () => {
  const p = createPair();
  const s = stream(p.sim, 'delays');
  for (let i = 0; i < 40_000; i++) add(p, Math.floor(i / 32) * SECOND + (i % 32) * 30);
  hold(p, 60_000, () => 10 ** nextInt(s, 13) + nextInt(s, 10));
  while (p.heap.length > 5) fire(p);
  hold(p, 20, () => 86_400 * SECOND);
  while (fire(p));
  expect(pendingEvents(p.sim)).toBe(0);
});

test.each([
  ['from the first', 0],
  ['in a new ring', 600],
])('what lies beyond all lists comes in its turn, busy or after a quiet spell, %s', (_, crowd) => {
  const p = createPair();
  const { queue } = p.sim;
  for (let i = 0; i < crowd; i++) add(p, i * 1000);
  while (fire(p));
  const { width } = queue;
  const halfTurn = (queue.ringSize / 2) * queue.width;
  const after = (halfTurns: number): void => add(p, Math.floor(halfTurns * halfTurn));
  // one event after the other, as close together as in the buckets of a busy queue
  const busyFor = (halfTurns: number): void => {
    const end = p.sim.now + halfTurns * halfTurn;
    const twoBuckets = 3.8 / queue.ringSize;
    after(twoBuckets);
    while (p.sim.now < end) {
      fire(p);
      after(twoBuckets);
    }
  };
  after(70.5);
  after(200);
  expect(queue.farCount).toBe(2);
  busyFor(20);
  after(54);
  expect(queue.farCount).toBe(2);
  for (let i = 0; i < 3; i++) fire(p);
  expect(queue.farCount).toBe(1);
  busyFor(150);
  expect(queue.farCount).toBe(0);
  while (fire(p));
  expect(queue.width).toBe(width);
});

test('events scheduled backwards in time, each one before the last', () => {
  const p = createPair();
  for (let i = 0; i < 30_000; i++) add(p, SECOND - i * 11);
  for (let i = 0; i < 100; i++) {
    fire(p);
    for (let k = 150; k > 0; k--) add(p, k);
  }
  while (fire(p));
  expect(p.sim.eventsFired).toBe(45_000);
});

test('events scheduled backwards in time while somebody looks at the next one after each', () => {
  const p = createPair();
  for (let i = 0; i < 1000; i++) {
    add(p, SECOND - i);
    expect(peekTime(p.sim)).toBe(SECOND - i);
  }
  while (fire(p));
});

test('bucket numbers that would leave the range of an int32 start anew', () => {
  const p = createPair();
  const q = p.sim.queue;
  // As after a run of 2^30 buckets without a pause: nobody would wait for that here.
  q.current = 2 ** 30 + 5;
  q.origin = -q.current * q.width;
  q.rescatterAt = q.current + 100;
  for (let i = 0; i < 300; i++) add(p, i * 777);
  hold(p, 3000, () => 150_000);
  expect(q.current).toBeLessThan(2 ** 20);
  while (fire(p));
});
