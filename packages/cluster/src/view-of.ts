import { formatEndpoint, formatIpv4, protocolName } from '@lvscope/inet';
import {
  countConnections,
  type Destination,
  FORWARD_LOCAL,
  FORWARD_MASQ,
  FORWARD_TUNNEL,
  isSchedulerName,
  liveOfService,
  type Service,
  type ServiceKey,
  services,
} from '@lvscope/ipvs';
import type { Host } from '@lvscope/net';
import { bypassesOf } from './bypass.ts';
import { percentile } from './histogram.ts';
import { historyAt, LONGEST_WINDOW_SECONDS } from './history.ts';
import { latencyOf, seriesKey } from './observe.ts';
import { seriesSlice } from './series.ts';
import { skewOf } from './skew.ts';
import { hostOfAddress, socketCountsOf } from './transport.ts';
import type { Series, ServerHealth, ServerView, ServiceView, WorkloadView, WorldView } from './view.ts';
import type { Director, Server, Workload, World } from './world.ts';

export const DEFAULT_WINDOW_SECONDS = 60;

/**
 * What the page draws, as of now.
 * @param windowSeconds how far back "new connections", shares, skew and latencies reach; 1 to 600
 */
export function view(world: World, windowSeconds: number = DEFAULT_WINDOW_SECONDS): WorldView {
  const window = Math.max(1, Math.min(LONGEST_WINDOW_SECONDS, Math.floor(windowSeconds)));
  const all: ServiceView[] = [];
  let connections = 0;
  let templates = 0;
  for (const director of world.directors) {
    for (const service of services(director.ipvs)) all.push(serviceView(world, director, service, window));
    connections += countConnections(director.ipvs);
  }
  for (const service of all) for (const server of service.servers) templates += server.persistConns;
  return {
    now: world.sim.now,
    eventsFired: world.sim.eventsFired,
    windowSeconds: window,
    services: all,
    workloads: world.workloads.map((w) => workloadView(world, w, window)),
    troubled: world.net.hosts.flatMap((host) => {
      const health = healthOf(host, programsOn(world, host));
      return health === 'up' ? [] : [{ host: host.name, health }];
    }),
    unplugged: world.net.hosts.flatMap((host) => unpluggedOf(world, host)),
    connections: Math.max(0, connections - templates),
    templates,
    lastDecision: (world.directors[0]?.ipvs.ring.count ?? 0) - 1,
    commandCount: world.commands.length,
  };
}

/**
 * Rows of the time series from `index` on. A changed `stepSeconds` says that all rows were thinned: read
 * from 0.
 */
export function seriesSince(world: World, index: number): Series {
  return seriesSlice(world.observation.series, index);
}

/** The second at which the window begins. */
function windowStart(world: World, window: number): number {
  return Math.floor(world.sim.now / 1e9) - window;
}

function newConnections(world: World, director: Director, d: Destination, window: number): number {
  const history = world.observation.conns.get(seriesKey(world, director, d.id));
  return d.stats.live.conns - historyAt(history, windowStart(world, window));
}

function serviceView(world: World, director: Director, service: Service, window: number): ServiceView {
  const fresh = service.destinations.map((d) => newConnections(world, director, d, window));
  const total = fresh.reduce((sum, n) => sum + n, 0);
  const bypasses = bypassesOf(world, service.key, windowStart(world, window));
  const weights = service.destinations.reduce((sum, d) => sum + d.weight, 0);
  const servers = service.destinations.map((d, i) => {
    const share = total > 0 ? fresh[i]! / total : 0;
    const fairShare = weights > 0 ? d.weight / weights : 0;
    const seriesKeys = keysOf(world, director, service, d);
    return serverView(world, service, d, { newConns: fresh[i]!, share, fairShare, seriesKeys });
  });
  return {
    id: service.id,
    director: director.name,
    label: serviceLabel(service.key),
    option: serviceOption(service.key),
    scheduler: service.scheduler,
    schedulerFlags: flagNames(service),
    persistenceSeconds: service.persistenceSeconds,
    netmask: formatIpv4(service.netmask),
    onePacket: service.onePacket,
    persistenceEngine: service.persistenceEngine,
    servers,
    skew: skewOf(servers),
    conns: liveOfService(service).conns,
    bypassed: bypasses.all,
    bypassShare: bypasses.fresh > 0 ? bypasses.fresh / (bypasses.fresh + total) : 0,
  };
}

/** The columns of a server of a service, on all directors that have both. */
function keysOf(world: World, director: Director, service: Service, d: Destination): string[] {
  const keys = [seriesKey(world, director, d.id)];
  const label = serviceLabel(service.key);
  for (const other of world.directors) {
    if (other === director) continue;
    const same = services(other.ipvs).find((one) => serviceLabel(one.key) === label);
    const there = same?.destinations.find((one) => one.address === d.address && one.port === d.port);
    if (there !== undefined) keys.push(seriesKey(world, other, there.id));
  }
  return keys;
}

