import { exp, ln } from './math.ts';
import { nextFloat, nextInt, nextU32, type RandomStream } from './random.ts';

/** A distribution as data. Its unit is its owner's: the same kinds serve seconds and bytes. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  /** exp of a normal variable with mean ln(median) and standard deviation sigma. */
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
  /** P(X > x) = (minimum / x)^shape for x >= minimum. */
  | { readonly kind: 'pareto'; readonly minimum: number; readonly shape: number }
  /** One of the values; without weights all are equally likely. Weights are relative and not negative. */
  | { readonly kind: 'empirical'; readonly values: readonly number[]; readonly weights?: readonly number[] };

/** Uniform in the open interval (0, 1), so that its logarithm is finite. */
function openUnit(s: RandomStream): number {
  return (nextU32(s) + 0.5) * 2 ** -32;
}

/**
 * Standard normal, by Marsaglia's polar method; the second value is thrown away, so that a draw keeps no
 * state.
 */
function normal(s: RandomStream): number {
  for (;;) {
    const u = 2 * openUnit(s) - 1;
    const v = 2 * openUnit(s) - 1;
    const q = u * u + v * v;
    if (q > 0 && q < 1) return u * Math.sqrt((-2 * ln(q)) / q);
  }
}

function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const n of numbers) total += n;
  return total;
}

function weighted(s: RandomStream, values: readonly number[], weights: readonly number[]): number {
  let rest = nextFloat(s) * sum(weights);
  let last = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights[i]!;
    if (weight <= 0) continue;
    if (rest < weight) return values[i]!;
    rest -= weight;
    last = i;
  }
  return values[last]!; // rounding may leave a crumb after the last weight
}

/** One draw. The same stream gives the same bits on every engine. */
export function sample(s: RandomStream, d: Distribution): number {
  switch (d.kind) {
    case 'constant':
      return d.value;
    case 'uniform':
      return d.from + (d.to - d.from) * nextFloat(s);
    case 'exponential':
      return -d.mean * ln(openUnit(s));
    case 'lognormal':
      return d.median * exp(d.sigma * normal(s));
    case 'pareto':
      return d.minimum * exp(-ln(openUnit(s)) / d.shape);
    case 'empirical':
      return d.weights === undefined
        ? d.values[nextInt(s, d.values.length)]!
        : weighted(s, d.values, d.weights);
  }
}

/** The expected value; Infinity for a Pareto distribution whose shape is 1 or less. */
export function mean(d: Distribution): number {
  switch (d.kind) {
    case 'constant':
      return d.value;
    case 'uniform':
      return (d.from + d.to) / 2;
    case 'exponential':
      return d.mean;
    case 'lognormal':
      return d.median * exp((d.sigma * d.sigma) / 2);
    case 'pareto':
      return d.shape > 1 ? (d.minimum * d.shape) / (d.shape - 1) : Infinity;
    case 'empirical': {
      const { values, weights } = d;
      if (weights === undefined) return sum(values) / values.length;
      return sum(values.map((v, i) => v * weights[i]!)) / sum(weights);
    }
  }
}
