import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSimulation, nextFloat, nextInt, nextU32, type RandomStream, stream } from './index.ts';

const draws = (s: RandomStream, n: number): number[] => Array.from({ length: n }, () => nextU32(s));

test('the generator is xoshiro128** 1.1: from the state 1, 2, 3, 4 it gives the published numbers', () => {
  const s = { state: Uint32Array.of(1, 2, 3, 4) };
  expect(draws(s, 10)).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
});

test('a stream is known by its name and stays the same object', () => {
  const sim = createSimulation(7);
  expect(stream(sim, 'arrivals/client-7')).toBe(stream(sim, 'arrivals/client-7'));
  expect(stream(sim, 'service/rs2')).not.toBe(stream(sim, 'service/rs1'));
});

test('neither the order in which streams are made nor draws from others change what a stream gives', () => {
  const names = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(names, fc.integer(), fc.func(fc.nat(20)), (list, seed, extra) => {
      const one = createSimulation(seed);
      const other = createSimulation(seed);
      const forward = new Map(list.map((name) => [name, draws(stream(one, name), 5)]));
      for (const name of list.toReversed()) {
        draws(stream(other, `${name}+`), extra(name));
        expect(draws(stream(other, name), 5)).toEqual(forward.get(name));
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('another seed or another name is another stream', () => {
  const first = (seed: number | string, name: string): string =>
    draws(stream(createSimulation(seed), name), 4).join();
  const all = [first(1, 'a'), first(2, 'a'), first(1, 'b'), first(12, ''), first(1, '2'), first('', '12')];
  expect(new Set(all).size).toBe(all.length);
});

test('the seeds 7 and "7" are one seed', () => {
  expect(draws(stream(createSimulation(7), 'x'), 3)).toEqual(draws(stream(createSimulation('7'), 'x'), 3));
});

test('streams whose names differ in one digit are not correlated', () => {
  const sim = createSimulation(1);
  const n = 20_000;
  for (let k = 0; k < 10; k++) {
    const a = stream(sim, `service/rs${k}`);
    const b = stream(sim, `service/rs${k + 1}`);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (nextFloat(a) - 0.5) * (nextFloat(b) - 0.5);
    // 1/12 is the variance of one factor, so this is a coefficient of correlation: 4 standard deviations.
    expect(Math.abs((sum / n) * 12)).toBeLessThan(4 / Math.sqrt(n));
  }
});

test('nextInt gives every number equally often, and needs a range', () => {
  const s = stream(createSimulation(5), 'dice');
  const counts = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 60_000; i++) counts[nextInt(s, 6)]!++;
  const chiSquare = counts.reduce((x, c) => x + (c - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(20.5); // 5 degrees of freedom, p = 0.001
  expect(nextInt(s, 1)).toBe(0);
  expect(nextInt(s, 2 ** 32)).toBeLessThan(2 ** 32);
  for (const n of [0, -1, 1.5, NaN, 2 ** 32 + 1]) expect(() => nextInt(s, n)).toThrow(RangeError);
});

test('nextInt has no bias where the modulus alone would have one', () => {
  // Of 2^32 words, 0 to 2^30 - 1 would come twice as often from a bare modulus by 3·2^30.
  const s = stream(createSimulation(5), 'bias');
  let low = 0;
  for (let i = 0; i < 30_000; i++) if (nextInt(s, 3 * 2 ** 30) < 2 ** 30) low++;
  expect(Math.abs(low / 30_000 - 1 / 3)).toBeLessThan(0.012);
});
