import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFingerprint, createSimulation, fingerprint, fingerprintText, mix } from './index.ts';

const of = (...values: number[]): string => {
  const fp = createFingerprint();
  for (const v of values) mix(fp, v);
  return fingerprintText(fp);
};
const integer = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }));

test('a fingerprint is 16 hexadecimal digits and reading it does not change it', () => {
  const fp = createFingerprint();
  mix(fp, 5);
  expect(fingerprintText(fp)).toMatch(/^[0-9a-f]{16}$/);
  expect(fingerprintText(fp)).toBe(fingerprintText(fp));
});

test('fingerprints are equal exactly when the same numbers came in the same order', () => {
  fc.assert(
    fc.property(fc.array(integer), fc.array(integer), (x, y) => {
      expect(of(...x) === of(...y)).toBe(x.length === y.length && x.every((v, i) => v === y[i]));
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test('order, sign, length, zeros and the bits above the 32nd all count', () => {
  const all = [of(), of(0), of(0, 0), of(1, 2), of(2, 1), of(-1), of(2 ** 32 - 1), of(2 ** 32), of(2 ** 52)];
  expect(new Set(all).size).toBe(all.length);
});

test('a hundred thousand neighbouring trajectories have as many fingerprints', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 100_000; i++) seen.add(of(i & 255, i >> 8));
  expect(seen.size).toBe(100_000);
});

test('a simulation keeps one fingerprint an ingredient', () => {
  const sim = createSimulation(1);
  mix(fingerprint(sim, 'frames'), 1);
  expect(fingerprint(sim, 'frames')).toBe(sim.fingerprints.get('frames'));
  expect(fingerprintText(fingerprint(sim, 'decisions'))).toBe(of());
  expect(fingerprintText(fingerprint(sim, 'frames'))).toBe(of(1));
});
