import {
  addTimerBank,
  createSimulation,
  nextInt,
  type RandomStream,
  schedule,
  type SimTime,
  stream,
} from '@lvscope/des';
import { ipv4, parseIpv4, parseMac } from '@lvscope/inet';
import { createIpvs } from '@lvscope/ipvs';
import {
  addHost,
  addInterface,
  addSegment,
  createNetwork,
  type Host,
  setFixedCache,
  turnToPackets,
} from '@lvscope/net';
import type { HostSpec, Scenario, ServerSpec, WorkloadSpec } from '@lvscope/scenario';
import { createClientTable } from './client-table.ts';
import * as kinds from './events.ts';
import { registerDaemons } from './daemons/register.ts';
import { execute } from './execute.ts';
import { writeFile } from './files.ts';
import { checkScenario, type ScenarioFault } from './faults.ts';
import { scheduleTimeline } from './loop.ts';
import { connectHost } from './cabling.ts';
import { createHaState } from './ha/state.ts';
import { createObservation, scheduleSample } from './observe.ts';
import { createProbe } from './probe-state.ts';
import { createProcessTable } from './processes/state.ts';
import type { Programs } from './programs.ts';
import { parsePrefix } from '@lvscope/syntax';
import { start } from './server/control.ts';
import { setUpLines } from './set-up.ts';
import { createServerTable } from './server-table.ts';
import type { Server, Target, Workload, World } from './world.ts';

export type Created =
  | { readonly ok: true; readonly world: World }
  | { readonly ok: false; readonly faults: readonly ScenarioFault[] };

/**
 * Makes a scenario into a world at time 0: networks, hosts and routes; then each host's set-up commands,
 * directors'
 * rules last. A command that fails does not stop the world: it stands in the command log with its exit code.
 */
export function createWorld(scenario: Scenario, programs: Programs): Created {
  registerDaemons();
  const faults = checkScenario(scenario);
  if (faults.length > 0) return { ok: false, faults };
  const world = emptyWorld(scenario);
  for (const network of scenario.networks) {
    const prefix = parsePrefix(network.prefix)!;
    addSegment(world.sim, world.net, {
      name: network.name,
      network: prefix.address,
      prefixLength: prefix.prefixLength,
      mtu: network.mtu,
      delayNs: Math.floor(network.delayUs * 1000),
      jitterNs: Math.floor(network.jitterUs * 1000),
      queuePackets: network.queuePackets,
      bandwidthBitsPerSecond: network.bandwidthMbps * 1e6,
      loss: network.loss,
    });
  }
  for (const spec of scenario.hosts) buildHost(world, spec);
  for (const [i, spec] of scenario.hosts.entries()) connectHost(world, spec, i, faults);
  if (faults.length > 0) return { ok: false, faults };
  for (const spec of scenario.services) addServers(world, spec);
  for (const spec of scenario.workloads) addWorkload(world, spec);
  for (const spec of scenario.hosts) setUp(world, programs, spec);
  scheduleRun(world);
  return { ok: true, world };
}

function emptyWorld(scenario: Scenario): World {
  const sim = createSimulation(scenario.seed);
  const net = createNetwork(sim, {
    arrive: kinds.EVENT_PACKET_ARRIVES,
    process: kinds.EVENT_PACKET_PROCESSED,
    neighbour: kinds.EVENT_NEIGHBOUR,
    socketTimer: kinds.EVENT_SOCKET_TIMER,
  });
  if (scenario.detail === 'packet') {
    turnToPackets(net, { frame: kinds.EVENT_FRAME, neighbour: kinds.EVENT_NEIGHBOUR_TIMER });
  }
  return {
    scenario,
    sim,
    net,
    directors: [],
    hostByAddress: new Map(),
    servers: [],
    serversAt: new Map(),
    connections: createServerTable(),
    datagrams: new Map(),
    workloads: [],
    clients: createClientTable(),
    pages: { free: [], source: [], objectsLeft: [], agents: [] },
    askers: new Map(),
    probe: createProbe(),
    observation: createObservation(scenario.workloads.length),
    ha: createHaState(scenario.workloads.length),
    bootsAt: new Map(),
    commands: [],
    processes: createProcessTable(sim),
    sysctls: new Map(),
    files: new Map(),
    timers: {
      client: addTimerBank(sim, kinds.EVENT_CLIENT_TIMER),
      server: addTimerBank(sim, kinds.EVENT_SERVER_TIMER),
    },
    timelineNext: 0,
  };
}

