/**
 * A decimal number as C's `strtol(text, &end, 10)` reads a whole word: leading blanks and a sign are fine,
 * anything behind the digits is not.
 * @returns undefined where it is no number or leaves the 64-bit range (ERANGE).
 */
export function parseLong(text: string): bigint | undefined {
  const match = /^[ \t\n\v\f\r]*([+-]?\d{1,40})$/.exec(text);
  if (!match?.[1]) return undefined;
  const value = BigInt(match[1]);
  return value < -(1n << 63n) || value >= 1n << 63n ? undefined : value;
}

/** A decimal number within bounds, or undefined. */
export function parseNumberWithin(text: string, min: number, max: number): number | undefined {
  const value = parseLong(text);
  if (value === undefined || value < BigInt(min) || value > BigInt(max)) return undefined;
  return Number(value);
}
