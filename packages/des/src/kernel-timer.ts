/** Nanoseconds of a Linux tick at CONFIG_HZ=250, which distributions' kernels are built with. */
export const TICK_NS = 4_000_000;

/**
 * The tick at which a Linux timer really goes off. Since 4.8 the kernel's wheel never fires early and rounds
 * up to the slots of a level: 1 tick below 63 ticks away, then 8 (below 504), 64 (4032), 512 (32256), 4096
 * (258048), 32768 … (kernel/time/timer.c). At 250 ticks a second a timer of 60 s may be 2 s late, and one of
 * 300 s 16 s.
 * @param now ticks, as the kernel counts them
 * @param expires ticks, at or after `now`
 */
export function timerTick(now: number, expires: number): number {
  const slot = 1 << (3 * timerLevel(expires - now));
  return (Math.floor(expires / slot) + 1) * slot;
}

/** The wheel's level, 0 to 8, for a timer so many ticks away: its slots are 8^level ticks long. */
export function timerLevel(delta: number): number {
  if (delta < 4032) return delta < 504 ? (delta < 63 ? 0 : 1) : 2;
  if (delta < 258_048) return delta < 32_256 ? 3 : 4;
  let level = 5;
  for (let limit = 2_064_384; delta >= limit && level < 8; limit *= 8) level++;
  return level;
}
