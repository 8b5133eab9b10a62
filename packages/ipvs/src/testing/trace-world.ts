import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createSimulation, next, type Simulation, type SimTime } from '@lvscope/des';
import {
  type Ipv4,
  parseIpv4,
  PROTO_TCP,
  PROTO_UDP,
  TCP_ACK,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
} from '@lvscope/inet';
import {
  addDestination,
  addService,
  connectionRows,
  expireConnections,
  createIpvs,
  deleteDestination,
  deleteService,
  editDestination,
  editService,
  flush,
  FORWARD_MASQ,
  FORWARD_ROUTE,
  FORWARD_TUNNEL,
  type Ipvs,
  type IpvsResult,
  type KernelVersion,
  localIn,
  type Packet,
  type ServiceKey,
  setSysctl,
  setTimeouts,
  tick,
  type VerdictCode,
  zeroStats,
} from '../index.ts';

export interface ListedConnection {
  readonly pro: string;
  readonly c: string;
  readonly v: string;
  readonly d: string;
  readonly state: string;
  readonly exp: number;
}

/** What the kernel showed of its tables. */
export interface Shown {
  readonly conns?: readonly ListedConnection[];
  readonly counts?: Readonly<Record<string, readonly [number, number, number]>>;
}

export interface Observation {
  readonly step: number;
  readonly t: number;
  readonly end: number;
  readonly op: string;
  readonly src?: string;
  readonly dst?: string;
  readonly flags?: string;
  readonly len?: number;
  readonly bytes?: number;
  readonly ns?: string;
  readonly cmd?: string;
  readonly key?: string;
  readonly value?: string | number;
  readonly id?: number;
  readonly how?: string;
  readonly who?: string;
  readonly peer?: string;
  readonly result?: string;
  readonly before?: Shown['counts'];
  readonly after?: Shown;
  readonly snap?: Shown;
  readonly packets?: readonly SniffedPacket[];
}

export interface SniffedPacket {
  readonly t: number;
  readonly dir: 'in' | 'out';
  readonly sip: string;
  readonly dip: string;
  readonly k: string;
  readonly sport: number;
  readonly dport: number;
  readonly flags: string;
  readonly len: number;
}

export interface Trace {
  readonly steps: readonly { readonly client?: string }[];
  readonly scenario: { readonly topology: { readonly forward: 'nat' | 'dr' | 'tun' } };
  readonly topology: { readonly rs: Readonly<Record<string, { readonly ip: string }>> };
  readonly setup: readonly { readonly ns: string; readonly cmd: string }[];
  readonly observations: readonly Observation[];
}

