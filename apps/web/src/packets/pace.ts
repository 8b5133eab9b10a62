import type { Flights } from './flights.ts';

/** How long the shortest flight under way lasts on the screen, seconds. */
const FLIGHT_SECONDS = 0.6;
/** Between none and that much simulated time in one of the screen's seconds. */
const SLOWEST = 1e-7;
const FASTEST = 1;

/**
 * The pace at which frames can be seen: the shortest flight under way takes its time on the screen, whether
 * that is 20 ms on a long line or 50 µs on a segment.
 */
export function frameRate(flights: Flights, nowNs: number): number {
  let shortestNs = Number.POSITIVE_INFINITY;
  const oldest = Math.max(0, flights.count - Math.min(flights.capacity, 4096));
  for (let n = flights.count - 1; n >= oldest; n--) {
    const i = n % flights.capacity;
    const [startNs = 0, endNs = 0] = [flights.startNs[i], flights.endNs[i]];
    if (endNs > nowNs && endNs > startNs) shortestNs = Math.min(shortestNs, endNs - startNs);
  }
  if (!Number.isFinite(shortestNs)) return FASTEST;
  return Math.max(SLOWEST, Math.min(FASTEST, shortestNs / 1e9 / FLIGHT_SECONDS));
}
