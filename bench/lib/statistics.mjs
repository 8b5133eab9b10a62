/** @param {number[]} values at least one */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Work (or hops) a second by the clock.
 * @param {object[]} runs
 * @param {'work' | 'hops'} [counts]
 * @returns {{ median: number, least: number, most: number }}
 */
export function rates(runs, counts = 'work') {
  const values = runs.map((run) => run[counts] / run.seconds);
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** 12.3 M, 456 k, 78 */
export function rate(number) {
  if (number >= 999_500) return `${(number / 1e6).toPrecision(3)} M`;
  if (number >= 999.5) return `${(number / 1e3).toPrecision(3)} k`;
  return number.toPrecision(3);
}
