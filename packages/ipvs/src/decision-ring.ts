/** Inputs of the last decisions, as integers; the oldest are overwritten. */
export interface DecisionRing {
  readonly words: Int32Array;
  /** By sequence number, modulo their length. */
  readonly starts: Int32Array;
  readonly times: Float64Array;
  /** Sequence numbers [oldest, count) can still be read. */
  oldest: number;
  /** How many decisions there were. */
  count: number;
  head: number;
  tail: number;
}

/** @param words room for the records, integers; at most a 16th as many decisions are kept */
export function createRing(words: number): DecisionRing {
  let slots = 64;
  while (slots * 32 <= words) slots *= 2;
  return {
    words: new Int32Array(words),
    starts: new Int32Array(slots),
    times: new Float64Array(slots),
    oldest: 0,
    count: 0,
    head: 0,
    tail: 0,
  };
}
