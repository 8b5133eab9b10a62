import { type RandomStream, type SimTime, simTime } from '@lvscope/des';
import { ipv4 } from '@lvscope/inet';
import type { DecisionDestination, DecisionInput, DecisionState } from './explain-types.ts';
import { KERNEL_PROFILES } from './kernel-profile.ts';
import { SCHEDULERS } from './schedulers/index.ts';
import type { LblcrEntry } from './schedulers/state.ts';
import type { ScheduleRequest, SchedulerContext, SchedulerName, SchedulerState } from './schedulers/types.ts';
import type { CountedStats, Destination, Service, Stats } from './service.ts';

/** Seconds; the kernel's default of lblc_expiration and lblcr_expiration. */
const CACHE_EXPIRATION_SECONDS = 86_400;

const noStats = (): Stats => ({ conns: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 });
const noCounts = (): CountedStats => ({
  live: noStats(),
  folded: noStats(),
  zeroed: noStats(),
  rates: noStats(),
});

/** The world as the schedulers may see it at the decision; its random stream is nobody else's. */
export function contextOf(input: DecisionInput): SchedulerContext {
  const random: RandomStream = { state: Uint32Array.of(1, 2, 3, 4) };
  return {
    now: input.time,
    kernel: KERNEL_PROFILES[input.kernel],
    random,
    lblcExpirationSeconds: CACHE_EXPIRATION_SECONDS,
    lblcrExpirationSeconds: CACHE_EXPIRATION_SECONDS,
  };
}

function destinationOf(one: DecisionDestination): Destination {
  return {
    id: one.id,
    serviceId: 0,
    address: one.address,
    address6: undefined,
    port: one.port,
    method: 0,
    tunnel: undefined,
    weight: one.weight,
    lastWeight: one.lastWeight,
    upperThreshold: 0,
    lowerThreshold: 0,
    available: one.available,
    overloaded: one.overloaded,
    activeConns: one.activeConns,
    inactConns: one.inactConns,
    persistConns: 0,
    references: 0,
    idleSince: simTime(0),
    stats: noCounts(),
  };
}

/** The service as the decision saw it, with `scheduler` bound afresh; the input is not touched by its use. */
export function serviceOf(input: DecisionInput, scheduler: SchedulerName, schedulerFlags: number): Service {
  const service: Service = {
    id: 0,
    key: input.service,
    scheduler,
    schedulerFlags,
    schedulerState: { scheduler: 'lc' },
    persistenceSeconds: 0,
    netmask: ipv4(0xffffffff),
    prefixLength: 128,
    persistenceEngine: undefined,
    onePacket: false,
    destinations: input.destinations.map(destinationOf),
    stats: noCounts(),
  };
  service.schedulerState = SCHEDULERS[scheduler].init(service, contextOf(input));
  return service;
}

/**
 * What the scheduler remembers, cut to what a decision about this request reads. Take it before `schedule`;
 * of twos after, for its draws.
 */
export function decisionState(state: SchedulerState, request: ScheduleRequest): DecisionState {
  switch (state.scheduler) {
    case 'rr':
      return { scheduler: 'rr', last: state.last };
    case 'wrr':
      return { scheduler: 'wrr', cl: state.cl, cw: state.cw, mw: state.mw, di: state.di };
    case 'lblc':
      return { scheduler: 'lblc', cached: state.cache.get(request.destination)?.destination };
    case 'lblcr':
      return { scheduler: 'lblcr', set: state.cache.get(request.destination)?.set.slice() };
    case 'twos':
      return { scheduler: 'twos', draw1: state.draw1, draw2: state.draw2 };
    default:
      return { scheduler: state.scheduler };
  }
}

/** The recorded part of a scheduler's state, laid over the fresh state of a service from `serviceOf`. */
export function restoreState(service: Service, input: DecisionInput): void {
  const { state } = input;
  const now: SimTime = input.time;
  const live = service.schedulerState;
  if (state.scheduler === 'rr' && live.scheduler === 'rr') {
    live.last = state.last;
  } else if (state.scheduler === 'wrr' && live.scheduler === 'wrr') {
    const index = service.destinations.findIndex((one) => one.id === state.cl);
    Object.assign(live, { cl: state.cl, index, cw: state.cw, mw: state.mw, di: state.di });
  } else if (state.scheduler === 'lblc' && live.scheduler === 'lblc' && state.cached !== undefined) {
    live.cache.set(input.request.destination, { destination: state.cached, lastUse: now });
  } else if (state.scheduler === 'lblcr' && live.scheduler === 'lblcr' && state.set !== undefined) {
    const entry: LblcrEntry = { set: [...state.set], lastUse: now, lastMod: now };
    live.cache.set(input.request.destination, entry);
  } else if (state.scheduler === 'twos' && live.scheduler === 'twos') {
    live.draw1 = state.draw1;
    live.draw2 = state.draw2;
  }
}
