import type { SimTime } from '@lvscope/des';
import type { Ipvs } from './state.ts';

/** The tick of the recorded kernel (CONFIG_HZ): IPVS's timers count in these. */
export const HZ = 250;
export const TICK_NANOSECONDS: number = 1e9 / HZ;

/** The kernel's clock: whole ticks. */
export function jiffies(ipvs: Ipvs, now: SimTime): number {
  return Math.floor(now / TICK_NANOSECONDS) + ipvs.jiffiesAtStart;
}

/**
 * When a timer of `expires - now` ticks really fires. Since 4.8 the kernel's wheel never fires early, and
 * rounds up to the slots of a level: 1 tick below 63 ticks, then 8 (below 504), 64 (4032), 512 (32256),
 * 4096 (258048), 32768… (kernel/time/timer.c). So a timer of 60 s may be 2 s late, and one of 300 s 16 s.
 * Older wheels fire on the tick.
 */
export function fireTime(ipvs: Ipvs, now: number, expires: number): SimTime {
  let at = expires;
  if (ipvs.kernel.timersAreCoarse) {
    const slot = slotOf(expires - now);
    at = (Math.floor(expires / slot) + 1) * slot;
  }
  return ((at - ipvs.jiffiesAtStart) * TICK_NANOSECONDS) as SimTime;
}

/** The next tick: where the kernel fires a timer that is due at once. */
export function nextTick(ipvs: Ipvs, now: number): SimTime {
  return ((now + 1 - ipvs.jiffiesAtStart) * TICK_NANOSECONDS) as SimTime;
}

/** Ticks between the slots of the wheel's level for a timer so far away. */
function slotOf(delta: number): number {
  if (delta < 4032) return delta < 504 ? (delta < 63 ? 1 : 8) : 64;
  if (delta < 258_048) return delta < 32_256 ? 512 : 4096;
  let slot = 32_768;
  for (let limit = 2_064_384; delta >= limit && slot < 0x100_0000; limit *= 8) slot *= 8;
  return slot;
}
