import { expect, test } from 'vitest';
import { addTimerBank, armTimer, createSimulation, NEVER, next, schedule, type SimTime } from './index.ts';

const at = (ns: number): SimTime => ns as SimTime;

test('events of one instant come in the order of scheduling and of the last arming', () => {
  const sim = createSimulation(1);
  const bank = addTimerBank(sim, 9);
  armTimer(sim, bank, 0, at(50));
  schedule(sim, at(50), 1, 10, -1);
  armTimer(sim, bank, 1, at(50));
  schedule(sim, at(50), 1, 11, -1);
  armTimer(sim, bank, 0, at(50));
  const seen: string[] = [];
  while (next(sim, NEVER)) seen.push(`${sim.now} ${sim.event.kind} ${sim.event.a} ${sim.event.b}`);
  expect(seen).toEqual(['50 1 10 -1', '50 9 1 0', '50 1 11 -1', '50 9 0 0']);
});

test('with nothing due the clock goes to the limit, and to no place when there is no limit', () => {
  const sim = createSimulation(1);
  schedule(sim, at(2000), 1, 0, 0);
  expect(next(sim, at(1999))).toBe(false);
  expect(sim.now).toBe(1999);
  expect(next(sim, at(5))).toBe(false);
  expect(sim.now).toBe(1999);
  expect(next(sim, at(2000))).toBe(true);
  expect(next(sim, NEVER)).toBe(false);
  expect(sim.now).toBe(2000);
});

test('scheduling or arming in the past is a bug', () => {
  const sim = createSimulation(1);
  const bank = addTimerBank(sim, 0);
  next(sim, at(10));
  expect(() => schedule(sim, at(9), 0, 0, 0)).toThrow(RangeError);
  expect(() => armTimer(sim, bank, 0, at(9))).toThrow(RangeError);
});
