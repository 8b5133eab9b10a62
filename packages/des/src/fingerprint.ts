/**
 * A hash of a trajectory: whoever feeds it the same numbers in the same order gets the same text. It is a
 * check for accidents, not against forgers.
 */
export interface Fingerprint {
  /** int32, which can be handed on as they are. */
  readonly lanes: Int32Array;
}

export function createFingerprint(): Fingerprint {
  return { lanes: Int32Array.of(0x6a09e667, 0xbb67ae85) };
}

/**
 * Takes one number into the hash. Each step is a bijection of the 64 bits of state, so nothing that went in
 * earlier is ever forgotten.
 * @param value an integer within ±(2^53 - 1), for instance an int32 or a SimTime
 */
export function mix(fp: Fingerprint, value: number): void {
  const low = value | 0;
  mixWords(fp, low, value === low ? low >> 31 : ((value - (low >>> 0)) * 2 ** -32) | 0);
}

/** The halves of a number, as int32. */
function mixWords(fp: Fingerprint, low: number, high: number): void {
  const lanes = fp.lanes;
  const a = firstLane(lanes[0]!, low, high);
  lanes[1] = secondLane(lanes[1]!, a, low, high);
  lanes[0] = a;
}

function firstLane(lane: number, low: number, high: number): number {
  const a = Math.imul(lane ^ low, 0x9e3779b1);
  return (((a << 13) | (a >>> 19)) + high) | 0;
}

/** @param first the first lane, when the number is in it */
function secondLane(lane: number, first: number, low: number, high: number): number {
  const b = Math.imul(lane ^ (low + first), 0x85ebca77);
  return ((b << 15) | (b >>> 17)) ^ Math.imul(high, 0xc2b2ae3d);
}

/**
 * Takes the time and what happened then into the hash, in one step: the four words are folded to the two that
 * a step takes. It is handed no double, so that none has to be put on the heap.
 * @param first int32, as is `second`
 */
export function mixEvent(fp: Fingerprint, sim: { readonly now: number }, first: number, second = 0): void {
  const { lanes } = fp;
  const { now } = sim;
  // imul takes of a number what `| 0` does, but the JavaScript engine does not bet on it being small
  const x = (Math.imul(now, 0x9e3779b1) + first) | 0;
  const y = (Math.imul(now * 2 ** -32, 0xc2b2ae3d) + second) | 0;
  const a = firstLane(lanes[0]!, x, y);
  lanes[1] = secondLane(lanes[1]!, a, x, y);
  lanes[0] = a;
}

function avalanche(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The hash so far, as 16 hexadecimal digits. Reading it changes nothing. */
export function fingerprintText(fp: Fingerprint): string {
  const b = avalanche(fp.lanes[1]!);
  const a = avalanche(fp.lanes[0]! ^ b);
  return a.toString(16).padStart(8, '0') + b.toString(16).padStart(8, '0');
}
