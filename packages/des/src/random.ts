/**
 * A stream of random numbers: xoshiro128** 1.1 (Blackman and Vigna), 2^128 - 1 draws long. Plain data: the
 * four words of the generator.
 */
export interface RandomStream {
  readonly state: Uint32Array;
}

/** Four words from any text, avalanched, never all zero (the one state that xoshiro cannot leave). */
function hashWords(text: string): Uint32Array {
  const words = Uint32Array.of(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);
  for (let lane = 0; lane < 4; lane++) {
    let h = words[lane]!;
    for (let i = 0; i < text.length; i++) {
      h = Math.imul(h ^ text.charCodeAt(i), 0x01000193 + 2 * lane);
      h ^= h >>> 15;
    }
    h ^= h >>> 16;
    h = Math.imul(h, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    words[lane] = h ^ (h >>> 16);
  }
  if ((words[0]! | words[1]! | words[2]! | words[3]!) === 0) words[0] = 1;
  return words;
}

/**
 * The stream called `name` of a simulation with this seed. The seeds 7 and '7' are one seed. Streams of
 * different names share nothing: making one, or drawing from it, leaves the draws of all others as they were.
 */
export function createRandomStream(seed: number | string, name: string): RandomStream {
  const text = String(seed);
  return { state: hashWords(`${text.length}:${text}:${name}`) };
}

/** The next 32 random bits as int32, which the JavaScript engine hands on without a place on the heap. */
function nextBits(s: RandomStream): number {
  const state = s.state;
  const s0 = state[0]!;
  const s1 = state[1]!;
  const s2 = state[2]! ^ s0;
  const s3 = state[3]! ^ s1;
  const x = Math.imul(s1, 5);
  state[0] = s0 ^ s3;
  state[1] = s1 ^ s2;
  state[2] = s2 ^ (s1 << 9);
  state[3] = (s3 << 11) | (s3 >>> 21);
  return Math.imul((x << 7) | (x >>> 25), 9);
}

/** The next 32 random bits, 0..2^32 - 1. */
export function nextU32(s: RandomStream): number {
  return nextBits(s) >>> 0;
}

/** A multiple of 2^-32 in [0, 1). */
export function nextFloat(s: RandomStream): number {
  return (nextBits(s) >>> 0) * 2 ** -32;
}

/** A whole number in 0..n - 1, every one equally likely. @param n 1..2^32 */
export function nextInt(s: RandomStream, n: number): number {
  if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) throw new RangeError(`nextInt of ${n}`);
  let u = nextBits(s) >>> 0;
  // Only draws that high can be unfair, and doubles take long to divide.
  if (u > 2 ** 32 - n) {
    const fair = 2 ** 32 - (2 ** 32 % n);
    while (u >= fair) u = nextBits(s) >>> 0;
  }
  return n < 2 ** 32 ? (u >>> 0) % (n >>> 0) : u;
}
