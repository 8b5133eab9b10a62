import type { Simulation } from '@lvscope/des';
import type { Ipv4 } from '@lvscope/inet';
import { schedulerContext } from './context.ts';
import { removeDestination } from './destinations.ts';
import type { IpvsError, IpvsResult } from './errors.ts';
import { createStats, zeroCountedStats } from './estimator.ts';
import { SCHEDULERS } from './schedulers/index.ts';
import type { SchedulerName } from './schedulers/types.ts';
import type { CountedStats, Service, ServiceKey } from './service.ts';
import { findService, indexService, unindexService } from './service-index.ts';
import type { Ipvs } from './state.ts';
import { startEstimator, startMinute } from './ticks.ts';

/** What -A and -E set; both set all of it. */
export interface ServiceSettings {
  /** A kernel module's name; an unknown one is refused. */
  readonly scheduler: string;
  /** SCHED_FLAG_* bits. */
  readonly schedulerFlags: number;
  /** 0 = not persistent. */
  readonly persistenceSeconds: number;
  readonly netmask: Ipv4;
  /** IPv6 only. */
  readonly prefixLength: number;
  readonly persistenceEngine: string | undefined;
  readonly onePacket: boolean;
}

export interface ServiceSpec extends ServiceSettings {
  readonly key: ServiceKey;
}

const ALREADY: IpvsError = { code: 'EEXIST', what: 'service' };
const NO_SERVICE: IpvsError = { code: 'ESRCH', what: 'service' };
const NO_SCHEDULER: IpvsError = { code: 'ENOENT', what: 'scheduler' };
const NO_ENGINE: IpvsError = { code: 'ENOENT', what: 'persistence-engine' };

/** Whether this kernel has the module. */
function schedulerOf(ipvs: Ipvs, name: string): SchedulerName | undefined {
  return ipvs.kernel.schedulers.includes(name) ? (name as SchedulerName) : undefined;
}

/**
 * The services in the order of their creation. The kernel's own order is that of a hash table: compare as a
 * set.
 */
export function services(ipvs: Ipvs): readonly Service[] {
  return ipvs.services;
}

/**
 * `ipvsadm -A`.
 * @returns EEXIST for an equal key, ENOENT for a scheduler or persistence engine that the kernel lacks
 */
export function addService(ipvs: Ipvs, sim: Simulation, spec: ServiceSpec): IpvsResult {
  if (findService(ipvs, spec.key) !== undefined) return ALREADY;
  const scheduler = schedulerOf(ipvs, spec.scheduler);
  if (scheduler === undefined) return NO_SCHEDULER;
  const engine = spec.persistenceEngine;
  if (engine !== undefined && engine !== 'sip') return NO_ENGINE;
  const service: Service = {
    id: ipvs.servicesById.length,
    key: spec.key,
    scheduler,
    schedulerFlags: spec.schedulerFlags,
    schedulerState: { scheduler: 'lc' },
    persistenceSeconds: spec.persistenceSeconds,
    netmask: spec.netmask,
    prefixLength: spec.prefixLength,
    persistenceEngine: engine,
    onePacket: spec.onePacket,
    destinations: [],
    stats: createStats(),
    recordedList: -1,
  };
  service.schedulerState = SCHEDULERS[scheduler].init(service, schedulerContext(ipvs, sim));
  ipvs.services.push(service);
  ipvs.servicesById.push(service);
  indexService(ipvs.lookup, service);
  startEstimator(ipvs, sim);
  if (SCHEDULERS[scheduler].everyMinute !== undefined) startMinute(ipvs, sim);
  return undefined;
}

/**
 * `ipvsadm -E`: every setting becomes what is given. Another scheduler starts with fresh state; the same
 * one keeps its.
 * @returns ESRCH for an unknown service, ENOENT for a scheduler or persistence engine that the kernel lacks
 */
export function editService(
  ipvs: Ipvs,
  sim: Simulation,
  key: ServiceKey,
  settings: ServiceSettings,
): IpvsResult {
  const service = findService(ipvs, key);
  if (service === undefined) return NO_SERVICE;
  const scheduler = schedulerOf(ipvs, settings.scheduler);
  if (scheduler === undefined) return NO_SCHEDULER;
  const engine = settings.persistenceEngine;
  if (engine !== undefined && engine !== 'sip') return NO_ENGINE;
  service.schedulerFlags = settings.schedulerFlags;
  service.persistenceSeconds = settings.persistenceSeconds;
  service.netmask = settings.netmask;
  service.prefixLength = settings.prefixLength;
  service.persistenceEngine = engine;
  service.onePacket = settings.onePacket;
  if (scheduler !== service.scheduler) {
    service.scheduler = scheduler;
    service.schedulerState = SCHEDULERS[scheduler].init(service, schedulerContext(ipvs, sim));
    if (SCHEDULERS[scheduler].everyMinute !== undefined) startMinute(ipvs, sim);
  }
  return undefined;
}

function unlinkService(ipvs: Ipvs, sim: Simulation, service: Service): void {
  unindexService(ipvs.lookup, service);
  ipvs.services.splice(ipvs.services.indexOf(service), 1);
  while (service.destinations.length > 0) removeDestination(ipvs, sim, service, 0, false);
}

/** `ipvsadm -D`: its servers go to the trash, its connections stay. @returns ESRCH for an unknown service */
export function deleteService(ipvs: Ipvs, sim: Simulation, key: ServiceKey): IpvsResult {
  const service = findService(ipvs, key);
  if (service === undefined) return NO_SERVICE;
  unlinkService(ipvs, sim, service);
  return undefined;
}

/** `ipvsadm -C`: all services go; the connection table stays. */
export function flush(ipvs: Ipvs, sim: Simulation): void {
  while (ipvs.services.length > 0) unlinkService(ipvs, sim, ipvs.services[0]!);
}

/**
 * `ipvsadm -Z`, of one service and its servers or of everything.
 * @returns ESRCH for an unknown service
 */
export function zeroStats(ipvs: Ipvs, key: ServiceKey | undefined): IpvsResult {
  if (key === undefined) {
    for (const service of ipvs.services) zeroService(service);
    zeroCountedStats(ipvs.total);
    return undefined;
  }
  const service = findService(ipvs, key);
  if (service === undefined) return NO_SERVICE;
  zeroService(service);
  return undefined;
}

function zeroService(service: Service): void {
  for (const destination of service.destinations) zeroCountedStats(destination.stats);
  zeroCountedStats(service.stats);
}

/** The counters of the whole director (/proc/net/ip_vs_stats). */
export function totals(ipvs: Ipvs): CountedStats {
  return ipvs.total;
}
