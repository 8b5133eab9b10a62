/* oxlint-disable no-restricted-properties -- the functions of the JavaScript engine are the judge here */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exp, ln } from './math.ts';
import { createRandomStream, nextFloat } from './random.ts';

/** How far two doubles lie apart, in units of the last place of the wanted one. */
function ulps(got: number, want: number): number {
  if (got === want) return 0;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(want));
  const exponent = Math.max(1, bits.getUint16(0) >>> 4);
  return Math.abs(got - want) / 2 ** Math.max(-1074, exponent - 1075);
}

test('ln agrees with Math.log within two units in the last place', () => {
  const s = createRandomStream(1, 'ln');
  let worst = 0;
  for (let i = 0; i < 200_000; i++) {
    const x = (nextFloat(s) + 2 ** -33) * 2 ** Math.floor(nextFloat(s) * 200 - 100);
    worst = Math.max(worst, ulps(ln(x), Math.log(x)));
  }
  expect(worst).toBeLessThanOrEqual(2);
});

test('ln keeps its precision beside 1, where its value is nearly nothing', () => {
  for (const d of [2 ** -52, 2 ** -40, 1e-9, 1e-5, 0.01, 0.3, 0.41421356, 0.4142136]) {
    expect(ulps(ln(1 + d), Math.log(1 + d))).toBeLessThanOrEqual(2);
    expect(ulps(ln(1 - d), Math.log(1 - d))).toBeLessThanOrEqual(2);
  }
});

test('exp agrees with Math.exp within two units in the last place', () => {
  const s = createRandomStream(1, 'exp');
  let worst = 0;
  for (let i = 0; i < 200_000; i++) {
    const x = (nextFloat(s) * 2 - 1) * (i % 2 === 0 ? 700 : 1);
    worst = Math.max(worst, ulps(exp(x), Math.exp(x)));
  }
  expect(worst).toBeLessThanOrEqual(2);
});

test('the ends of both functions are those of mathematics', () => {
  expect(ln(1)).toBe(0);
  expect(ln(0)).toBe(-Infinity);
  expect(ln(-1)).toBeNaN();
  expect(ln(NaN)).toBeNaN();
  expect(ln(Infinity)).toBe(Infinity);
  expect(ulps(ln(5e-324), Math.log(5e-324))).toBeLessThanOrEqual(2);
  expect(exp(0)).toBe(1);
  expect(exp(-Infinity)).toBe(0);
  expect(exp(Infinity)).toBe(Infinity);
  expect(exp(NaN)).toBeNaN();
  expect(exp(710)).toBe(Infinity);
  expect(exp(-746)).toBe(0);
  expect(ulps(exp(709.7), Math.exp(709.7))).toBeLessThanOrEqual(2);
  expect(exp(-740) / Math.exp(-740)).toBeCloseTo(1, 2);
});

test('ln undoes exp', () => {
  fc.assert(
    fc.property(fc.double({ min: -600, max: 600, noNaN: true }), (x) => {
      expect(Math.abs(ln(exp(x)) - x)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(x)));
    }),
    { seed: 3, numRuns: 2000 },
  );
});

test('the last bits are pinned, whatever the engine', () => {
  const bits = new DataView(new ArrayBuffer(8));
  const hex = (x: number): string => {
    bits.setFloat64(0, x);
    return bits.getBigUint64(0).toString(16);
  };
  expect([ln(2), ln(10), ln(0.1), ln(2 ** -32)].map(hex)).toMatchInlineSnapshot(`
    [
      "3fe62e42fefa39ef",
      "40026bb1bbb55516",
      "c0026bb1bbb55515",
      "c0362e42fefa39ef",
    ]
  `);
  expect([exp(1), exp(-1), exp(10.5), exp(-300)].map(hex)).toMatchInlineSnapshot(`
    [
      "4005bf0a8b14576a",
      "3fd78b56362cef38",
      "40e1bb7015e84d3b",
      "24e245639c3a49f7",
    ]
  `);
});
