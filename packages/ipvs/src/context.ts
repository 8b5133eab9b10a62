import type { Simulation } from '@lvscope/des';
import type { SchedulerContext } from './schedulers/types.ts';
import type { Ipvs } from './state.ts';

/** What a scheduler may know, as of now. */
export function schedulerContext(ipvs: Ipvs, sim: Simulation): SchedulerContext {
  const context = ipvs.context;
  context.now = sim.now;
  context.lblcExpirationSeconds = ipvs.sysctls.lblc_expiration;
  context.lblcrExpirationSeconds = ipvs.sysctls.lblcr_expiration;
  return context;
}
