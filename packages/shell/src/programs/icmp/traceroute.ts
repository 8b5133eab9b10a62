import {
  hostNamed,
  lookupRoute,
  openTap,
  ping,
  rawPacket,
  readTap,
  setAlarm,
  sourceFor,
} from '@lvscope/cluster';
import type { TapRecord } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { formatIpv4, parseIpv4, PROTO_ICMP, PROTO_UDP } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { lasting } from '../../run/lasting.ts';
import type { Lasting, Run } from '../../run/lasting.ts';
import { getopt, has, lastValue } from '../getopt.ts';
import { ICMP_TIME_EXCEEDED, ICMP_UNREACHABLE } from './icmp-text.ts';

interface Probe {
  readonly sentAt: number;
  /** undefined: nobody has answered yet. */
  from: Ipv4 | undefined;
  ns: number;
  note: string;
  over: boolean;
}

interface TracerouteState {
  readonly target: Ipv4;
  readonly source: Ipv4;
  readonly numeric: boolean;
  readonly icmp: boolean;
  readonly hops: number;
  readonly queries: number;
  readonly waitNs: number;
  readonly sourcePort: number;
  /** By number, from 0; `queries` of them to a hop. */
  readonly probes: Probe[];
  /** Probes whose text is out. */
  printed: number;
  /** The hop that has reached the target. */
  lastHop: number;
  lastFrom: Ipv4 | undefined;
}

/** Probes under way at once (-N). */
const SIMULTANEOUS = 16;
const FIRST_PORT = 33_434;

/** traceroute 2.1 of Debian: UDP to ports that nobody has, or -I echo requests. */
export const traceroute: Lasting = lasting<TracerouteState>({
  start: (run, args) => {
    const read = getopt(args, '46nIUFm:q:w:p:s:f:i:N:z:');
    if (read.fault !== undefined) {
      return refuse(run, `Bad option \`${args[0]?.text ?? ''}' (argc 1)`);
    }
    const [name] = read.rest;
    if (name === undefined)
      return refuse(run, 'Usage:\n  traceroute [ -nI ] [ -m max_ttl ] [ -q nqueries ] [ -w wait ] host');
    const target = parseIpv4(name);
    if (target === undefined) {
      return refuse(
        run,
        `${name}: Temporary failure in name resolution\n` +
          `Cannot handle "host" cmdline arg \`${name}' on position 1 (argc 1)`,
      );
    }
    const host = hostNamed(run.world, run.host);
    const source = parseIpv4(lastValue(read, 's') ?? '') ?? (host && sourceFor(host, target));
    if (!host || source === undefined || !lookupRoute(host, target)) {
      return refuse(run, 'connect: Network is unreachable', 1);
    }
    const number = (letter: string, standard: number, most: number): number => {
      const value = Number(lastValue(read, letter) ?? standard);
      return value > 0 && value <= most ? value : standard;
    };
    const state: TracerouteState = {
      target,
      source,
      numeric: has(read, 'n'),
      icmp: has(read, 'I'),
      hops: Math.floor(number('m', 30, 255)),
      queries: Math.floor(number('q', 3, 10)),
      waitNs: Math.round(number('w', 5, 3600) * 1e9),
      sourcePort: 32_768 + (run.process.pid & 0x3fff),
      probes: [],
      printed: 0,
      lastHop: Number.POSITIVE_INFINITY,
      lastFrom: undefined,
    };
    if (run.world.net.link === undefined) {
      run.complain('traceroute: this world runs without frames: routers on the way do not show\n');
    }
    openTap(run.world, run.process, { direction: 'in' });
    run.print(`traceroute to ${name} (${name}), ${state.hops} hops max, 60 byte packets\n`);
    goOn(run, state);
    return state;
  },
  wake: (run, state) => {
    const [tap] = run.process.taps;
    for (const record of tap === undefined ? [] : readTap(tap)) hear(state, record);
    for (const probe of state.probes) {
      if (run.world.sim.now >= probe.sentAt + state.waitNs) probe.over = true;
    }
    goOn(run, state);
  },
});