function serverView(
  world: World,
  service: Service,
  d: Destination,
  window: Pick<ServerView, 'newConns' | 'share' | 'fairShare' | 'seriesKeys'>,
): ServerView {
  const host = hostOfAddress(world, d.address);
  const programs = host === undefined ? [] : programsFor(world, host, service, d);
  const sum = (of: (server: Server) => number): number => programs.reduce((n, server) => n + of(server), 0);
  const name = host?.name ?? d.address6 ?? formatIpv4(d.address);
  return {
    name,
    host: host?.name,
    destinationId: d.id,
    address: d.address6 ?? formatIpv4(d.address),
    port: d.port,
    method: methodName(d.method),
    weight: d.weight,
    overloaded: d.overloaded,
    upperThreshold: d.upperThreshold,
    lowerThreshold: d.lowerThreshold,
    activeConns: d.activeConns,
    inactConns: d.inactConns,
    persistConns: d.persistConns,
    conns: d.stats.live.conns,
    ...window,
    sockets: host && socketCountsOf(host),
    workersBusy: sum((server) => server.workersBusy),
    workers: sum((server) => server.spec.workers),
    acceptQueue: sum((server) => waitingAt(world, server)),
    requestsServed: sum((server) => server.requestsServed),
    health: host === undefined ? 'off' : healthOf(host, programs),
  };
}

/** Connections, or datagrams, that wait for a worker. */
function waitingAt(world: World, server: Server): number {
  if (server.spec.protocol === 'udp') return server.waiting.length;
  return world.net.listeners[server.listener]?.waiting ?? 0;
}

/** The server programs behind a destination: those on its port, or all where its port says nothing. */
function programsFor(world: World, host: Host, service: Service, d: Destination): Server[] {
  const key = service.key;
  const wanted = d.port !== 0 ? d.port : key.kind === 'fwmark' ? 0 : key.port;
  const there = programsOn(world, host);
  return wanted === 0 ? there : there.filter((server) => server.spec.port === wanted);
}

function programsOn(world: World, host: Host): Server[] {
  return (world.serversAt.get(host.id) ?? []).map((index) => world.servers[index]!);
}

/** The cables of a host that carry nothing, though the host is on. */
function unpluggedOf(world: World, host: Host): WorldView['unplugged'] {
  if (!host.power) return [];
  return host.interfaces
    .filter((nic) => nic.segment >= 0 && !nic.up)
    .map((nic) => ({ host: host.name, network: world.net.segments[nic.segment]!.name }));
}

function healthOf(host: Host, programs: readonly Server[]): ServerHealth {
  if (!host.power) return 'off';
  const wires = host.interfaces.filter((nic) => nic.segment >= 0);
  if (wires.length > 0 && wires.every((nic) => !nic.up)) return 'link-down';
  if (programs.some((server) => server.state === 'hung')) return 'hung';
  return programs.length > 0 && programs.every((server) => server.state === 'stopped') ? 'refusing' : 'up';
}

function methodName(method: number): ServerView['method'] {
  if (method === FORWARD_MASQ) return 'Masq';
  if (method === FORWARD_LOCAL) return 'Local';
  return method === FORWARD_TUNNEL ? 'Tunnel' : 'Route';
}

function serviceLabel(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `FWM ${key.mark}`;
  const address =
    key.kind === 'address' ? formatEndpoint(key.address, key.port) : `[${key.address}]:${key.port}`;
  return `${protocolName(key.protocol)} ${address}`;
}

function serviceOption(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `-f ${key.mark}${key.family === 6 ? ' -6' : ''}`;
  const letter = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' }[protocolName(key.protocol)] ?? '-t';
  const address =
    key.kind === 'address' ? formatEndpoint(key.address, key.port) : `[${key.address}]:${key.port}`;
  return `${letter} ${address}`;
}

const FLAG_NAMES: Readonly<Record<string, readonly string[]>> = {
  sh: ['sh-fallback', 'sh-port'],
  mh: ['mh-fallback', 'mh-port'],
};

function flagNames(service: Service): string[] {
  const named = isSchedulerName(service.scheduler) ? FLAG_NAMES[service.scheduler] : undefined;
  const names: string[] = [];
  for (let bit = 0; bit < 3; bit++) {
    if ((service.schedulerFlags >> bit) & 1) names.push(named?.[bit] ?? `flag-${bit + 1}`);
  }
  return names;
}

function workloadView(world: World, w: Workload, window: number): WorkloadView {
  const latency = latencyOf(world, w.index, window);
  const history = world.observation.workloads[w.index]!.succeeded;
  const start = windowStart(world, window);
  const elapsed = Math.min(window, world.sim.now / 1e9);
  const succeeded = w.succeeded - historyAt(history, start);
  const ms = (share: number): number => percentile(latency, share) / 1000;
  return {
    name: w.name,
    kind: w.spec.kind,
    sources: w.sources,
    keepAlive: w.keepAlive,
    concurrency: w.concurrency,
    ratePerSecond: w.ratePerSecond,
    started: w.started,
    succeeded: w.succeeded,
    failures: { ...w.failures },
    requestsPerSecond: elapsed > 0 ? succeeded / elapsed : 0,
    latencyMs: { p50: ms(0.5), p90: ms(0.9), p99: ms(0.99), max: latency.max / 1000 },
  };
}
