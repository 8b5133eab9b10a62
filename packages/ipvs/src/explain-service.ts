import { type RandomStream, simTime } from '@lvscope/des';
import { ipv4 } from '@lvscope/inet';
import type { DecisionDestination, DecisionInput } from './explain-types.ts';
import { KERNEL_PROFILES } from './kernel-profile.ts';
import { SCHEDULERS } from './schedulers/index.ts';
import type { SchedulerContext, SchedulerName } from './schedulers/types.ts';
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
    routeMadeBy: -1,
    routeMadeAt: -1,
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
    settled: noStats(),
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
    recordedList: -1,
  };
  service.schedulerState = SCHEDULERS[scheduler].init(service, contextOf(input));
  return service;
}
