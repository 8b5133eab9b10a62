/*
 * Logarithm and exponential from the four basic operations alone, which IEEE 754 fixes to the last bit. The
 * engines' own Math.log and Math.exp differ between browsers in the last place, and one differing bit makes
 * another run.
 */

const bits = new DataView(new ArrayBuffer(8));

// ln 2 in two parts: the high one has 21 zero bits at its end, so its product with any exponent is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = 1.4426950408889634;

/** Natural logarithm, within 1 unit in the last place. ln(0) = -Infinity, of a negative number NaN. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  let exponent = 0;
  let mantissa = x;
  if (mantissa < 2.2250738585072014e-308) {
    mantissa *= 2 ** 54;
    exponent = -54;
  }
  bits.setFloat64(0, mantissa);
  const high = bits.getUint32(0);
  // The mantissa's part below √½·2 counts up, so that what is left lies in [√½, √2).
  const fraction = high & 0xfffff;
  const up = fraction >= 0x6a09e ? 1 : 0;
  exponent += (high >>> 20) - 1023 + up;
  bits.setUint32(0, fraction | ((1023 - up) << 20));
  const f = bits.getFloat64(0) - 1;
  // ln(1 + f) = 2 artanh(s) with s = f / (2 + f), and 2s = f - sf.
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  // 2/3 z + 2/5 z² + …: the odd and the even powers apart, so that the processor works on both at once.
  const odd = z * (2 / 3 + w * (2 / 7 + w * (2 / 11 + w * (2 / 15 + w * (2 / 19 + w * (2 / 23))))));
  const even = w * (2 / 5 + w * (2 / 9 + w * (2 / 13 + w * (2 / 17 + w * (2 / 21)))));
  const correction = s * (f - (odd + even));
  if (exponent === 0) return f - correction;
  return exponent * LN2_HIGH - (correction - exponent * LN2_LOW - f);
}

/** e to the power of x, within 1 unit in the last place where the result is a normal number. */
export function exp(x: number): number {
  if (!(x < 709.782712893384)) return x > 0 ? Infinity : NaN;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  // The Taylor series: |r| <= ½ ln 2, so the first term left out is below 1e-17 of the sum.
  let p = 1 / 87178291200;
  p = p * r + 1 / 6227020800;
  p = p * r + 1 / 479001600;
  p = p * r + 1 / 39916800;
  p = p * r + 1 / 3628800;
  p = p * r + 1 / 362880;
  p = p * r + 1 / 40320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 1 / 2;
  const y = 1 + (r + r * r * p);
  // 2^k in two factors, so that neither of them leaves the range of normal numbers.
  const half = k >> 1;
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

function powerOfTwo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}
