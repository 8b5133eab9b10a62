import { describe, expect, it } from 'vitest';
import { joinRows, NO_ROWS, rowAt } from './series.ts';

const part = (time: number[], columns: Record<string, number[]>, stepSeconds = 1) => ({
  stepSeconds,
  time: Float64Array.from(time),
  columns: new Map(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)])),
});

describe('rows that come in parts', () => {
  it('stand one after the other, a new column with nothing before', () => {
    const first = joinRows(NO_ROWS, part([0, 1], { a: [1, 2] }), 0);
    const both = joinRows(first, part([2], { a: [3], b: [9] }), 2);
    expect(both.time).toEqual([0, 1, 2]);
    expect(both.columns.get('a')).toEqual([1, 2, 3]);
    expect(both.columns.get('b')).toEqual([Number.NaN, Number.NaN, 9]);
  });

  it('do not double when two answers bring the same ones', () => {
    const first = joinRows(NO_ROWS, part([0, 1], { a: [1, 2] }), 0);
    const pulled = joinRows(first, part([2, 3], { a: [3, 4] }), 2);
    const commanded = joinRows(pulled, part([2, 3, 4], { a: [3, 4, 5] }), 2);
    expect([commanded.time, commanded.columns.get('a')]).toEqual([
      [0, 1, 2, 3, 4],
      [1, 2, 3, 4, 5],
    ]);
  });

  it('are replaced as a whole when they were thinned', () => {
    const first = joinRows(NO_ROWS, part([0, 1, 2, 3], { a: [1, 2, 3, 4] }), 0);
    const thinned = joinRows(first, part([1, 3], { a: [2, 4] }, 2), 0);
    expect([thinned.stepSeconds, thinned.time, thinned.columns.get('a')]).toEqual([2, [1, 3], [2, 4]]);
    expect(first.time).toEqual([0, 1, 2, 3]);
  });

  it('are the same rows when nothing came, and leave the empty ones empty', () => {
    const rows = joinRows(NO_ROWS, part([0], { a: [1] }), 0);
    expect(joinRows(rows, part([], { a: [] }), 1)).toBe(rows);
    expect(NO_ROWS.time).toEqual([]);
  });

  it('are found by time', () => {
    const rows = joinRows(NO_ROWS, part([0, 2, 4], {}), 0);
    expect([-1, 0, 1.9, 4, 9].map((seconds) => rowAt(rows, seconds))).toEqual([-1, 0, 0, 2, 2]);
  });
});
