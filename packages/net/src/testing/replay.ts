import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  formatEndpoint,
  type Ipv4,
  PROTO_TCP,
  TCP_ACK,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
} from '@lvscope/inet';
import {
  abort,
  addAddress,
  addRoute,
  close,
  type Host,
  injectPacket,
  listen,
  type NetHooks,
  readTap,
  send,
  sendTo,
  shutdown,
  socketTuple,
  startTap,
  type TapRecord,
  unlisten,
} from '../index.ts';
import { PACKET, SOURCE, SOURCE_PORT } from '../packet-row.ts';
import { createLab, hooksOf, host, ip, type Lab, runUntil, segment } from './lab.ts';

/*
 * Plays a DR recording of hand-made packets against bare server hosts: each packet goes to the server that
 * the real director chose, and what the servers answer is compared with what the real ones did.
 */

interface Reply {
  readonly flags?: string;
  readonly k: string;
  readonly data?: number;
  readonly to: string;
}

interface Step {
  readonly t: number;
  readonly end: number;
  readonly step: number;
  readonly op: string;
  readonly src?: string;
  readonly dst?: string;
  readonly peer?: string;
  readonly how?: string;
  readonly who?: string;
  readonly ns?: string;
  readonly flags?: string;
  readonly seq?: number;
  readonly ack?: number;
  readonly len?: number;
  readonly bytes?: number;
  readonly result?: string;
  readonly replies?: readonly Reply[];
  readonly after?: { readonly conns?: readonly { c: string; d: string }[] };
  readonly packets?: readonly { t: number; dir: string; dmac: string; sip: string; sport: number }[];
}

interface Trace {
  readonly scenario: { readonly server_hold?: boolean };
  readonly topology: { readonly rs: Record<string, { ip: string }> };
  readonly steps: readonly Partial<Step>[];
  readonly observations: readonly Step[];
}

export interface Difference {
  readonly step: number;
  readonly what: string;
  readonly found: readonly string[];
  readonly wanted: readonly string[];
}

const LETTERS: readonly (readonly [string, number])[] = [
  ['F', TCP_FIN],
  ['S', TCP_SYN],
  ['R', TCP_RST],
  ['P', TCP_PSH],
  ['A', TCP_ACK],
];
const bitsOf = (letters: string): number =>
  LETTERS.reduce((bits, [letter, bit]) => (letters.includes(letter) ? bits | bit : bits), 0);
const lettersOf = (bits: number): string =>
  LETTERS.map(([letter, bit]) => ((bits & bit) !== 0 ? letter : '')).join('');
const endpoint = (text: string): [string, number] => {
  const [address, port] = text.split(':');
  return [address!, Number(port)];
};

