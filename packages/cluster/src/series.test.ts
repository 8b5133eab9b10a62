import { expect, test } from 'vitest';
import { beginRow, columnOf, createSeries, put, rowDue, seriesSlice } from './series.ts';

function fill(seconds: number) {
  const store = createSeries();
  for (let second = 0; second < seconds; second++) {
    if (!rowDue(store, second)) continue;
    beginRow(store, second);
    put(store, columnOf(store, 'count'), second * 10);
    put(store, columnOf(store, 'worst', 'max'), second % 100 === 7 ? 1000 : 1);
    if (second > 10) put(store, columnOf(store, 'late'), second);
  }
  return store;
}

test('a day of samples stays within the bound, reaches back to the start and ends now', () => {
  const { time, stepSeconds } = seriesSlice(fill(86_400), 0);
  expect(time.length).toBeLessThanOrEqual(4096);
  expect(time[0]).toBeLessThan(2 * stepSeconds);
  expect(time.at(-1)).toBeGreaterThanOrEqual(86_400 - stepSeconds);
  expect(stepSeconds).toBe(32);
});

test('thinning keeps counters true to their time and the worst of each pair', () => {
  const { time, columns } = seriesSlice(fill(5000), 0);
  const count = columns.get('count')!;
  expect([...count]).toEqual([...time].map((second) => second * 10));
  expect([...columns.get('worst')!].filter((v) => v === 1000).length).toBeGreaterThan(40);
});

test('a column is NaN in the rows before its first value', () => {
  const late = seriesSlice(fill(20), 0).columns.get('late')!;
  expect([...late].slice(0, 12)).toEqual([...Array.from({ length: 11 }, () => NaN), 11]);
});

test('a reader gets the rows that it lacks', () => {
  expect([...seriesSlice(fill(20), 17).time]).toEqual([17, 18, 19]);
});
