import { expect, it } from 'vitest';
import type { TwosState } from './state.ts';
import { contextAt, pick, serviceWith } from './testing/pool.ts';
import { drawn, lessLoaded } from './twos.ts';

/** How often each server is chosen, in list order. */
function counts(service: ReturnType<typeof serviceWith>, draws: number): number[] {
  const context = contextAt();
  const count = new Map<number, number>();
  for (let i = 0; i < draws; i++) {
    const id = pick(service, undefined, context)!.id;
    count.set(id, (count.get(id) ?? 0) + 1);
  }
  return service.destinations.map((one) => count.get(one.id) ?? 0);
}

it('an idle pool is chosen by weight, with one draw more for the head of the list', () => {
  // List order: weights 1, 2, 4; 8 draws of which the head owns 2. Where loads tie the first draw counts.
  const service = serviceWith('twos', [{ weight: 4 }, { weight: 2 }, { weight: 1 }]);
  const [one, two, four] = counts(service, 40_000).map((n) => n / 40_000);
  expect(one).toBeCloseTo(2 / 8, 1);
  expect(two).toBeCloseTo(2 / 8, 1);
  expect(four).toBeCloseTo(4 / 8, 1);
  expect(Math.abs(one! - 0.25)).toBeLessThan(0.01);
  expect(Math.abs(four! - 0.5)).toBeLessThan(0.01);
});

it('the most loaded server is taken only where both draws hit it', () => {
  const service = serviceWith('twos', [{ activeConns: 9 }, {}, {}]);
  // 4 draws: the head owns 2, the others one each; so 1/16.
  expect(Math.abs(counts(service, 40_000)[2]! / 40_000 - 1 / 16)).toBeLessThan(0.005);
});

it('the draw 0 belongs to the first usable server, the total to the last', () => {
  const { destinations } = serviceWith('twos', [{ weight: 2 }, { weight: 3 }, { weight: 0 }]);
  const [, three, two] = destinations;
  expect([0, 1, 3].map((draw) => drawn(destinations, draw))).toEqual([three, three, three]);
  expect([4, 5].map((draw) => drawn(destinations, draw))).toEqual([two, two]);
});

it('of two equally loaded servers the first drawn stays', () => {
  const [a, b] = serviceWith('twos', [{ activeConns: 1 }, { activeConns: 1 }]).destinations;
  expect(lessLoaded(a!, b!)).toBe(a);
  expect(lessLoaded(b!, a!)).toBe(b);
});

it('products beyond 31 bits wrap as in the kernel', () => {
  const [light, heavy] = serviceWith('twos', [
    { weight: 60_000, activeConns: 200 },
    { weight: 60_000, activeConns: 100 },
  ]).destinations;
  // 200 × 256 × 60000 = 3072000000 is negative in 32 bits: the busier server looks idle.
  expect(lessLoaded(light!, heavy!)).toBe(heavy);
});

it('draws nothing where nobody is usable', () => {
  const service = serviceWith('twos', [{ weight: 0 }, { overloaded: true }]);
  expect(pick(service)).toBeUndefined();
  expect((service.schedulerState as TwosState).draw1).toBe(-1);
});
