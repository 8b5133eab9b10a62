import { createSimulation, type SimTime, simTime, stream } from '@lvscope/des';
import { type Ipv4, ipv4, parseIpv4, PROTO_TCP } from '@lvscope/inet';
import { KERNEL_PROFILES, type KernelVersion } from '../../kernel-profile.ts';
import type { CountedStats, Destination, Service, Stats } from '../../service.ts';
import { SCHEDULERS } from '../index.ts';
import type { ScheduleRequest, SchedulerContext, SchedulerName } from '../types.ts';

/** What a test says about a server; everything else has the value of a fresh one. */
export type ServerSpec = Partial<
  Pick<
    Destination,
    | 'address'
    | 'port'
    | 'weight'
    | 'lastWeight'
    | 'activeConns'
    | 'inactConns'
    | 'overloaded'
    | 'upperThreshold'
    | 'lowerThreshold'
  >
>;

const noStats = (): Stats => ({ conns: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 });
const noCounts = (): CountedStats => ({
  live: noStats(),
  folded: noStats(),
  zeroed: noStats(),
  rates: noStats(),
});

/** A dotted quad that is known to be one. */
export function ip(text: string): Ipv4 {
  const address = parseIpv4(text);
  if (address === undefined) throw new Error(`not an address: ${text}`);
  return address;
}

const random = stream(createSimulation(1), 'scheduler');

export function contextAt(now: SimTime = simTime(0), kernel: KernelVersion = '6.1'): SchedulerContext {
  return {
    now,
    kernel: KERNEL_PROFILES[kernel],
    random,
    lblcExpirationSeconds: 86_400,
    lblcrExpirationSeconds: 86_400,
  };
}

/** A connection from `source` to port 80 of the VIP. */
export function from(
  source: Ipv4,
  sourcePort = 40_000,
  destination: Ipv4 = ip('192.168.0.100'),
): ScheduleRequest {
  return { protocol: PROTO_TCP, source, sourcePort, destination, destinationPort: 80 };
}

let lastId = 0;

function destinationOf(spec: ServerSpec): Destination {
  const id = ++lastId;
  const weight = spec.weight ?? 1;
  return {
    id,
    serviceId: 1,
    address: ipv4(0x0a000100 + id),
    address6: undefined,
    port: 80,
    method: 0,
    tunnel: undefined,
    weight,
    routeMadeBy: -1,
    routeMadeAt: -1,
    lastWeight: weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    available: true,
    overloaded: false,
    activeConns: 0,
    inactConns: 0,
    persistConns: 0,
    references: 0,
    idleSince: simTime(0),
    stats: noCounts(),
    settled: noStats(),
    ...spec,
  };
}

/** `ipvsadm -a`: the server stands at the head of the list. */
export function addServer(
  service: Service,
  spec: ServerSpec,
  context: SchedulerContext = contextAt(),
): Destination {
  const destination = destinationOf(spec);
  service.destinations.unshift(destination);
  SCHEDULERS[service.scheduler].changed(service, 'add', destination, 0, context);
  return destination;
}

/** `ipvsadm -e -w`. */
export function editServer(
  service: Service,
  destination: Destination,
  weight: number,
  context: SchedulerContext = contextAt(),
): void {
  destination.weight = weight;
  if (weight !== 0) destination.lastWeight = weight;
  const index = service.destinations.indexOf(destination);
  SCHEDULERS[service.scheduler].changed(service, 'edit', destination, index, context);
}

/** `ipvsadm -d`. */
export function deleteServer(
  service: Service,
  destination: Destination,
  context: SchedulerContext = contextAt(),
): void {
  const index = service.destinations.indexOf(destination);
  service.destinations.splice(index, 1);
  destination.available = false;
  SCHEDULERS[service.scheduler].changed(service, 'delete', destination, index, context);
}

/** A service whose servers were added one after the other, so the last one given is the head of the list. */
export function serviceWith(
  scheduler: SchedulerName,
  specs: readonly ServerSpec[],
  schedulerFlags = 0,
  context: SchedulerContext = contextAt(),
): Service {
  const service: Service = {
    id: 1,
    key: { kind: 'address', protocol: PROTO_TCP, address: ip('192.168.0.100'), port: 80 },
    scheduler,
    schedulerFlags,
    schedulerState: { scheduler: 'lc' },
    persistenceSeconds: 0,
    netmask: ipv4(0xffffffff),
    prefixLength: 128,
    persistenceEngine: undefined,
    onePacket: false,
    destinations: [],
    stats: noCounts(),
    recordedList: -1,
  };
  service.schedulerState = SCHEDULERS[scheduler].init(service, context);
  for (const spec of specs) addServer(service, spec, context);
  return service;
}

/** Schedules and leaves the counters alone. */
export function pick(
  service: Service,
  request: ScheduleRequest = from(ip('10.0.0.1')),
  context: SchedulerContext = contextAt(),
): Destination | undefined {
  return SCHEDULERS[service.scheduler].schedule(service, request, context);
}

/** The servers of `count` decisions in letters: A for the one added first. `-` is nobody. */
export function turns(service: Service, count: number, context: SchedulerContext = contextAt()): string {
  const ids = service.destinations.map((one) => one.id).sort((a, b) => a - b);
  let text = '';
  for (let i = 0; i < count; i++) {
    const chosen = pick(service, undefined, context);
    text += chosen ? String.fromCharCode(65 + ids.indexOf(chosen.id)) : '-';
  }
  return text;
}
