import type { Slice } from './shares.ts';

/** Connections a server and slice, below which shares are noise. */
const ENOUGH = 8;
const MOST_NEIGHBOURS = 8;
/** A stretch without any connection that lasts this long is a silence, seconds. */
const SILENCE_SECONDS = 4;
/** Where connections are rare, it lasts so many times what lies between two of them on the average. */
const SILENCE_INTERVALS = 8;

/**
 * Begins at the start of the first slice; a slice of few connections is drawn with its neighbours, but
 * nothing is drawn into a silence: an outage ends when it ended.
 */
export function steady(slices: readonly Slice[]): Slice[] {
  const silent = silences(slices);
  const smooth = slices.map((slice, i) => {
    if (silent[i] === true) return slice;
    let sum = slice;
    for (let by = 1; by <= MOST_NEIGHBOURS && sum.total < ENOUGH * slice.counts.length; by++) {
      sum = added(added(sum, slices[i - by]), slices[i + by]);
    }
    return sum;
  });
  const first = smooth[0];
  return first === undefined ? [] : [{ ...first, at: first.from }, ...smooth];
}

/** Of each slice whether it is part of a silence. */
function silences(slices: readonly Slice[]): boolean[] {
  const seconds = (slices.at(-1)?.at ?? 0) - (slices[0]?.from ?? 0);
  const total = slices.reduce((sum, slice) => sum + slice.total, 0);
  const least = Math.max(SILENCE_SECONDS, (SILENCE_INTERVALS * seconds) / Math.max(1, total));
  const silent = slices.map(() => false);
  for (let begin = 0; begin < slices.length; begin++) {
    let end = begin;
    while (slices[end]?.total === 0) end++;
    const lasted = (slices[end - 1]?.at ?? 0) - (slices[begin]?.from ?? 0);
    if (end > begin && lasted >= least) silent.fill(true, begin, end);
    begin = Math.max(begin, end - 1);
  }
  return silent;
}

function added(slice: Slice, other: Slice | undefined): Slice {
  if (other === undefined) return slice;
  const counts = slice.counts.map((count, k) => count + (other.counts[k] ?? 0));
  return { ...slice, counts, total: slice.total + other.total };
}
