import { describe, expect, it } from 'vitest';
import { brief, clock, integer, percent } from './format.ts';

describe('numbers for people', () => {
  it('groups digits by three with a narrow space', () => {
    expect([0, 999, 1000, 1234567, -6102].map(integer)).toEqual([
      '0',
      '999',
      '1\u202f000',
      '1\u202f234\u202f567',
      '−6\u202f102',
    ]);
  });

  it('never rounds a share that is neither none nor all to none or all', () => {
    expect([0, 0.001, 0.25, 0.999, 1].map(percent)).toEqual([
      '0\u202f%',
      '<\u202f1\u202f%',
      '25\u202f%',
      '>\u202f99\u202f%',
      '100\u202f%',
    ]);
  });

  it('writes simulated time as minutes, seconds and a fraction that is cut, not rounded up', () => {
    expect(clock(161_318_999_999)).toBe('02:41.318');
    expect(clock(3_661_000_000_000, 0)).toBe('1:01:01');
    expect(clock(1_500, 6)).toBe('00:00.000001');
    expect(clock(59_999_999_999, 0)).toBe('00:59');
  });

  it('gives three significant digits at most', () => {
    expect([0, 0.123, 12.34, 1234.5, Number.NaN].map(brief)).toEqual([
      '0',
      '0.12',
      '12.3',
      '1\u202f235',
      '–',
    ]);
  });
});
