import { NEVER, type Simulation } from '@lvscope/des';
import type { Ipv4 } from '@lvscope/inet';
import { settleDestination } from './account.ts';
import { schedulerContext } from './context.ts';
import type { IpvsError, IpvsResult } from './errors.ts';
import { createStats, zeroCountedStats, zeroCounters } from './estimator.ts';
import { isMixed } from './families.ts';
import { SCHEDULERS } from './schedulers/index.ts';
import type { Destination, Service, ServiceKey, TunnelOptions } from './service.ts';
import { findService, keyText } from './service-index.ts';
import type { Ipvs } from './state.ts';
import { remarkAfterEdit } from './thresholds.ts';
import { startSweep } from './ticks.ts';
import { discard, reclaim } from './trash.ts';

/** What -a and -e set; both set all of it. */
export interface DestinationSettings {
  /** FORWARD_MASQ, FORWARD_TUNNEL or FORWARD_ROUTE. */
  readonly method: number;
  readonly tunnel: TunnelOptions | undefined;
  /** 0 or more. */
  readonly weight: number;
  /** 0 = none. */
  readonly upperThreshold: number;
  /** Not above the upper one. */
  readonly lowerThreshold: number;
}

/** A real server within its service. `address6` names an IPv6 server; `address` is then ignored. */
export interface DestinationKey {
  readonly address: Ipv4;
  readonly address6?: string | undefined;
  readonly port: number;
}

const NO_SERVICE: IpvsError = { code: 'ESRCH', what: 'service' };
const ALREADY: IpvsError = { code: 'EEXIST', what: 'destination' };
const NOT_TAKEN: IpvsError = { code: 'EINVAL', what: 'destination' };
const NO_DESTINATION: IpvsError = { code: 'ENOENT', what: 'destination' };

function refusal(settings: DestinationSettings): IpvsResult {
  if (settings.weight < 0) return { code: 'ERANGE', what: 'weight' };
  if (settings.lowerThreshold > settings.upperThreshold) return { code: 'ERANGE', what: 'threshold' };
  if (settings.tunnel?.type === 'gue' && settings.tunnel.port === 0) {
    return { code: 'EINVAL', what: 'tunnel' };
  }
  return undefined;
}

/** The services that run daemons of sync have no server of the other family (ip_vs_genl_set_cmd). */
function isUntold(ipvs: Ipvs, key: ServiceKey, server: DestinationKey): boolean {
  return ipvs.daemons.length > 0 && isMixed(key, server);
}

/** What ipv6_addr_type() calls no unicast, or of one link: ::, mapped IPv4, fe80::/10, groups. */
const NOBODY6 = /^(::$|::ffff:|fe[89ab][0-9a-f]:|ff)/;

/** What inet_addr_type() calls neither unicast nor local: 0.0.0.0, groups, broadcasts. */
function isNobody(ipvs: Ipvs, { address, address6 }: DestinationKey): boolean {
  if (address6 !== undefined) return NOBODY6.test(address6);
  if (ipvs.localBroadcasts.has(address)) return true;
  return address === 0 || address >>> 28 === 0xe || address >>> 0 === 0xffffffff;
}

function sameServer(d: Destination, server: DestinationKey): boolean {
  if (d.port !== server.port || d.address6 !== server.address6) return false;
  return server.address6 !== undefined || d.address === server.address;
}

function indexOf(service: Service, server: DestinationKey): number {
  return service.destinations.findIndex((d) => sameServer(d, server));
}

/** The server of a service, undefined where there is none. */
export function findDestination(service: Service, server: DestinationKey): Destination | undefined {
  return service.destinations[indexOf(service, server)];
}

function apply(d: Destination, settings: DestinationSettings): void {
  d.method = settings.method;
  d.routeMadeBy = -1;
  d.tunnel = settings.tunnel;
  d.weight = settings.weight;
  d.upperThreshold = settings.upperThreshold;
  d.lowerThreshold = settings.lowerThreshold;
}

