/* oxlint-disable no-restricted-properties -- the functions of the JavaScript engine are the judge here */
import { expect, test } from 'vitest';
import { type Distribution, mean, sample } from './index.ts';
import { createRandomStream } from './random.ts';

const N = 100_000;

function sorted(d: Distribution, seed: number): Float64Array {
  const s = createRandomStream(seed, d.kind);
  return Float64Array.from({ length: N }, () => sample(s, d)).toSorted();
}

/** The largest distance between the draws' distribution and the wanted one (Kolmogorov and Smirnov). */
function distance(draws: Float64Array, cdf: (x: number) => number): number {
  let d = 0;
  draws.forEach((x, i) => {
    const p = cdf(x);
    d = Math.max(d, Math.abs(p - i / N), Math.abs(p - (i + 1) / N));
  });
  return d;
}

/** Normal distribution function by Simpson's rule from 0, good to 1e-9. */
function phi(x: number): number {
  const steps = 200;
  const h = x / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp((-h * i * (h * i)) / 2);
  }
  return 0.5 + ((sum * h) / 3) * Math.sqrt(1 / (2 * Math.PI));
}

const continuous: { d: Distribution; cdf: (x: number) => number }[] = [
  { d: { kind: 'uniform', from: -2, to: 6 }, cdf: (x) => (x + 2) / 8 },
  { d: { kind: 'exponential', mean: 0.02 }, cdf: (x) => 1 - Math.exp(-x / 0.02) },
  { d: { kind: 'lognormal', median: 12_000, sigma: 0.8 }, cdf: (x) => phi(Math.log(x / 12_000) / 0.8) },
  { d: { kind: 'pareto', minimum: 3, shape: 4 }, cdf: (x) => 1 - (3 / x) ** 4 },
];

test.each(continuous)('100 000 draws of $d.kind follow its distribution function', ({ d, cdf }) => {
  // 1.95 / √N is the critical distance at p = 0.001.
  expect(distance(sorted(d, 1), cdf)).toBeLessThan(1.95 / Math.sqrt(N));
});

test.each(continuous)('the mean of 100 000 draws of $d.kind is near the mean that is promised', ({ d }) => {
  const draws = sorted(d, 2);
  expect(draws.reduce((a, b) => a + b, 0) / N / mean(d)).toBeCloseTo(1, 1.5);
});

test('an empirical distribution gives its values by their weights', () => {
  const values = [1, 5, 9, 100];
  const weights = [4, 0, 1, 5];
  const draws = sorted({ kind: 'empirical', values, weights }, 3);
  const share = (v: number): number => draws.filter((x) => x === v).length / N;
  expect(values.map((v) => Math.round(share(v) * 100))).toEqual([40, 0, 10, 50]);
  expect(mean({ kind: 'empirical', values, weights })).toBe((4 + 9 + 500) / 10);
  const even = sorted({ kind: 'empirical', values }, 3);
  expect(Math.round((even.filter((x) => x === 5).length / N) * 100)).toBe(25);
  expect(mean({ kind: 'empirical', values })).toBe(115 / 4);
});

test('a constant takes no draw from its stream', () => {
  const s = createRandomStream(1, 'x');
  const before = s.state.slice();
  expect(sample(s, { kind: 'constant', value: 42 })).toBe(42);
  expect(s.state).toEqual(before);
  expect(mean({ kind: 'constant', value: 42 })).toBe(42);
});

test('a Pareto distribution of shape 1 or less has no finite mean', () => {
  expect(mean({ kind: 'pareto', minimum: 1, shape: 1 })).toBe(Infinity);
  expect(mean({ kind: 'pareto', minimum: 1, shape: 3 })).toBe(1.5);
});

test('draws are the same to the last bit on every engine', () => {
  const s = createRandomStream('pinned', 'draws');
  const kinds: Distribution[] = continuous.map(({ d }) => d);
  expect(kinds.map((d) => sample(s, d))).toMatchInlineSnapshot(`
    [
      2.942998919636011,
      0.007896518785843656,
      10490.137665216202,
      4.145302514544664,
    ]
  `);
});
