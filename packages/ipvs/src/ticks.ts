import { addTime, type Duration, type Simulation, type SimTime, schedule } from '@lvscope/des';
import { HZ, jobTime, TICK_NANOSECONDS } from './jiffies.ts';
import type { Ipvs } from './state.ts';

/** Periodic jobs: operand `a` of a tick event. Operand `b` is the director. */
export const TICK_DEFENCE = 0;
export const TICK_ESTIMATOR = 1;
export const TICK_MINUTE = 2;
export const TICK_TRASH = 3;
/** One jiffy after a deletion with expire_nodest_conn: its connections are swept. */
export const TICK_SWEEP = 4;
/** The master sync daemon's look, once a second; and one that full datagrams asked for. */
export const TICK_SYNC = 5;
export const TICK_SYNC_WAKE = 6;

const SECOND = HZ;
const ESTIMATOR_PERIOD = 2 * HZ;
/** What that is for a coarse timer that starts itself again each time it fires. */
const COARSE_ESTIMATOR_PERIOD = 504;
const MINUTE = 60 * HZ;
const JIFFY = 1;
/** How long a full datagram waits for others (IPVS_SYNC_SEND_DELAY). */
const SYNC_SEND_DELAY = HZ / 50;

function after(ipvs: Ipvs, sim: Simulation, ticks: number, job: number): void {
  schedule(sim, jobTime(ipvs, sim, ticks), ipvs.tickKind, job, ipvs.director);
}

/** The estimator's next instant: the first one after now that leaves the phase when divided by its period. */
function nextFold(ipvs: Ipvs, now: SimTime): SimTime {
  const ticks = ipvs.kernel.timersAreCoarse ? COARSE_ESTIMATOR_PERIOD : ESTIMATOR_PERIOD;
  const period = ticks * TICK_NANOSECONDS;
  const past = (((now - ipvs.estimatorPhase) % period) + period) % period;
  return addTime(now, (period - past) as Duration);
}

export function startEstimator(ipvs: Ipvs, sim: Simulation): void {
  if (ipvs.estimatorTicking) return;
  ipvs.estimatorTicking = true;
  schedule(sim, nextFold(ipvs, sim.now), ipvs.tickKind, TICK_ESTIMATOR, ipvs.director);
}

export function startMinute(ipvs: Ipvs, sim: Simulation): void {
  if (ipvs.minuteTicking) return;
  ipvs.minuteTicking = true;
  after(ipvs, sim, MINUTE, TICK_MINUTE);
}

export function startTrash(ipvs: Ipvs, sim: Simulation): void {
  if (ipvs.trashTicking) return;
  ipvs.trashTicking = true;
  after(ipvs, sim, MINUTE, TICK_TRASH);
}

export function startDefence(ipvs: Ipvs, sim: Simulation): void {
  if (ipvs.defence.ticking) return;
  ipvs.defence.ticking = true;
  after(ipvs, sim, SECOND, TICK_DEFENCE);
}

export function startSweep(ipvs: Ipvs, sim: Simulation): void {
  if (ipvs.sweepPending) return;
  ipvs.sweepPending = true;
  after(ipvs, sim, JIFFY, TICK_SWEEP);
}

export function startSync(ipvs: Ipvs, sim: Simulation): void {
  if (ipvs.syncTicking) return;
  ipvs.syncTicking = true;
  after(ipvs, sim, SECOND, TICK_SYNC);
}

export function startSyncWake(ipvs: Ipvs, sim: Simulation): void {
  after(ipvs, sim, SYNC_SEND_DELAY, TICK_SYNC_WAKE);
}

export function wakeSyncNow(ipvs: Ipvs, sim: Simulation): void {
  schedule(sim, sim.now, ipvs.tickKind, TICK_SYNC_WAKE, ipvs.director);
}
