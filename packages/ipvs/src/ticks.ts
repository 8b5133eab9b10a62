import {
  addTime,
  type Duration,
  milliseconds,
  type Simulation,
  schedule,
  type SimTime,
  seconds,
} from '@lvscope/des';
import type { Ipvs } from './state.ts';

/** Periodic jobs: operand `a` of a tick event. Operand `b` is the director. */
export const TICK_DEFENCE = 0;
export const TICK_ESTIMATOR = 1;
export const TICK_MINUTE = 2;
export const TICK_TRASH = 3;
/** One jiffy after a deletion with expire_nodest_conn: its connections are swept. */
export const TICK_SWEEP = 4;

const SECOND: Duration = seconds(1);
const ESTIMATOR_PERIOD: Duration = seconds(2);
const MINUTE: Duration = seconds(60);
const JIFFY: Duration = milliseconds(4);

function after(ipvs: Ipvs, sim: Simulation, span: Duration, job: number): void {
  schedule(sim, addTime(sim.now, span), ipvs.tickKind, job, ipvs.director);
}

/** The estimator's next instant: the first one after now that leaves the phase when divided by 2 s. */
function nextFold(ipvs: Ipvs, now: SimTime): SimTime {
  const past = (((now - ipvs.estimatorPhase) % ESTIMATOR_PERIOD) + ESTIMATOR_PERIOD) % ESTIMATOR_PERIOD;
  return addTime(now, (ESTIMATOR_PERIOD - past) as Duration);
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