export function readTrace(name: string): Trace {
  const path = new URL(`../../../oracle/traces/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(path)).toString()) as Trace;
}

interface Bench {
  readonly lab: Lab;
  readonly client: Host;
  readonly servers: Map<string, Host>;
  readonly hooks: NetHooks<Lab>;
  /** Server sockets by client endpoint. */
  readonly sockets: Map<string, number>;
  /** Who gets the next packet of a client. */
  readonly chosen: Map<string, string>;
}

function bench(trace: Trace): Bench {
  const lab = createLab();
  const lan = segment(lab, 'lan', '192.168.0.0/24', { delayNs: 20e3 });
  const client = host(lab, 'client', 'client', [[lan, '192.168.0.254/24']]);
  const director = host(lab, 'director', 'director', [[lan, '192.168.0.1/24']], '192.168.0.254');
  const vip = ip('192.168.0.100');
  addAddress(lab.net, director, 'eth0', vip, 32);
  const servers = new Map<string, Host>();
  for (const [name, { ip: address }] of Object.entries(trace.topology.rs)) {
    const server = host(lab, name, 'realserver', [[lan, `${address}/24`]], '192.168.0.254');
    server.sysctl.arp_ignore = 1;
    addAddress(lab.net, server, 'lo', vip, 32);
    for (const port of [80, 8080]) listen(lab, server, { port });
    servers.set(address, server);
  }
  addRoute(lab.net, director, {
    type: 'unicast',
    network: ip('10.9.0.0'),
    prefixLength: 16,
    via: ip('192.168.0.254'),
  });
  const sockets = new Map<string, number>();
  const chosen = new Map<string, string>();
  const ended = new Set<number>();
  const name = (l: Lab, s: number): string => {
    const tuple = socketTuple(l.net, s);
    return formatEndpoint(tuple.remoteAddress, tuple.remotePort);
  };
  const hooks = hooksOf({
    localIn(l, at, p) {
      const a = l.net.packets.rows[(p << PACKET) | SOURCE]!;
      const from = formatEndpoint(a as Ipv4, l.net.packets.rows[(p << PACKET) | SOURCE_PORT]!);
      const to = chosen.get(from);
      if (to === undefined) return 'accept';
      sendTo(l, hooks, at, p, { method: 'route', address: ip(to), port: 0 });
      return 'stolen';
    },
    accepted: (l, s) => {
      // The lab's server keeps one socket for each client endpoint: one that it replaces is closed at its
      // end of file, at once where that has been.
      const old = sockets.get(name(l, s));
      sockets.set(name(l, s), s);
      if (old !== undefined && ended.has(old)) close(l, hooks, old);
    },
    closed: (l, s) => {
      ended.delete(s);
      if (sockets.get(name(l, s)) === s) sockets.delete(name(l, s));
    },
    remoteClosed: (l, s) => {
      const held = trace.scenario.server_hold === true && sockets.get(name(l, s)) === s;
      if (held) ended.add(s);
      else close(l, hooks, s);
    },
  });
  return { lab, client, servers, hooks, sockets, chosen };
}

/** Which server the real director gave this step's packet to; undefined: it answered itself. */
function serverOf(trace: Trace, step: Step): string | undefined {
  const sniffed = trace.observations.at(-1)?.packets;
  const [address, port] = endpoint(step.src!);
  if (sniffed !== undefined) {
    const sent = sniffed.find(
      (p) => p.dir === 'out' && p.sip === address && p.sport === port && p.t >= step.t && p.t <= step.end,
    );
    return sent === undefined ? undefined : `192.168.0.${10 + Number(sent.dmac.slice(-2))}`;
  }
  return step.after?.conns?.find((c) => c.c === step.src)?.d.split(':')[0];
}

function act(b: Bench, step: Step): void {
  const { lab, hooks } = b;
  if (step.op === 'unlisten') {
    const server = [...b.servers.values()].find((s) => s.name === step.ns)!;
    for (const listeners of Array.from(server.listeners.values())) {
      for (const listener of listeners.slice()) unlisten(lab, hooks, listener);
    }
    return;
  }
  const s = b.sockets.get(step.peer ?? '');
  // 'already closed', 'no such server socket', 'EPIPE': the step had nothing to act on.
  if (s === undefined || step.result !== undefined) return;
  if (step.op === 'send') send(lab, hooks, s, step.bytes!);
  else if (step.op === 'shut') shutdown(lab, hooks, s);
  else if (step.how === 'server-fin') close(lab, hooks, s);
  else if (step.how === 'server-rst') abort(lab, hooks, s);
}

/** What came back, in short lines; and where each client's acknowledgements stand afterwards. */
function describeReplies(pending: readonly TapRecord[], lastEnd: Map<string, number>): string[] {
  const found: string[] = [];
  for (const r of pending) {
    const a = r.destination;
    const to = `${a >>> 24}.${(a >>> 16) & 255}.${(a >>> 8) & 255}.${a & 255}:${r.destinationPort}`;
    if (r.protocol === PROTO_TCP && (r.flags & TCP_RST) === 0) {
      const end = r.seq + r.payload + (r.flags & TCP_SYN ? 1 : 0) + (r.flags & TCP_FIN);
      lastEnd.set(to, end >>> 0);
    }
    found.push(`${to} ${lettersOf(r.flags)} ${r.payload}`);
  }
  return found;
}

/** Replays a trace: what differs, and how many steps and replies were compared. */
export function replay(name: string): {
  differences: Difference[];
  replies: number;
  steps: number;
} {
  const trace = readTrace(name);
  const b = bench(trace);
  const { lab, hooks, client } = b;
  const tap = startTap(lab.net, client, { direction: 'in', network: ip('10.9.0.0'), prefixLength: 16 });
  const nextSeq = new Map<string, number>();
  const lastEnd = new Map<string, number>();
  const differences: Difference[] = [];
  let replies = 0;
  let steps = 0;
  let pending: TapRecord[] = [];
  for (const observed of trace.observations) {
    // What was asked for stands in the step, what came of it in the observation.
    const step = { ...trace.steps[observed.step], ...observed };
    runUntil(lab, hooks, step.t);
    pending.push(...readTap(tap));
    if (step.op === 'raw') {
      const src = step.src!;
      const server = serverOf(trace, step);
      if (server === undefined) b.chosen.delete(src);
      else b.chosen.set(src, server);
      const [source, sourcePort] = endpoint(src);
      const [destination, destinationPort] = endpoint(step.dst!);
      const flags = bitsOf(step.flags!);
      const seq = step.seq ?? nextSeq.get(src) ?? 1000;
      const payload = step.len ?? 0;
      injectPacket(lab, hooks, client, {
        source: ip(source),
        sourcePort,
        destination: ip(destination),
        destinationPort,
        flags,
        seq,
        ack: step.ack ?? ((flags & TCP_ACK) !== 0 ? (lastEnd.get(src) ?? 0) : 0),
        payload,
      });
      nextSeq.set(src, (seq + payload + (flags & TCP_SYN ? 1 : 0) + (flags & TCP_FIN)) >>> 0);
      pending = [];
    } else {
      act(b, step);
    }
    if (step.replies === undefined) continue;
    runUntil(lab, hooks, step.end);
    pending.push(...readTap(tap));
    const found = describeReplies(pending, lastEnd);
    pending = [];
    const ackOnly = (line: string): boolean => line.endsWith(' A 0');
    const wanted = step.replies.map((r) => `${r.to} ${r.flags ?? r.k} ${r.data ?? 0}`);
    const a = found.filter((line) => !ackOnly(line)).sort();
    const w = wanted.filter((line) => !ackOnly(line)).sort();
    steps++;
    replies += w.length;
    if (a.join() !== w.join()) {
      const detail = step.flags ?? step.how ?? step.who ?? '';
      const what = `${step.op} ${step.src ?? step.peer} ${detail} at ${step.t}`;
      differences.push({ step: step.step, what, found, wanted });
    }
  }
  return { differences, replies, steps };
}
