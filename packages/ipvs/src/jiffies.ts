import { orderWithinTick, type SimTime, TICK_NS, timerTick } from '@lvscope/des';
import type { Ipvs } from './state.ts';

/** The tick of the recorded kernel (CONFIG_HZ): IPVS's timers count in these. */
export const HZ = 250;
export const TICK_NANOSECONDS: number = TICK_NS;

/** The kernel's clock: whole ticks. */
export function jiffies(ipvs: Ipvs, now: SimTime): number {
  return Math.floor(now / TICK_NANOSECONDS) + ipvs.jiffiesAtStart;
}

/** Timers of one tick run one after the other within this many nanoseconds, a ninth for each level. */
const RUN_NANOSECONDS = 18_000;
const LEVEL_NANOSECONDS = RUN_NANOSECONDS / 9;

/**
 * When a timer that is set now to go off at tick `expires` really fires. Wheels before 4.8 fire on the
 * tick.
 */
export function fireTime(ipvs: Ipvs, now: number, expires: number): SimTime {
  if (!ipvs.kernel.timersAreCoarse) return ((expires - ipvs.jiffiesAtStart) * TICK_NANOSECONDS) as SimTime;
  const at = timerTick(now, expires);
  const turn = Math.floor(orderWithinTick(now, expires, at) * RUN_NANOSECONDS);
  return ((at - ipvs.jiffiesAtStart) * TICK_NANOSECONDS + turn) as SimTime;
}

/**
 * Whether two fire times are of one slot of the wheel. The kernel leaves a timer that is set again for the
 * slot in which it lies where it is (__mod_timer), so that it keeps its turn there.
 */
export function isSameSlot(one: SimTime, other: SimTime): boolean {
  const tick = Math.floor(one / TICK_NANOSECONDS) * TICK_NANOSECONDS;
  const turn = other - tick;
  if (turn < 0 || turn >= RUN_NANOSECONDS) return false;
  return Math.floor((one - tick) / LEVEL_NANOSECONDS) === Math.floor(turn / LEVEL_NANOSECONDS);
}

/** The next tick: where the kernel fires a timer that is due at once. */
export function nextTick(ipvs: Ipvs, now: number): SimTime {
  return ((now + 1 - ipvs.jiffiesAtStart) * TICK_NANOSECONDS) as SimTime;
}
