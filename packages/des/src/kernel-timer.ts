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
  const slot = slotOf(expires - now);
  return (Math.floor(expires / slot) + 1) * slot;
}

/**
 * The order of timers that go off on the same tick, as a number from 0 up to 1: those of coarser levels first
 * (__run_timers), and within a slot the one that was set last (it is put at the list's head).
 * @param at what `timerTick` said
 */
export function orderWithinTick(now: number, expires: number, at: number): number {
  const slot = slotOf(expires - now);
  const level = (31 - Math.clz32(slot)) / 3;
  return (8 - level + (at - now) / (65 * slot)) / 9;
}

/** Ticks between the slots of the wheel's level for a timer so far away. */
function slotOf(delta: number): number {
  if (delta < 4032) return delta < 504 ? (delta < 63 ? 1 : 8) : 64;
  if (delta < 258_048) return delta < 32_256 ? 512 : 4096;
  let slot = 32_768;
  for (let limit = 2_064_384; delta >= limit && slot < 0x100_0000; limit *= 8) slot *= 8;
  return slot;
}
