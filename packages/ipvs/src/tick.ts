import type { Simulation } from '@lvscope/des';
import { settleCounters } from './account.ts';
import { schedulerContext } from './context.ts';
import { defenceSecond } from './defence.ts';
import { foldStats, isSettled } from './estimator.ts';
import { sweepOrphans } from './expiry.ts';
import { SCHEDULERS } from './schedulers/index.ts';
import type { Ipvs } from './state.ts';
import { sendSync } from './sync-master.ts';
import {
  startEstimator,
  startMinute,
  startTrash,
  TICK_DEFENCE,
  TICK_ESTIMATOR,
  TICK_MINUTE,
  TICK_SWEEP,
  TICK_SYNC,
  TICK_SYNC_WAKE,
  TICK_TRASH,
} from './ticks.ts';
import { emptyTrash } from './trash.ts';

/**
 * A periodic job's time has come: operand `a` of the tick event. It schedules its successor where one is
 * needed.
 */
export function tick(ipvs: Ipvs, sim: Simulation, job: number): void {
  switch (job) {
    case TICK_DEFENCE:
      return defenceSecond(ipvs, sim);
    case TICK_ESTIMATOR:
      return foldAll(ipvs, sim);
    case TICK_MINUTE:
      return cleanCaches(ipvs, sim);
    case TICK_TRASH:
      ipvs.trashTicking = false;
      if (emptyTrash(ipvs, sim)) startTrash(ipvs, sim);
      return;
    case TICK_SYNC:
    case TICK_SYNC_WAKE:
      return sendSync(ipvs, sim, job === TICK_SYNC);
    case TICK_SWEEP:
      ipvs.sweepPending = false;
      return sweepOrphans(ipvs, sim);
    default:
      throw new RangeError(`no periodic job ${job}`);
  }
}

/** The estimator's 2 seconds are over. Without services it goes on until the total is at rest. */
function foldAll(ipvs: Ipvs, sim: Simulation): void {
  ipvs.estimatorTicking = false;
  settleCounters(ipvs);
  if (ipvs.sysctls.run_estimation !== 0) {
    foldStats(ipvs.total);
    for (const service of ipvs.services) {
      foldStats(service.stats);
      for (const destination of service.destinations) foldStats(destination.stats);
    }
  }
  if (ipvs.services.length > 0 || !isSettled(ipvs.total)) startEstimator(ipvs, sim);
}

/** lblc and lblcr look through their caches once a minute. */
function cleanCaches(ipvs: Ipvs, sim: Simulation): void {
  ipvs.minuteTicking = false;
  let needed = false;
  for (const service of ipvs.services) {
    const { everyMinute } = SCHEDULERS[service.scheduler];
    if (everyMinute === undefined) continue;
    needed = true;
    everyMinute(service, schedulerContext(ipvs, sim));
  }
  if (needed) startMinute(ipvs, sim);
}

/**
 * What of the machine's memory is free, in pages of 4 kB: the automatic defence modes compare it to
 * amemthresh.
 */
export function setAvailableMemory(ipvs: Ipvs, pages: number): void {
  ipvs.defence.availablePages = pages;
}
