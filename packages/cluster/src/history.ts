/** How far back a window may reach, seconds. */
export const LONGEST_WINDOW_SECONDS = 600;

/** A counter at each of the last seconds. */
export interface History {
  /** By second modulo its length. */
  readonly values: Float64Array;
  /** Second of the first sample; before it the counter was 0. */
  readonly first: number;
}

export function createHistory(first: number): History {
  return { values: new Float64Array(LONGEST_WINDOW_SECONDS + 1), first };
}

/** The counter at the end of a second of the past; what has not been sampled yet reads 0. */
export function historyAt(history: History | undefined, second: number): number {
  if (history === undefined || second < history.first) return 0;
  return history.values[second % history.values.length]!;
}
