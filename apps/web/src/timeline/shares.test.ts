import { describe, expect, it } from 'vitest';
import type { SeriesRows } from '../state/series.ts';
import { axisEnd, jainLine, jainOf, slicesOf } from './shares.ts';

const rows: SeriesRows = {
  stepSeconds: 1,
  time: [0, 1, 2, 3, 4],
  columns: new Map([
    ['1:conns', [0, 10, 20, 20, 20]],
    ['2:conns', [Number.NaN, Number.NaN, 0, 10, 30]],
  ]),
};

describe('shares of new connections through time', () => {
  it('are differences of the counters, and nothing before a server was there', () => {
    expect(slicesOf(rows, [['1'], ['2']], 10).map((slice) => slice.counts)).toEqual([
      [10, 0],
      [10, 0],
      [0, 10],
      [0, 20],
    ]);
  });

  it('come in no more slices than asked for, and none is lost in between', () => {
    const slices = slicesOf(rows, [['1'], ['2']], 2);
    expect(slices.map((slice) => [slice.from, slice.at, slice.total])).toEqual([
      [0, 2, 20],
      [2, 4, 30],
    ]);
  });

  it('have no slice before two samples', () => {
    expect(slicesOf({ stepSeconds: 1, time: [0], columns: new Map() }, [['1']], 10)).toEqual([]);
  });
});

describe("Jain's index", () => {
  it('is one over n when one of n servers gets all, and one when each gets what its weight promises', () => {
    expect(jainOf([9, 0, 0, 0], [1, 1, 1, 1])).toBeCloseTo(0.25);
    expect(jainOf([10, 20], [1, 2])).toBeCloseTo(1);
  });

  it('leaves out servers of weight 0 and says nothing without connections', () => {
    expect(jainOf([5, 3], [1, 0])).toBe(1);
    expect(jainOf([0, 0], [1, 1])).toBeUndefined();
  });

  it('is taken over the window before each point', () => {
    const line = jainLine(rows, [['1'], ['2']], [1, 1], [2, 4], 2);
    expect(line).toEqual([
      { at: 2, jain: 0.5 },
      { at: 4, jain: 0.5 },
    ]);
    expect(jainLine(rows, [['1'], ['2']], [1, 1], [4], 4)[0]?.jain).toBeCloseTo(2500 / (2 * (400 + 900)));
  });
});

describe('the end of the time axis', () => {
  it('is the planned end until the run comes near it, then moves in whole steps', () => {
    expect(axisEnd(10, 0, 300)).toBe(300);
    expect(axisEnd(290, 0, 300)).toBe(360);
    expect(axisEnd(10, 290, 300)).toBe(360);
    expect(axisEnd(5000, 0, 300)).toBe(6000);
  });
});
