import type { Skew } from './view.ts';

/** What one real server got in the window, beside its weight. */
export interface Load {
  readonly newConns: number;
  readonly weight: number;
}

/**
 * How unevenly new connections are spread, each server's number divided by its weight. Servers of weight 0
 * have no
 * fair share and are left out.
 * @returns undefined where no server with a weight got any connection
 */
export function skewOf(loads: readonly Load[]): Skew | undefined {
  let n = 0;
  let sum = 0;
  let squares = 0;
  let max = 0;
  for (const { newConns, weight } of loads) {
    if (weight <= 0) continue;
    const x = newConns / weight;
    n++;
    sum += x;
    squares += x * x;
    if (x > max) max = x;
  }
  if (sum === 0) return undefined;
  const mean = sum / n;
  const variance = Math.max(0, squares / n - mean * mean);
  return {
    maxOverMean: max / mean,
    coefficientOfVariation: Math.sqrt(variance) / mean,
    jain: (sum * sum) / (n * squares),
  };
}
