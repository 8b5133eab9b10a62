/**
 * A point in simulated time: integer nanoseconds since the start of the simulation, 0..2^53 - 1 (104 days).
 */
export type SimTime = number & { readonly __unit: 'SimTime' };

/** A span of simulated time: integer nanoseconds. */
export type Duration = number & { readonly __unit: 'Duration' };

/** Later than every event; what has no time has this time. */
export const NEVER: SimTime = Number.MAX_SAFE_INTEGER as SimTime;

/** @param ns integer nanoseconds since the start, 0..2^53 - 1; anything else is a bug and throws. */
export function simTime(ns: number): SimTime {
  if (!Number.isSafeInteger(ns) || ns < 0) throw new RangeError(`not a simulated time: ${ns} ns`);
  return ns as SimTime;
}

/** @param ns integer nanoseconds; anything else is a bug and throws. */
export function duration(ns: number): Duration {
  if (!Number.isSafeInteger(ns)) throw new RangeError(`not a duration: ${ns} ns`);
  return ns as Duration;
}

/** Seconds, rounded to the nearest nanosecond. */
export function seconds(s: number): Duration {
  return duration(Math.floor(s * 1e9 + 0.5));
}

/** Milliseconds, rounded to the nearest nanosecond. */
export function milliseconds(ms: number): Duration {
  return duration(Math.floor(ms * 1e6 + 0.5));
}

/** Microseconds, rounded to the nearest nanosecond. */
export function microseconds(us: number): Duration {
  return duration(Math.floor(us * 1e3 + 0.5));
}

/** `t` moved by `d`; NEVER stays NEVER, and nothing goes past it. */
export function addTime(t: SimTime, d: Duration): SimTime {
  const sum = t + d;
  return (t === NEVER || sum > NEVER ? NEVER : sum) as SimTime;
}

/** The span from one time to another, negative when `to` is the earlier one. */
export function elapsed(from: SimTime, to: SimTime): Duration {
  return (to - from) as Duration;
}

/**
 * For people and for statistics: a double loses the last digits of long times, so never compute the model
 * with it.
 */
export function toSeconds(time: Duration | SimTime): number {
  return time / 1e9;
}
