import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf, bucketTop, createHistogram, mergeHistogram, percentile, record } from './histogram.ts';

test('a bucket holds its value, and its top is at most a sixteenth above it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (us) => {
      const top = bucketTop(bucketOf(us));
      expect(top).toBeGreaterThanOrEqual(us);
      expect(top - us).toBeLessThanOrEqual(us / 16);
    }),
  );
});

test('a percentile of a merged histogram is that of all values together', () => {
  const values = fc.array(fc.integer({ min: 0, max: 1e7 }), { minLength: 1 });
  fc.assert(
    fc.property(values, values, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, share) => {
      const both = createHistogram();
      const one = createHistogram();
      const other = createHistogram();
      for (const us of a) record(one, us);
      for (const us of b) record(other, us);
      for (const us of [...a, ...b]) record(both, us);
      mergeHistogram(one, other);
      expect(percentile(one, share)).toBe(percentile(both, share));
      const sorted = [...a, ...b].sort((x, y) => x - y);
      const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!;
      expect(percentile(both, share)).toBeGreaterThanOrEqual(exact);
      expect(percentile(both, share)).toBeLessThanOrEqual(exact * (1 + 1 / 16));
    }),
  );
});
