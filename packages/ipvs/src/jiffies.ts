import { type Simulation, type SimTime, TICK_NS, timerTick } from '@lvscope/des';
import type { Ipvs } from './state.ts';

/** The tick of the recorded kernel (CONFIG_HZ): IPVS's timers count in these. */
export const HZ = 250;
export const TICK_NANOSECONDS: number = TICK_NS;

/** The kernel's clock: whole ticks, modulo 2^32 as int32. */
export function jiffies(ipvs: Ipvs, sim: Simulation): number {
  return (Math.floor(sim.now / TICK_NANOSECONDS) + ipvs.jiffiesAtStart) | 0;
}

/** So many nanoseconds after its tick a job is run, when the tick's timers have gone off. */
const JOB_NANOSECONDS = 20_000;

/** When a job runs that is set now for so many ticks later. Wheels before 4.8 fire on the tick. */
export function jobTime(ipvs: Ipvs, sim: Simulation, ticks: number): SimTime {
  const now = jiffies(ipvs, sim);
  const away = ipvs.kernel.timersAreCoarse ? timerTick(now, now + ticks) - now : ticks;
  return ((Math.floor(sim.now / TICK_NANOSECONDS) + away) * TICK_NANOSECONDS + JOB_NANOSECONDS) as SimTime;
}
