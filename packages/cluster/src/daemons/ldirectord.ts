import { formatEndpoint, ipv4, parseIpv4, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import {
  deleteService,
  FORWARD_MASQ,
  FORWARD_ROUTE,
  FORWARD_TUNNEL,
  type Ipvs,
  type ServiceKey,
} from '@lvscope/ipvs';
import {
  type LdirectordConfig,
  type LdirectordReal,
  type LdirectordVirtual,
  parseLdirectord,
} from '@lvscope/syntax';
import { execute } from '../execute.ts';
import { readFile } from '../files.ts';
import { ipvsOf } from '../machines.ts';
import type { Daemon, DaemonCall } from '../processes/daemons.ts';
import { journal } from '../processes/journal.ts';
import type { Message } from '../processes/state.ts';
import { endProcess, setAlarm } from '../processes/table.ts';
import { beginCheck, type CheckResult, checkResults, endCheck, type PendingCheck } from './checks.ts';
import { arm, disarm, type Due, nextDue, takeDue } from './due.ts';
import { isThere, makeService, type Pool, type PoolServer, putServer, takeServer } from './pool.ts';

const CONFIG_FOLDER = '/etc/ha.d/';
const SECOND = 1e9;
const METHODS = { gate: FORWARD_ROUTE, masq: FORWARD_MASQ, ipip: FORWARD_TUNNEL } as const;
/** ldirectord(8): seconds and times. */
const CHECK_INTERVAL = 10;
const CHECK_TIMEOUT = 5;
const NEGOTIATE_TIMEOUT = 30;

interface Real extends PoolServer {
  readonly virtual: number;
  readonly weight: number;
  failures: number;
  /** Of a combined check: connects since the last request that was answered; Infinity: a request is due. */
  connects: number;
  /** undefined: not checked yet. */
  up: boolean | undefined;
}

interface Virtual extends Pool {
  readonly label: string;
  readonly checkType: string;
  /** `checktype=N`: so many connects between two requests; undefined: not combined. */
  readonly connects: number | undefined;
  readonly checkPort: number;
  readonly connectSeconds: number;
  readonly negotiateSeconds: number;
  readonly failureCount: number;
  /** checkcount: how often a ping is tried before it has failed. */
  readonly pings: number;
  readonly quiescent: boolean;
  readonly fallback: PoolServer | undefined;
  readonly reals: number[];
}

interface LdirectordState {
  readonly file: string;
  readonly intervalSeconds: number;
  readonly virtuals: Virtual[];
  readonly reals: Real[];
  readonly pending: PendingCheck[];
  readonly due: Due[];
  /** The real server that is being checked: one at a time (fork=no). */
  at: number;
  /** `ping -c 1` under way; 0: none. */
  child: number;
  /** Pings of this server's check that got no answer. */
  unanswered: number;
}

const stateOf = ({ process }: DaemonCall): LdirectordState => process.state as LdirectordState;

function begin(call: DaemonCall, args: readonly string[]): string | undefined {
  const { world, process } = call;
  const ipvs = ipvsOf(world, process.host);
  if (ipvs === undefined) return 'ipvsadm or IPVS is not there';
  const [name = 'ldirectord.cf'] = args;
  const file = name.startsWith('/') ? name : CONFIG_FOLDER + name;
  const text = readFile(world, process.host, file);
  if (text === undefined) return `Config file ${file} not found`;
  const { config, warnings } = parseLdirectord(text);
  const [bad] = warnings;
  if (bad !== undefined) return `${bad.text.replace(/: .*/, '')} reading file ${file} at line ${bad.line}`;
  process.state = stateFrom(file, config);
  journal(world, process, 'Linux Director v1.186-ha started with /etc/ha.d/ldirectord.cf');
  const { virtuals, reals, due } = stateOf(call);
  for (const virtual of virtuals) {
    makeService(world, ipvs, virtual);
    journal(world, process, `Added virtual server: ${virtual.label}`);
    for (const index of virtual.reals) {
      const real = reals[index]!;
      if (virtual.quiescent && !isThere(ipvs, virtual, real)) put(call, ipvs, virtual, real, 0, 'Quiescent');
    }
    fallBack(call, ipvs, virtual);
  }
  arm(due, 'check', 0, world.sim.now);
  setAlarm(world, process, nextDue(due));
  return undefined;
}

function stateFrom(file: string, config: LdirectordConfig): LdirectordState {
  const state: LdirectordState = {
    file,
    intervalSeconds: Number(config.settings['checkinterval'] ?? CHECK_INTERVAL),
    virtuals: [],
    reals: [],
    pending: [],
    due: [],
    at: 0,
    child: 0,
    unanswered: 0,
  };
  for (const virtual of config.virtuals) addVirtual(state, config, virtual);
  return state;
}

function addVirtual(state: LdirectordState, config: LdirectordConfig, virtual: LdirectordVirtual): void {
  const get = (key: string): string | undefined => virtual.settings[key] ?? config.settings[key];
  const key = keyOf(virtual);
  const servicePort = key.kind === 'address' ? key.port : 0;
  const checkType = get('checktype') ?? 'negotiate';
  const asked = { check: get('checktimeout'), negotiate: get('negotiatetimeout') };
  const combined = /^\d+$/.test(checkType);
  const negotiates = (combined || checkType === 'negotiate') && isHttp(get('service'), servicePort);
  const index = state.virtuals.length;
  const made: Virtual = {
    key,
    label: key.kind === 'fwmark' ? String(key.mark) : virtual.address,
    settings: {
      scheduler: get('scheduler') ?? 'wrr',
      schedulerFlags: 0,
      persistenceSeconds: Number(get('persistent') ?? 0),
      netmask: parseIpv4(get('netmask') ?? '') ?? ipv4(0xffff_ffff),
      prefixLength: 128,
      persistenceEngine: undefined,
      onePacket: get('ops') === 'yes',
    },
    checkType: (combined || checkType === 'negotiate') && !negotiates ? 'connect' : checkType,
    connects: combined && negotiates ? Number(checkType) : undefined,
    checkPort: Number(get('checkport') ?? 0),
    connectSeconds: Number(asked.check ?? asked.negotiate ?? CHECK_TIMEOUT),
    negotiateSeconds: Number(asked.negotiate ?? asked.check ?? NEGOTIATE_TIMEOUT),
    failureCount: Number(get('failurecount') ?? 1),
    pings: Number(get('checkcount') ?? 1),
    quiescent: get('quiescent') === 'yes',
    fallback: fallbackOf(get('fallback'), servicePort),
    reals: [],
  };
  state.virtuals.push(made);
  for (const real of virtual.reals) {
    const server = poolServer(real, servicePort);
    const fresh = { failures: 0, connects: Number.POSITIVE_INFINITY, up: undefined };
    made.reals.push(state.reals.push({ ...server, virtual: index, weight: real.weight, ...fresh }) - 1);
  }
}

const isHttp = (service: string | undefined, port: number): boolean =>
  service === undefined ? port === 80 : ['http', 'https', 'http_proxy'].includes(service);

function keyOf({ address, settings }: LdirectordVirtual): ServiceKey {
  const [quad = '', port = '0'] = address.split(':');
  const parsed = parseIpv4(quad);
  if (parsed === undefined) return { kind: 'fwmark', mark: Number(address), family: 4 };
  const protocol = settings['protocol'] === 'udp' ? PROTO_UDP : PROTO_TCP;
  return { kind: 'address', protocol, address: parsed, port: Number(port) };
}

function poolServer(real: LdirectordReal, servicePort: number): PoolServer {
  const method = METHODS[real.method];
  return {
    address: parseIpv4(real.address) ?? ipv4(0),
    port: method === FORWARD_MASQ ? real.port || servicePort : servicePort,
    settings: { method, tunnel: undefined, weight: real.weight, upperThreshold: 0, lowerThreshold: 0 },
  };
}

/** `127.0.0.1:80 gate` */
function fallbackOf(text: string | undefined, servicePort: number): PoolServer | undefined {
  const [endpoint = '', method = 'gate'] = (text ?? '').split(/\s+/);
  const [quad = '', port] = endpoint.split(':');
  const address = parseIpv4(quad);
  if (address === undefined) return undefined;
  const forward = METHODS[method as keyof typeof METHODS] ?? FORWARD_ROUTE;
  return {
    address,
    port: forward === FORWARD_MASQ ? Number(port ?? servicePort) : servicePort,
    settings: { method: forward, tunnel: undefined, weight: 1, upperThreshold: 0, lowerThreshold: 0 },
  };
}

const serverLabel = (server: PoolServer): string => formatEndpoint(server.address, server.port);

function put(
  call: DaemonCall,
  ipvs: Ipvs,
  virtual: Virtual,
  server: PoolServer,
  weight: number,
  verb: string,
): void {
  putServer(call.world, ipvs, virtual, server, weight);
  const what = verb === 'Added fallback' ? 'Added fallback server' : `${verb} real server`;
  const text = `${what}: ${serverLabel(server)} (${virtual.label}) (Weight set to ${weight})`;
  journal(call.world, call.process, text);
}

/** The fallback server stands in while no real server is up. */
function fallBack(call: DaemonCall, ipvs: Ipvs, virtual: Virtual): void {
  const { fallback, reals } = virtual;
  if (fallback === undefined) return;
  const anyUp = reals.some((index) => stateOf(call).reals[index]!.up === true);
  const there = isThere(ipvs, virtual, fallback);
  if (!anyUp && !there) put(call, ipvs, virtual, fallback, 1, 'Added fallback');
  if (!anyUp || !there) return;
  takeServer(call.world, ipvs, virtual, fallback);
  journal(call.world, call.process, `Deleted fallback server: ${serverLabel(fallback)} (${virtual.label})`);
}

/** The next server's check begins; behind the last one the interval. */
function checkNext(call: DaemonCall): void {
  const { world, programs, process } = call;
  const state = stateOf(call);
  const { now } = world.sim;
  const real = state.reals[state.at];
  if (real === undefined) {
    state.at = 0;
    arm(state.due, 'check', 0, now + state.intervalSeconds * SECOND);
    return;
  }
  const virtual = state.virtuals[real.virtual]!;
  const index = state.at;
  switch (virtual.checkType) {
    case 'on':
    case 'off':
      return checked(call, { index, ok: virtual.checkType === 'on', why: virtual.checkType });
    case 'ping': {
      const quad = formatEndpoint(real.address, 0).replace(/:0$/, '');
      const line = `ping -c 1 -W ${virtual.connectSeconds} ${quad}`;
      state.child = execute(world, programs, process.host, line, 'daemon', { parent: process.pid }).pid;
      return;
    }
    default: {
      const port = virtual.checkPort || real.port;
      const wantsAnswer = asksFor(virtual, real);
      const failed = beginCheck(world, process, state.pending, index, {
        address: real.address,
        port,
        wantsAnswer,
      });
      if (failed !== undefined) return checked(call, failed);
      const seconds = wantsAnswer ? virtual.negotiateSeconds : virtual.connectSeconds;
      arm(state.due, 'timeout', index, now + seconds * SECOND);
    }
  }
}

/** Whether the next check sends a request: of a combined one when there have been connects enough. */
function asksFor({ checkType, connects }: Virtual, real: Real): boolean {
  return connects === undefined ? checkType !== 'connect' : real.connects >= connects;
}

/**
 * A combined check: after so many connects a request; after a connect that failed, and at first, requests
 * until one is answered (ldirectord's `_check_real` and `ld_setup`).
 */
function countConnects(virtual: Virtual, real: Real, ok: boolean): void {
  if (virtual.connects === undefined) return;
  if (asksFor(virtual, real)) real.connects = ok ? 0 : real.connects;
  else real.connects = ok ? real.connects + 1 : Number.POSITIVE_INFINITY;
}

/** A check is over: up at the first success, down after `failurecount` failures; then the next server. */
function checked(call: DaemonCall, result: CheckResult): void {
  const state = stateOf(call);
  const real = state.reals[result.index]!;
  disarm(state.due, 'timeout', result.index);
  real.failures = result.ok ? 0 : real.failures + 1;
  const ipvs = ipvsOf(call.world, call.process.host)!;
  const virtual = state.virtuals[real.virtual]!;
  countConnects(virtual, real, result.ok);
  if (result.ok && real.up !== true) rises(call, ipvs, virtual, real);
  else if (
    !result.ok &&
    real.up !== false &&
    (real.up === undefined || real.failures >= virtual.failureCount)
  ) {
    falls(call, ipvs, virtual, real);
  }
  fallBack(call, ipvs, virtual);
  state.at++;
  arm(state.due, 'check', 0, call.world.sim.now);
}

function rises(call: DaemonCall, ipvs: Ipvs, virtual: Virtual, real: Real): void {
  const there = isThere(ipvs, virtual, real);
  real.up = true;
  put(call, ipvs, virtual, real, real.weight, there ? 'Restored' : 'Added');
}

/** quiescent=yes gives weight 0, so that connections and templates live on; no deletes the server. */
function falls(call: DaemonCall, ipvs: Ipvs, virtual: Virtual, real: Real): void {
  real.up = false;
  if (virtual.quiescent) return put(call, ipvs, virtual, real, 0, 'Quiescent');
  if (!isThere(ipvs, virtual, real)) return;
  takeServer(call.world, ipvs, virtual, real);
  journal(call.world, call.process, `Deleted real server: ${serverLabel(real)} (${virtual.label})`);
}

/** A ping has ended. Without an answer the next one begins at once, `checkcount` in all. */
function pinged(call: DaemonCall, rc: number): void {
  const state = stateOf(call);
  state.child = 0;
  state.unanswered++;
  const { pings } = state.virtuals[state.reals[state.at]!.virtual]!;
  if (rc !== 0 && state.unanswered < pings) return checkNext(call);
  state.unanswered = 0;
  checked(call, { index: state.at, ok: rc === 0, why: `exit ${rc}` });
}

function wake(call: DaemonCall, messages: readonly Message[]): void {
  const { world, process } = call;
  const state = stateOf(call);
  for (const result of checkResults(world, process, state.pending, messages)) checked(call, result);
  for (const message of messages) {
    if (message.kind === 'child' && message.pid === state.child) pinged(call, message.rc);
  }
  for (let due = takeDue(state.due, world.sim.now); due !== undefined; ) {
    if (due.kind === 'check') checkNext(call);
    else {
      const failed = endCheck(world, process, state.pending, due.index);
      if (failed !== undefined) checked(call, failed);
    }
    due = takeDue(state.due, world.sim.now);
  }
  setAlarm(world, process, nextDue(state.due));
}

/** ldirectord of UltraMonkey and later: one process that checks all servers one after the other. */
export const LDIRECTORD: Daemon = {
  start: begin,
  wake,
  signal: (call, signal) => {
    const { world, process } = call;
    if (signal !== 'TERM' && signal !== 'INT' && signal !== 'HUP') return;
    const ipvs = ipvsOf(world, process.host);
    if (signal === 'HUP' || ipvs === undefined) {
      journal(world, process, 'Reloading ldirectord configuration');
      const reason = begin(call, [stateOf(call).file]);
      if (reason !== undefined) journal(world, process, reason);
      return;
    }
    // cleanstop=yes
    for (const virtual of stateOf(call).virtuals) {
      deleteService(ipvs, world.sim, virtual.key);
      journal(world, process, `Deleted virtual server: ${virtual.label}`);
    }
    journal(world, process, 'Linux Director Daemon terminated on signal: TERM');
    endProcess(world, process, 0);
  },
  status: (call) =>
    stateOf(call).reals.map((real) => `${serverLabel(real)} ${real.up === true ? 'up' : 'down'}`),
};
