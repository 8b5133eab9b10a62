import { describe, expect, it } from 'vitest';
import type { Slice } from './shares.ts';
import { steady } from './steady.ts';

/** Slices of a second with so many connections to one of two servers, the other one as many. */
const slicesOf = (...counts: readonly number[]): Slice[] =>
  counts.map((count, i) => ({ from: i, at: i + 1, counts: [count, count], total: 2 * count }));

const drawn = (slices: readonly Slice[]): string =>
  slices.map(({ total }) => (total > 0 ? '#' : '.')).join('');

describe('shares that are drawn', () => {
  it('stop when an outage begins, and begin when it ends', () => {
    const slices = slicesOf(5, 5, 5, 0, 0, 0, 0, 0, 5, 5);
    expect(drawn(steady(slices).slice(1))).toBe('###.....##');
  });

  it('go on where connections are merely rare', () => {
    const slices = slicesOf(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
    expect(drawn(steady(slices).slice(1))).toBe('###########');
  });

  it('of few connections are taken together with their neighbours', () => {
    const [, first] = steady([
      { from: 0, at: 1, counts: [1, 0], total: 1 },
      { from: 1, at: 2, counts: [0, 1], total: 1 },
    ]);
    expect(first?.counts).toEqual([1, 1]);
  });
});
