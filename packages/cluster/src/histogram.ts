/**
 * Latencies in logarithmic buckets: 16 to an octave, so a percentile is at most 1/16 (6 %) above the truth.
 * The unit is a microsecond; what is longer than 2^32 µs (71 minutes) counts as that.
 */
export interface Histogram {
  readonly buckets: Uint32Array;
  total: number;
  /** The largest value recorded, microseconds, exact. */
  max: number;
}

const SUB_BITS = 4;
const SUB = 1 << SUB_BITS;
export const BUCKETS: number = (32 - SUB_BITS + 1) * SUB;

export function createHistogram(): Histogram {
  return { buckets: new Uint32Array(BUCKETS), total: 0, max: 0 };
}

/** The bucket of a value in microseconds. */
export function bucketOf(us: number): number {
  const value = us >= 0xffff_ffff ? 0xffff_ffff : Math.floor(us) >>> 0;
  if (value < SUB) return value;
  const octave = 31 - Math.clz32(value);
  return ((octave - SUB_BITS + 1) << SUB_BITS) | ((value >>> (octave - SUB_BITS)) & (SUB - 1));
}

/** The largest value (microseconds) that falls into the bucket. */
export function bucketTop(bucket: number): number {
  if (bucket < SUB) return bucket;
  const shift = (bucket >>> SUB_BITS) - 1;
  return ((bucket & (SUB - 1)) + SUB + 1) * 2 ** shift - 1;
}

export function record(h: Histogram, us: number): void {
  const bucket = bucketOf(us);
  h.buckets[bucket] = h.buckets[bucket]! + 1;
  h.total++;
  if (us > h.max) h.max = us;
}

export function clearHistogram(h: Histogram): void {
  h.buckets.fill(0);
  h.total = 0;
  h.max = 0;
}

/** Adds `from` to `into`. */
export function mergeHistogram(into: Histogram, from: Histogram): void {
  if (from.total === 0) return;
  for (let i = 0; i < BUCKETS; i++) into.buckets[i] = into.buckets[i]! + from.buckets[i]!;
  into.total += from.total;
  if (from.max > into.max) into.max = from.max;
}

/**
 * The value (microseconds) that the given share of the recorded ones does not exceed, as the top of its
 * bucket.
 * @param share 0 to 1
 * @returns 0 where nothing was recorded
 */
export function percentile(h: Histogram, share: number): number {
  if (h.total === 0) return 0;
  const wanted = Math.max(1, Math.ceil(share * h.total));
  let seen = 0;
  for (let i = 0; i < BUCKETS; i++) {
    seen += h.buckets[i]!;
    if (seen >= wanted) return Math.min(bucketTop(i), h.max);
  }
  return h.max;
}