function buildHost(world: World, spec: HostSpec): Host {
  const { net, sim } = world;
  const host = addHost(net, { name: spec.name, role: spec.role, kernel: spec.kernel });
  host.packetCostNs = spec.packetCostNs;
  for (const nic of spec.interfaces) {
    if (nic.name === 'lo') continue;
    const segment = net.segments.find((s) => s.name === nic.network);
    const up = nic.name !== 'tunl0' || nic.addresses.length > 0;
    const mac = parseMac(nic.mac);
    addInterface(net, host, {
      name: nic.name,
      up,
      ...(segment !== undefined && { segment }),
      ...(mac !== undefined && { mac }),
    });
  }
  for (const nic of host.interfaces) {
    if (spec.arpCache !== undefined && nic.segment >= 0) setFixedCache(net, nic, spec.arpCache);
  }
  if (!host.interfaces.some((nic) => nic.name === 'tunl0'))
    addInterface(net, host, { name: 'tunl0', up: false });
  if (spec.role === 'director') {
    const ipvs = createIpvs(sim, {
      director: world.directors.length,
      kernel: spec.kernel,
      timerKind: kinds.EVENT_IPVS_TIMER,
      tickKind: kinds.EVENT_IPVS_TICK,
    });
    world.directors.push({ name: spec.name, host: host.id, ipvs, sync: [] });
  }
  return host;
}

function addServers(world: World, spec: ServerSpec): void {
  for (const hostName of spec.on) {
    const server: Server = {
      name: spec.name,
      hostName,
      host: world.net.hostByName.get(hostName)!.id,
      spec,
      listener: -1,
      state: 'stopped',
      workersBusy: 0,
      waiting: [],
      streams: {
        service: stream(world.sim, `service/${spec.name}@${hostName}`),
        response: stream(world.sim, `response/${spec.name}@${hostName}`),
      },
      requestsServed: 0,
      connectionsAccepted: 0,
    };
    const index = world.servers.push(server) - 1;
    const there = world.serversAt.get(server.host);
    if (there === undefined) world.serversAt.set(server.host, [index]);
    else there.push(index);
  }
}

function targetOf(text: string): Target {
  const [quad = '', port = '0'] = text.split(':');
  return { address: parseIpv4(quad) ?? ipv4(0), port: Number(port) };
}

/** Every machine was switched on at another time. */
const clocksOf = (machines: number, boot: RandomStream): number[] =>
  Array.from({ length: machines }, () => nextInt(boot, 0x7fffffff));

function addWorkload(world: World, spec: WorkloadSpec): void {
  const named = (what: string) => stream(world.sim, `${what}/${spec.name}`);
  const workload: Workload = {
    name: spec.name,
    index: world.workloads.length,
    host: world.net.hostByName.get(spec.on)!.id,
    spec,
    firstSource: parseIpv4(spec.sources.first)!,
    targets: spec.targets.map(targetOf),
    clocks: clocksOf(spec.machines ?? 0, named('clocks')),
    sources: spec.sources.count,
    keepAlive: spec.keepAlive,
    concurrency: spec.kind === 'closed' ? spec.concurrency : 0,
    ratePerSecond: spec.kind === 'open' ? spec.ratePerSecond : 0,
    requestsPerConnection: spec.requestsPerConnection,
    running: false,
    users: [],
    connections: 0,
    arrivalEpoch: 0,
    streams: {
      arrivals: named('arrivals'),
      sources: named('sources'),
      targets: named('targets'),
      requests: named('requests'),
      think: named('think'),
    },
    started: 0,
    succeeded: 0,
    bytesReceived: 0,
    failures: { refused: 0, reset: 0, timeout: 0, unreachable: 0, 'ports-exhausted': 0 },
  };
  world.workloads.push(workload);
}

function setUp(world: World, programs: Programs, spec: HostSpec): void {
  for (const [path, text] of Object.entries(spec.files ?? {})) writeFile(world, spec.name, path, text);
  for (const line of setUpLines(spec)) execute(world, programs, spec.name, line, 'setup');
}

function scheduleRun(world: World): void {
  const at = (seconds: number): SimTime => Math.floor(seconds * 1e9) as SimTime;
  for (const [i, server] of world.servers.entries()) start(world, i, server);
  scheduleSample(world);
  scheduleTimeline(world);
  for (const w of world.workloads) {
    schedule(world.sim, at(w.spec.startSeconds), kinds.EVENT_WORKLOAD_START, w.index, 0);
    if (w.spec.stopSeconds > 0) {
      schedule(world.sim, at(w.spec.stopSeconds), kinds.EVENT_WORKLOAD_STOP, w.index, 0);
    }
  }
}
