import { expect, test } from 'vitest';
import { skewOf } from './skew.ts';

const load = (newConns: number, weight: number) => ({ newConns, weight });

test('load in proportion to weight is no skew at all', () => {
  const skew = skewOf([load(10, 1), load(20, 2), load(30, 3)]);
  expect(skew).toEqual({ maxOverMean: 1, coefficientOfVariation: 0, jain: 1 });
});

test('everything on one of four servers gives 1/4 by Jain and 4 by max over mean', () => {
  const skew = skewOf([load(100, 1), load(0, 1), load(0, 1), load(0, 1)])!;
  expect(skew.jain).toBeCloseTo(0.25);
  expect(skew.maxOverMean).toBe(4);
});

test('a server of weight 0 has no fair share and does not count', () => {
  expect(skewOf([load(10, 1), load(10, 1), load(50, 0)])?.jain).toBe(1);
});

test('without new connections there is no skew to speak of', () => {
  expect(skewOf([load(0, 1), load(0, 1)])).toBeUndefined();
});
