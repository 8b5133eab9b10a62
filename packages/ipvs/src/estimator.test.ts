import { expect, test } from 'vitest';
import { createStats, foldStats, ratesOf, statsOf, zeroCountedStats } from './estimator.ts';
import type { Stats } from './service.ts';

/** What is shown after each 2-second fold of a steady increase. */
function shown(counter: keyof Stats, increases: number[], rate: 'cps' | 'inbps'): number[] {
  const stats = createStats();
  return increases.map((increase) => {
    stats.live[counter] += increase;
    foldStats(stats);
    return ratesOf(stats)[rate];
  });
}

test('5 connections a second are approached by a quarter each 2 s, and left again by a quarter', () => {
  const increases = [...Array<number>(40).fill(10), ...Array<number>(8).fill(0)];
  const rates = shown('conns', increases, 'cps');
  expect(rates.slice(0, 10)).toEqual([1, 2, 3, 3, 4, 4, 4, 4, 5, 5]);
  expect(rates.slice(40)).toEqual([4, 3, 2, 2, 1, 1, 1, 0]);
});

test('one connection in 2 s shows as none', () => {
  expect(shown('conns', Array<number>(50).fill(1), 'cps').at(-1)).toBe(0);
});

test('InBPS is bytes a second', () => {
  const rates = shown('inBytes', Array<number>(40).fill(3000), 'inbps');
  expect(rates.slice(0, 6)).toEqual([375, 656, 867, 1025, 1144, 1233]);
  expect(rates.at(-1)).toBe(1500);
});

test('--stats shows what was folded, and -Z hides only that', () => {
  const stats = createStats();
  stats.live.conns = 5;
  expect(statsOf(stats).conns).toBe(0);
  foldStats(stats);
  expect(statsOf(stats).conns).toBe(5);
  stats.live.conns = 7;
  zeroCountedStats(stats);
  expect(statsOf(stats).conns).toBe(0);
  foldStats(stats);
  expect(statsOf(stats).conns).toBe(2);
});