function create(ipvs: Ipvs, service: Service, server: DestinationKey): Destination {
  const destination: Destination = {
    id: ipvs.destinationsById.length,
    serviceId: service.id,
    address: server.address,
    address6: server.address6,
    port: server.port,
    method: 0,
    tunnel: undefined,
    routeMadeBy: -1,
    routeMadeAt: -1,
    weight: 0,
    lastWeight: 0,
    upperThreshold: 0,
    lowerThreshold: 0,
    available: false,
    overloaded: false,
    activeConns: 0,
    inactConns: 0,
    persistConns: 0,
    references: 0,
    idleSince: NEVER,
    stats: createStats(),
    settled: zeroCounters(),
  };
  ipvs.destinationsById.push(destination);
  return destination;
}

/**
 * `ipvsadm -a`: the server comes to the head of the service's list. One that is still in the trash for this
 * service is revived with its connections and counters.
 * @returns ESRCH without the service, EEXIST for the same address and port, ERANGE for weight or thresholds,
 * EINVAL for an address of no single host, and for one of the other family while a sync daemon runs
 */
export function addDestination(
  ipvs: Ipvs,
  sim: Simulation,
  key: ServiceKey,
  server: DestinationKey,
  settings: DestinationSettings,
): IpvsResult {
  const service = findService(ipvs, key);
  if (service === undefined) return NO_SERVICE;
  if (isUntold(ipvs, key, server)) return NOT_TAKEN;
  const refused = refusal(settings);
  if (refused !== undefined) return refused;
  if (indexOf(service, server) >= 0) return ALREADY;
  const revived = reclaim(ipvs, keyText(key), (d) => sameServer(d, server));
  if (revived === undefined && isNobody(ipvs, server)) return NOT_TAKEN;
  const destination = revived ?? create(ipvs, service, server);
  if (revived !== undefined && revived.serviceId !== service.id) zeroCountedStats(revived.stats);
  destination.serviceId = service.id;
  destination.lastWeight = settings.weight;
  apply(destination, settings);
  destination.available = true;
  remarkAfterEdit(destination);
  service.destinations.unshift(destination);
  service.recordedList = -1;
  SCHEDULERS[service.scheduler].changed(service, 'add', destination, 0, schedulerContext(ipvs, sim));
  return undefined;
}

/**
 * `ipvsadm -e`: every setting becomes what is given; the place in the list stays.
 * @returns ESRCH without the service, ENOENT without the server, ERANGE for weight or thresholds, EINVAL for
 * a server of the other address family while connections are told to others
 */
export function editDestination(
  ipvs: Ipvs,
  sim: Simulation,
  key: ServiceKey,
  server: DestinationKey,
  settings: DestinationSettings,
): IpvsResult {
  const service = findService(ipvs, key);
  if (service === undefined) return NO_SERVICE;
  if (isUntold(ipvs, key, server)) return NOT_TAKEN;
  const refused = refusal(settings);
  if (refused !== undefined) return refused;
  const index = indexOf(service, server);
  const destination = service.destinations[index];
  if (destination === undefined) return NO_DESTINATION;
  service.recordedList = -1;
  if (settings.weight !== 0) destination.lastWeight = settings.weight;
  apply(destination, settings);
  remarkAfterEdit(destination);
  SCHEDULERS[service.scheduler].changed(service, 'edit', destination, index, schedulerContext(ipvs, sim));
  return undefined;
}

/** Takes a server out of its service; its connections keep pointing at it in the trash. */
export function removeDestination(
  ipvs: Ipvs,
  sim: Simulation,
  service: Service,
  index: number,
  tellScheduler: boolean,
): void {
  const destination = service.destinations[index]!;
  settleDestination(ipvs, destination);
  destination.available = false;
  service.destinations.splice(index, 1);
  service.recordedList = -1;
  if (tellScheduler) {
    SCHEDULERS[service.scheduler].changed(service, 'delete', destination, index, schedulerContext(ipvs, sim));
  }
  discard(ipvs, sim, destination, keyText(service.key));
  if (ipvs.sysctls.expire_nodest_conn !== 0 && ipvs.kernel.nodestSweepsTable) startSweep(ipvs, sim);
}

/** `ipvsadm -d`. @returns ESRCH without the service, ENOENT without the server */
export function deleteDestination(
  ipvs: Ipvs,
  sim: Simulation,
  key: ServiceKey,
  server: DestinationKey,
): IpvsResult {
  const service = findService(ipvs, key);
  if (service === undefined) return NO_SERVICE;
  const index = indexOf(service, server);
  if (index < 0) return NO_DESTINATION;
  removeDestination(ipvs, sim, service, index, true);
  return undefined;
}