function refuse(run: Run, text: string, rc = 2): undefined {
  run.complain(`${text}\n`);
  run.exit(rc);
  return undefined;
}

const hopOf = (state: TracerouteState, number: number): number => Math.floor(number / state.queries) + 1;

/** Sends as many as may be under way, prints what is known in order, and ends behind the last hop. */
function goOn(run: Run, state: TracerouteState): void {
  const last = (): number => Math.min(state.hops, state.lastHop) * state.queries;
  const underWay = (): number => state.probes.filter(({ over }) => !over).length;
  while (state.probes.length < last() && underWay() < SIMULTANEOUS) sendProbe(run, state);
  while (state.printed < Math.min(last(), state.probes.length)) {
    const probe = state.probes[state.printed];
    if (probe === undefined || !probe.over) break;
    run.print(probeText(state, probe));
    state.printed++;
  }
  if (state.printed >= last()) return run.exit(0);
  const waiting = state.probes.filter(({ over }) => !over).map(({ sentAt }) => sentAt + state.waitNs);
  setAlarm(run.world, run.process, Math.min(...waiting) as SimTime);
}

function sendProbe(run: Run, state: TracerouteState): void {
  const number = state.probes.length;
  const ttl = hopOf(state, number);
  const { target, source, sourcePort } = state;
  state.probes.push({ sentAt: run.world.sim.now, from: undefined, ns: 0, note: '', over: false });
  if (state.icmp) {
    ping(run.world, run.host, target, { id: sourcePort, number: number + 1, bytes: 32, source, ttl });
    return;
  }
  rawPacket(run.world, run.host, {
    protocol: PROTO_UDP,
    source,
    sourcePort,
    destination: target,
    destinationPort: FIRST_PORT + number,
    payload: 32,
    df: false,
    ttl,
  });
}

const NOTES: Readonly<Record<number, string>> = { 0: ' !N', 1: ' !H', 2: ' !P', 4: ' !F', 13: ' !X' };

function hear(state: TracerouteState, record: TapRecord): void {
  if (record.protocol !== PROTO_ICMP || record.direction !== 'in') return;
  const reply = record.icmpType === 0;
  if (reply ? record.innerSourcePort !== state.sourcePort : !isMine(state, record)) return;
  const number = state.icmp ? record.innerDestinationPort - 1 : record.innerDestinationPort - FIRST_PORT;
  const probe = state.probes[number];
  if (probe === undefined || probe.over) return;
  probe.over = true;
  probe.from = record.source;
  probe.ns = record.at - probe.sentAt;
  if (record.icmpType !== ICMP_TIME_EXCEEDED) {
    state.lastHop = Math.min(state.lastHop, hopOf(state, number));
    if (!reply && record.icmpCode !== 3) probe.note = NOTES[record.icmpCode] ?? ` !<${record.icmpCode}>`;
  }
}

function isMine(state: TracerouteState, record: TapRecord): boolean {
  const error = record.icmpType === ICMP_UNREACHABLE || record.icmpType === ICMP_TIME_EXCEEDED;
  return error && record.innerDestination === state.target && record.innerSourcePort === state.sourcePort;
}

function probeText(state: TracerouteState, { from, ns, note }: Probe): string {
  const first = state.printed % state.queries === 0;
  const end = (state.printed + 1) % state.queries === 0 ? '\n' : '';
  const head = first ? `${String(hopOf(state, state.printed)).padStart(2)} ` : '';
  if (first) state.lastFrom = undefined;
  if (from === undefined) return `${head} *${end}`;
  const address = formatIpv4(from);
  const name = from === state.lastFrom ? '' : ` ${state.numeric ? address : `${address} (${address})`}`;
  state.lastFrom = from;
  const ms = (Math.round(ns / 1e3) / 1e3).toFixed(3);
  return `${head}${name}  ${ms} ms${note}${end}`;
}
