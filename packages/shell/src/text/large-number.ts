import { right } from './columns.ts';

/** From this number on, a column shows fewer digits and a letter instead. */
const SCALES = [
  { below: 1e8, divisor: 1, letter: '' },
  { below: 1e9, divisor: 1e3, letter: 'K' },
  { below: 1e11, divisor: 1e6, letter: 'M' },
  { below: 1e14, divisor: 1e9, letter: 'G' },
  { below: Number.POSITIVE_INFINITY, divisor: 1e12, letter: 'T' },
] as const;

/**
 * A counter in the nine columns that ipvsadm gives it: plain below 100 million, then thousands with K,
 * millions with M and so on, cut and not rounded. `exact` prints all digits and lets the column grow.
 */
export function formatLargeNumber(value: number, exact: boolean): string {
  if (exact) {
    const digits = String(value);
    return right(digits, digits.length <= 8 ? 9 : digits.length + 1);
  }
  for (const { below, divisor, letter } of SCALES) {
    if (value < below) return right(`${Math.floor(value / divisor)}${letter}`, 9);
  }
  return right(String(value), 9);
}