/** A recording of the real kernel. */
export function readTrace(name: string): Trace {
  const file = new URL(`../../../oracle/traces/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Trace;
}

const TIMER = 1;
const TICK = 2;

/** A director alone, its clients and servers played by the recording. */
export interface TraceWorld {
  readonly sim: Simulation;
  readonly ipvs: Ipvs;
  readonly marks: { readonly address: Ipv4; readonly port: number; readonly mark: number }[];
}

export function createTraceWorld(jiffiesAtStart = 0, kernel: KernelVersion = '6.1'): TraceWorld {
  const sim = createSimulation(1);
  const ipvs = createIpvs(sim, {
    director: 0,
    kernel,
    timerKind: TIMER,
    tickKind: TICK,
    jiffiesAtStart,
  });
  return { sim, ipvs, marks: [] };
}

export function runUntil({ sim, ipvs }: TraceWorld, seconds: number): void {
  const until = Math.max(sim.now, Math.round(seconds * 1e9)) as SimTime;
  while (next(sim, until)) {
    if (sim.event.kind === TIMER) expireConnections(ipvs, sim);
    else tick(ipvs, sim, sim.event.a);
  }
}

export interface Endpoint {
  readonly address: Ipv4;
  readonly port: number;
}

export function endpoint(text: string): Endpoint {
  const [address, port] = text.split(':');
  return { address: parseIpv4(address!)!, port: Number(port ?? 0) };
}

function tcpFlags(letters: string): number {
  const bits: Record<string, number> = { S: TCP_SYN, A: TCP_ACK, F: TCP_FIN, R: TCP_RST, P: TCP_PSH };
  return letters.split('').reduce((flags, letter) => flags | (bits[letter] ?? 0), 0);
}

export function packetOf(from: Endpoint, to: Endpoint, letters: string, payload = 0): Packet {
  const udp = letters === 'udp';
  return {
    protocol: udp ? PROTO_UDP : PROTO_TCP,
    source: from.address,
    sourcePort: from.port,
    destination: to.address,
    destinationPort: to.port,
    flags: udp ? 0 : tcpFlags(letters),
    chunk: 0,
    length: (udp ? 28 : 40) + payload,
    packets: 1,
    mark: 0,
  };
}

export function toDirector(world: TraceWorld, packet: Packet): VerdictCode {
  for (const { address, port, mark } of world.marks) {
    if (address === packet.destination && port === packet.destinationPort) packet.mark = mark;
  }
  return localIn(world.ipvs, world.sim, packet);
}

function keyOf(args: readonly string[]): ServiceKey {
  for (const [i, option] of args.entries()) {
    if (option === '-f') return { kind: 'fwmark', mark: Number(args[i + 1]), family: 4 };
    if (option !== '-t' && option !== '-u') continue;
    const protocol = option === '-t' ? PROTO_TCP : PROTO_UDP;
    return { kind: 'address', protocol, ...endpoint(args[i + 1]!) };
  }
  throw new Error(`no service in: ${args.join(' ')}`);
}

function valueOf(args: readonly string[], option: string): string | undefined {
  const index = args.indexOf(option);
  const value = index < 0 ? undefined : args[index + 1];
  return value?.startsWith('-') ? undefined : value;
}

function serviceSettings(args: readonly string[]) {
  const words: Record<string, number> = { 'sh-fallback': 1, 'mh-fallback': 1, 'sh-port': 2, 'mh-port': 2 };
  const flags = valueOf(args, '-b')?.split(',') ?? [];
  return {
    scheduler: valueOf(args, '-s') ?? 'wlc',
    schedulerFlags: flags.reduce((bits, word) => bits | words[word]!, 0),
    persistenceSeconds: args.includes('-p') ? Number(valueOf(args, '-p') ?? 360) : 0,
    netmask: parseIpv4(valueOf(args, '-M') ?? '255.255.255.255')!,
    prefixLength: 128,
    persistenceEngine: valueOf(args, '--pe'),
    onePacket: args.includes('-o'),
  };
}

function destinationSettings(args: readonly string[]) {
  return {
    method: args.includes('-m') ? FORWARD_MASQ : args.includes('-i') ? FORWARD_TUNNEL : FORWARD_ROUTE,
    tunnel: undefined,
    weight: Number(valueOf(args, '-w') ?? 1),
    upperThreshold: Number(valueOf(args, '-x') ?? 0),
    lowerThreshold: Number(valueOf(args, '-y') ?? 0),
  };
}

/** The few forms of ipvsadm that the recordings use. */
function ipvsadm({ ipvs, sim }: TraceWorld, args: readonly string[]): IpvsResult {
  switch (args[0]) {
    case '-A':
      return addService(ipvs, sim, { key: keyOf(args), ...serviceSettings(args) });
    case '-E':
      return editService(ipvs, sim, keyOf(args), serviceSettings(args));
    case '-D':
      return deleteService(ipvs, sim, keyOf(args));
    case '-a':
      return addDestination(
        ipvs,
        sim,
        keyOf(args),
        endpoint(valueOf(args, '-r')!),
        destinationSettings(args),
      );
    case '-e':
      return editDestination(
        ipvs,
        sim,
        keyOf(args),
        endpoint(valueOf(args, '-r')!),
        destinationSettings(args),
      );
    case '-d':
      return deleteDestination(ipvs, sim, keyOf(args), endpoint(valueOf(args, '-r')!));
    case '-C':
      flush(ipvs, sim);
      return undefined;
    case '-Z':
      return zeroStats(ipvs, undefined);
    case '--set':
      return setTimeouts(ipvs, Number(args[1]), Number(args[2]), Number(args[3]));
    default:
      throw new Error(`ipvsadm ${args.join(' ')}`);
  }
}

/** A command on the director: ipvsadm, sysctl, iptables. */
export function command(world: TraceWorld, line: string): void {
  const words = line.split(/\s+/);
  if (words[0] === 'ipvsadm') {
    ipvsadm(world, words.slice(1));
  } else if (words[0] === 'sysctl') {
    const match = /net\.ipv4\.vs\.(\w+)=(.*)/.exec(line);
    if (match) setSysctl(world.ipvs, world.sim, match[1]!, match[2]!);
  } else if (words[0] === 'iptables-legacy' && words.includes('--set-mark')) {
    const address = parseIpv4(valueOf(words, '-d')!)!;
    const mark = Number(valueOf(words, '--set-mark'));
    world.marks.push({ address, port: Number(valueOf(words, '--dport')), mark });
  }
}

const dotted = (a: Ipv4): string => [24, 16, 8, 0].map((shift) => (a >>> shift) & 255).join('.');
const colon = (a: Ipv4, port: number): string => `${dotted(a)}:${port}`;

/** The table as the recordings print it. */
export function listed({ ipvs, sim }: TraceWorld): ListedConnection[] {
  const names: Record<number, string> = { 0: 'IP', 6: 'TCP', 17: 'UDP' };
  return connectionRows(ipvs, sim).map((row) => ({
    pro: names[row.protocol]!,
    c: colon(row.client, row.clientPort),
    v: colon(row.virtual, row.virtualPort),
    d: colon(row.destinationAddress, row.destinationPort),
    state: row.state,
    exp: row.expiresInSeconds,
  }));
}
