import { formatEndpoint, type Ipv4, ipv4, parseIpv4, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { deleteService, FORWARD_MASQ, FORWARD_ROUTE, FORWARD_TUNNEL, type ServiceKey } from '@lvscope/ipvs';
import { type Host, type NetInterface, sendMessage } from '@lvscope/net';
import { parseLvsCf, parsePrefix, type PiranhaConfig, type PiranhaVirtual } from '@lvscope/syntax';
import { readFile } from '../files.ts';
import { noteRole } from '../ha/roles.ts';
import { ipvsOf } from '../machines.ts';
import type { Daemon, DaemonCall } from '../processes/daemons.ts';
import { journal } from '../processes/journal.ts';
import { openDatagrams } from '../processes/sockets.ts';
import type { Message } from '../processes/state.ts';
import { endProcess, setAlarm } from '../processes/table.ts';
import { HOOKS } from '../wiring.ts';
import { dropAddress, type MovingAddress, sayAddress, takeAddress } from './addresses.ts';
import { beginCheck, type CheckResult, checkResults, endCheck, type PendingCheck } from './checks.ts';
import { arm, disarm, type Due, nextDue, takeDue } from './due.ts';
import { makeService, type Pool, type PoolServer, putServer, takeServer } from './pool.ts';
import { hostOf } from './resources.ts';
import { bytesOf, fieldsOf } from './text.ts';

const CONFIG_FILE = '/etc/sysconfig/ha/lvs.cf';
const SECOND = 1e9;
/** Gratuitous ARPs of a take-over, one a second. */
const ARP_TIMES = 5;
const METHODS: Readonly<Record<string, number>> = {
  direct: FORWARD_ROUTE,
  nat: FORWARD_MASQ,
  tunnel: FORWARD_TUNNEL,
};

/** A server that nanny watches. */
interface Watched extends PoolServer {
  readonly pool: number;
  readonly weight: number;
  up: boolean;
}

interface Watch extends Pool {
  readonly label: string;
  readonly vip: MovingAddress | undefined;
  /** Seconds between two checks, and before a server that answers again is used. */
  readonly timeoutSeconds: number;
  readonly reentrySeconds: number;
  readonly quiesces: boolean;
  readonly wantsAnswer: boolean;
}

interface PulseState {
  readonly primary: boolean;
  readonly partner: Ipv4;
  readonly port: number;
  readonly keepaliveSeconds: number;
  readonly deadSeconds: number;
  readonly backupActive: boolean;
  readonly watches: Watch[];
  readonly servers: Watched[];
  readonly pending: PendingCheck[];
  readonly due: Due[];
  active: boolean;
  /** When it began to serve. */
  activeSince: number;
  arpsLeft: number;
}

const stateOf = ({ process }: DaemonCall): PulseState => process.state as PulseState;

function begin(call: DaemonCall): string | undefined {
  const { world, process } = call;
  const text = readFile(world, process.host, CONFIG_FILE);
  if (text === undefined) return `failed to open ${CONFIG_FILE}`;
  const { config, warnings } = parseLvsCf(text);
  for (const { line, text: what } of warnings) journal(world, process, `${CONFIG_FILE}:${line}: ${what}`);
  const host = hostOf(call);
  const primary = parseIpv4(config.settings['primary'] ?? '') ?? ipv4(0);
  const backup = parseIpv4(config.settings['backup'] ?? '') ?? ipv4(0);
  if (!host.local.has(primary) && !host.local.has(backup)) {
    return 'neither the primary nor the backup address is on this machine';
  }
  process.state = stateFrom(config, host.local.has(primary), host.local.has(primary) ? backup : primary);
  const state = stateOf(call);
  const socket = openDatagrams(world, process, { sourcePort: state.port });
  if (typeof socket !== 'number') return 'bind() failed: Address already in use';
  journal(world, process, `STARTING PULSE AS ${state.primary ? 'MASTER' : 'BACKUP'}`);
  if (state.primary) activate(call);
  else {
    noteActive(call);
    arm(state.due, 'dead', 0, world.sim.now + state.deadSeconds * SECOND);
  }
  beat(call);
  setAlarm(world, process, nextDue(state.due));
  return undefined;
}

function stateFrom(config: PiranhaConfig, primary: boolean, partner: Ipv4): PulseState {
  const number = (key: string, otherwise: number): number => Number(config.settings[key] ?? otherwise);
  const state: PulseState = {
    primary,
    partner,
    port: number('heartbeat_port', 539),
    keepaliveSeconds: number('keepalive', 6),
    deadSeconds: number('deadtime', 18),
    backupActive: config.settings['backup_active'] === '1',
    watches: [],
    servers: [],
    pending: [],
    due: [],
    active: false,
    activeSince: 0,
    arpsLeft: 0,
  };
  const method = METHODS[config.settings['network'] ?? 'direct'] ?? FORWARD_ROUTE;
  for (const virtual of config.virtuals) {
    if (virtual.settings['active'] !== '0') addWatch(state, virtual, method);
  }
  return state;
}

function addWatch(state: PulseState, { settings, servers }: PiranhaVirtual, method: number): void {
  const [quad = '', device = 'eth0'] = (settings['address'] ?? '').split(/\s+/);
  const address = parseIpv4(quad) ?? ipv4(0);
  const port = Number(settings['port'] ?? 80);
  const protocol = settings['protocol'] === 'udp' ? PROTO_UDP : PROTO_TCP;
  const mark = Number(settings['fwmark'] ?? 0);
  const key: ServiceKey =
    mark > 0 ? { kind: 'fwmark', mark, family: 4 } : { kind: 'address', protocol, address, port };
  const prefix = parsePrefix(`${quad}/32`);
  const pool = state.watches.length;
  state.watches.push({
    key,
    label: formatEndpoint(address, port),
    settings: {
      scheduler: settings['scheduler'] ?? 'wlc',
      schedulerFlags: 0,
      persistenceSeconds: Number(settings['persistent'] ?? 0),
      netmask: parseIpv4(settings['pmask'] ?? '') ?? ipv4(0xffff_ffff),
      prefixLength: 128,
      persistenceEngine: undefined,
      onePacket: false,
    },
    vip: prefix && { address, prefixLength: 32, device: device.replace(/:.*/, '') },
    timeoutSeconds: Number(settings['timeout'] ?? 6),
    reentrySeconds: Number(settings['reentry'] ?? 15),
    quiesces: settings['quiesce_server'] === '1',
    wantsAnswer: settings['send'] !== undefined,
  });
  for (const server of servers) {
    if (server.settings['active'] === '0') continue;
    const weight = Number(server.settings['weight'] ?? 1);
    state.servers.push({
      address: parseIpv4(server.settings['address'] ?? '') ?? ipv4(0),
      port: method === FORWARD_MASQ ? Number(server.settings['port'] ?? port) : port,
      settings: { method, tunnel: undefined, weight, upperThreshold: 0, lowerThreshold: 0 },
      pool,
      weight,
      up: false,
    });
  }
}

function noteActive(call: DaemonCall): void {
  noteRole(call.world, call.process, 'lvs', stateOf(call).active ? 'MASTER' : 'BACKUP');
}

/** This node serves: addresses, services, gratuitous ARP, and a nanny for each server. */
function activate(call: DaemonCall): void {
  const { world, process } = call;
  const state = stateOf(call);
  if (state.active) return;
  state.active = true;
  state.activeSince = world.sim.now;
  noteActive(call);
  disarm(state.due, 'dead', 0);
  const ipvs = ipvsOf(world, process.host);
  for (const watch of state.watches) {
    journal(
      world,
      process,
      `lvs: starting virtual service ${watch.label} active: ${watch.label.split(':')[1] ?? ''}`,
    );
    if (watch.vip !== undefined) takeAddress(world, hostOf(call), watch.vip);
    if (ipvs !== undefined) makeService(world, ipvs, watch);
  }
  for (const index of state.servers.keys()) arm(state.due, 'check', index, world.sim.now);
  state.arpsLeft = ARP_TIMES;
  arm(state.due, 'arp', 0, world.sim.now);
}

function deactivate(call: DaemonCall): void {
  const { world, process } = call;
  const state = stateOf(call);
  if (!state.active) return;
  state.active = false;
  const ipvs = ipvsOf(world, process.host);
  for (const index of state.servers.keys()) {
    for (const kind of ['check', 'timeout', 'reentry']) disarm(state.due, kind, index);
    endCheck(world, process, state.pending, index);
    state.servers[index]!.up = false;
  }
  disarm(state.due, 'arp', 0);
  for (const watch of state.watches) {
    if (ipvs !== undefined) deleteService(ipvs, world.sim, watch.key);
    if (watch.vip !== undefined) dropAddress(world, hostOf(call), watch.vip);
    journal(world, process, `lvs: shutting down virtual service ${watch.label}`);
  }
  noteActive(call);
}

function beat(call: DaemonCall): void {
  const state = stateOf(call);
  say(call, state.active ? 'active' : 'passive');
  arm(state.due, 'beat', 0, call.world.sim.now + state.keepaliveSeconds * SECOND);
}

function say(call: DaemonCall, word: string): void {
  const state = stateOf(call);
  const host = hostOf(call);
  const nic = towards(host, state.partner);
  if (nic === undefined) return;
  sendMessage(call.world, HOOKS, host, nic, {
    protocol: PROTO_UDP,
    source: nic.addresses[0]?.address ?? ipv4(0),
    sourcePort: state.port,
    destination: state.partner,
    destinationPort: state.port,
    ttl: 64,
    bytes: bytesOf(`pulse=${word}\n`),
  });
}

/** The interface in whose network an address lies. */
const towards = (host: Host, address: Ipv4): NetInterface | undefined =>
  host.interfaces.find(
    (nic) =>
      nic.segment >= 0 &&
      nic.addresses.some(
        (own) => own.prefixLength < 32 && (own.address ^ address) >>> (32 - own.prefixLength) === 0,
      ),
  );

/** The partner speaks. The primary serves whenever it is there; the backup steps back for it. */
function heard(call: DaemonCall, word: string | undefined): void {
  const { world, process } = call;
  const state = stateOf(call);
  if (state.primary || word === undefined) return;
  if (word === 'shutdown') return partnerDead(call);
  arm(state.due, 'dead', 0, world.sim.now + state.deadSeconds * SECOND);
  if (word !== 'active' || !state.active) return;
  journal(world, process, 'partner active: resuming slave mode');
  deactivate(call);
}

function partnerDead(call: DaemonCall): void {
  const state = stateOf(call);
  if (state.active || !state.backupActive) return;
  journal(call.world, call.process, 'partner dead: activating lvs');
  activate(call);
}

function checkServer(call: DaemonCall, index: number): void {
  const { world, process } = call;
  const state = stateOf(call);
  const { address, port, pool } = state.servers[index]!;
  const { wantsAnswer, timeoutSeconds } = state.watches[pool]!;
  const failed = beginCheck(world, process, state.pending, index, { address, port, wantsAnswer });
  if (failed !== undefined) return checked(call, failed);
  arm(state.due, 'timeout', index, world.sim.now + timeoutSeconds * SECOND);
}

/** nanny: down at the first failure, back after it has answered for `reentry`. */
function checked(call: DaemonCall, { index, ok }: CheckResult): void {
  const { world, process } = call;
  const state = stateOf(call);
  const server = state.servers[index]!;
  const watch = state.watches[server.pool]!;
  const ipvs = ipvsOf(world, process.host);
  disarm(state.due, 'timeout', index);
  arm(state.due, 'check', index, world.sim.now + watch.timeoutSeconds * SECOND);
  const label = formatEndpoint(server.address, server.port);
  if (!ok) {
    disarm(state.due, 'reentry', index);
    if (!server.up || ipvs === undefined) return;
    server.up = false;
    journal(world, process, `nanny: [inactive] shutting down ${label} due to connection failure`);
    if (watch.quiesces) putServer(world, ipvs, watch, server, 0);
    else takeServer(world, ipvs, watch, server);
    return;
  }
  if (server.up || state.due.some((due) => due.kind === 'reentry' && due.index === index)) return;
  // at the start a server is used at its first answer
  const isFresh = world.sim.now - state.activeSince < watch.reentrySeconds * SECOND;
  const wait = isFresh ? 0 : watch.reentrySeconds;
  arm(state.due, 'reentry', index, world.sim.now + wait * SECOND);
}

function reenter(call: DaemonCall, index: number): void {
  const { world, process } = call;
  const state = stateOf(call);
  const server = state.servers[index]!;
  const ipvs = ipvsOf(world, process.host);
  if (ipvs === undefined || server.up) return;
  server.up = true;
  journal(
    world,
    process,
    `nanny: [ active ] making ${formatEndpoint(server.address, server.port)} available`,
  );
  putServer(world, ipvs, state.watches[server.pool]!, server, server.weight);
}

function wake(call: DaemonCall, messages: readonly Message[]): void {
  const { world, process } = call;
  const state = stateOf(call);
  for (const message of messages) {
    if (message.kind !== 'datagram' || message.content === undefined) continue;
    heard(call, fieldsOf(message.content).get('pulse'));
  }
  for (const result of checkResults(world, process, state.pending, messages)) checked(call, result);
  for (let due = takeDue(state.due, world.sim.now); due !== undefined; ) {
    carryOut(call, due);
    due = takeDue(state.due, world.sim.now);
  }
  setAlarm(world, process, nextDue(state.due));
}

function carryOut(call: DaemonCall, { kind, index }: Due): void {
  const { world, process } = call;
  const state = stateOf(call);
  switch (kind) {
    case 'beat':
      return beat(call);
    case 'dead':
      return partnerDead(call);
    case 'check':
      return checkServer(call, index);
    case 'timeout': {
      const failed = endCheck(world, process, state.pending, index);
      return failed && checked(call, failed);
    }
    case 'reentry':
      return reenter(call, index);
    case 'arp':
      return announceNext(call);
  }
}

function announceNext(call: DaemonCall): void {
  const { world, process } = call;
  const state = stateOf(call);
  if (state.arpsLeft === 0) return;
  for (const { vip } of state.watches) if (vip !== undefined) sayAddress(world, hostOf(call), vip);
  if (--state.arpsLeft > 0) arm(state.due, 'arp', 0, world.sim.now + SECOND);
  else journal(world, process, 'gratuitous lvs arps finished');
}

/** pulse of Piranha, with the lvs and nanny processes that it starts. */
export const PULSE: Daemon = {
  start: begin,
  wake,
  signal: (call, signal) => {
    const { world, process } = call;
    if (signal !== 'TERM' && signal !== 'INT') return;
    journal(world, process, 'Terminating due to signal 15');
    deactivate(call);
    say(call, 'shutdown');
    endProcess(world, process, 0);
  },
  status: (call) => [stateOf(call).active ? 'active: serves' : 'passive: listens'],
};
