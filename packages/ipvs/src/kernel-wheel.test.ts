import {
  copyState,
  createSimulation,
  NEVER,
  next,
  nextInt,
  type Simulation,
  type SimTime,
  stream,
  TICK_NS,
} from '@lvscope/des';
import { expect, test } from 'vitest';
import { createIpvs, type Ipvs, type KernelVersion } from './index.ts';
import { jiffies } from './jiffies.ts';
import { takeRow } from './table.ts';
import { goesOff, startTimer, stopTimer, takeDue } from './kernel-wheel.ts';

const ROWS = 40;
const STEPS = 4000;

/** A timer as the kernel has it: the tick of its list, the list's level, and when it came to that list. */
interface Filed {
  tick: number;
  level: number;
  since: number;
}

/** Granularity and reach of the wheel's levels at 250 Hz, from the table in kernel/time/timer.c, in ticks. */
const LEVELS = [
  [1, 63],
  [8, 504],
  [64, 4032],
  [512, 32_256],
  [4096, 258_048],
  [32_768, 2_064_384],
] as const;

function kernelFiles(now: number, expires: number): { tick: number; level: number } {
  const level = LEVELS.findIndex(([, reach]) => expires - now < reach);
  const [slot] = LEVELS[level]!;
  return { tick: (Math.floor(expires / slot) + 1) * slot, level };
}

function firedAt(ipvs: Ipvs, sim: Simulation): number[] {
  const count = takeDue(ipvs, sim);
  const rows = Array.from(ipvs.wheel.due.subarray(0, count)).filter((row) => goesOff(ipvs, row));
  for (const row of rows) stopTimer(ipvs, row);
  return rows;
}

/** Timers started, started anew and stopped at random; each tick's fall as a naive model has them fall. */
function walk(seed: number, kernel: KernelVersion, jiffiesAtStart: number): number {
  let sim = createSimulation(seed);
  let ipvs = createIpvs(sim, { director: 0, kernel, timerKind: 1, tickKind: 2, jiffiesAtStart });
  for (let row = 0; row < ROWS; row++) takeRow(ipvs.table);
  const random = stream(sim, 'test');
  const model = new Map<number, Filed>();
  let starts = 0;
  let fired = 0;
  for (let step = 0; step < STEPS; step++) {
    const until = (sim.now + nextInt(random, 3) * nextInt(random, 4_000_000_000)) as SimTime;
    while (next(sim, until)) {
      const now = jiffies(ipvs, sim);
      expect(sim.now % TICK_NS).toBe(0);
      const due = [...model].filter(([, timer]) => timer.tick === now);
      const old = kernel !== '6.1';
      due.sort(([, a], [, b]) => b.level - a.level || (old ? a.since - b.since : b.since - a.since));
      const rows = firedAt(ipvs, sim);
      expect(rows).toEqual(due.map(([row]) => row));
      for (const row of rows) model.delete(row);
      fired += rows.length;
    }
    if (step % 500 === 0) [sim, ipvs] = copyState<[Simulation, Ipvs]>([sim, ipvs]);
    const now = jiffies(ipvs, sim);
    const row = nextInt(random, ROWS);
    if (nextInt(random, 8) === 0) {
      stopTimer(ipvs, row);
      model.delete(row);
      continue;
    }
    const expires = now + nextInt(random, 10 ** (1 + nextInt(random, 6)));
    startTimer(ipvs, sim, row, now, expires);
    const filed =
      kernel === '6.1' ? kernelFiles(now, expires) : { tick: Math.max(expires, now + 1), level: 0 };
    const before = model.get(row);
    const stays = kernel === '6.1' && before?.tick === filed.tick && before.level === filed.level;
    model.set(row, { ...filed, since: stays ? before.since : starts++ });
  }
  return fired;
}

test.each([1, 2, 3, 4, 5])('timers go off at the tick and in the order of the kernel (%i)', (seed) => {
  expect(walk(seed, '6.1', 1234 * seed)).toBeGreaterThan(1000);
});

test('before 4.8 they go off on their tick, first started first', () => {
  expect(walk(6, '2.6', 77)).toBeGreaterThan(1000);
});

test('a timer started anew again and again, earlier and later, leaves a bounded number of places', () => {
  const sim = createSimulation(1);
  const ipvs = createIpvs(sim, { director: 0, kernel: '6.1', timerKind: 1, tickKind: 2 });
  const row = takeRow(ipvs.table);
  let used = 0;
  for (let packet = 0; packet < 100_000; packet++) {
    const now = jiffies(ipvs, sim);
    startTimer(ipvs, sim, row, now, now + 900 * 250);
    startTimer(ipvs, sim, row, now, now + 10 * 250);
    while (next(sim, (sim.now + 5_000_000) as SimTime)) firedAt(ipvs, sim);
    if (packet === 20_000) used = ipvs.wheel.chunksUsed;
  }
  expect(ipvs.wheel.chunksUsed).toBe(used);
  expect(next(sim, NEVER)).toBe(true);
});
