import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { seconds, simTime } from '@lvscope/des';
import { parseIpv4, PROTO_TCP } from '@lvscope/inet';
import { describe, expect, it } from 'vitest';
import type { Destination, Service } from '../service.ts';
import { SCHED_FLAG_1, SCHED_FLAG_2 } from '../service.ts';
import { isSchedulerName, SCHEDULERS } from './index.ts';
import { addServer, contextAt, deleteServer, editServer, serviceWith } from './testing/pool.ts';

const TRACES = new URL('../../../oracle/traces/', import.meta.url);
/** Connections of the recorded runs of 13 schedulers, with and without thresholds. */
const RECORDED_CONNECTIONS = 15_894;

type Counters = readonly [weight: number, active: number, inactive: number];

interface Command {
  readonly cmd: string;
  readonly rc: number;
}

interface Open {
  readonly op: 'open';
  readonly t: number;
  readonly id: number;
  readonly src: string;
  readonly dst: string;
  readonly before: Readonly<Record<string, Counters>>;
  readonly rs: string | null;
}

type Observation = Open | ({ readonly op: 'sh' } & Command) | { readonly op: 'sleep' };

interface Trace {
  readonly topology: { readonly rs: Readonly<Record<string, { readonly ip: string }>> };
  readonly setup: readonly Command[];
  readonly observations: readonly Observation[];
}

/** What the replay must keep itself, because a trace shows counters, not marks. */
interface Replay {
  readonly service: Service;
  /** Server name by destination id. */
  readonly names: Map<number, string>;
  readonly ips: ReadonlyMap<string, string>;
  /** Minutes of cache cleaning done. */
  minutes: number;
}

/** Recordings of one service that keeps its scheduler: what a scheduler can be held against alone. */
function files(): string[] {
  return readdirSync(TRACES)
    .filter((name) => /^(sched|threshold)-.*\.json\.gz$/.test(name) && isOfOneService(name))
    .sort();
}

function isOfOneService(file: string): boolean {
  const { setup, observations } = traceOf(file);
  const commands = [...setup, ...observations.filter((one) => one.op === 'sh')].map(({ cmd }) => cmd);
  const made = commands.filter((cmd) => /ipvsadm (-[AEDCR]|.* -p )/.test(cmd));
  return made.length === 1;
}

function traceOf(file: string): Trace {
  return JSON.parse(gunzipSync(readFileSync(new URL(file, TRACES))).toString());
}

function option(command: string, name: string): number | undefined {
  const match = new RegExp(` -${name} (\\d+)`).exec(command);
  return match ? Number(match[1]) : undefined;
}

function address(text: string): { ip: ReturnType<typeof parseIpv4> & number; port: number } {
  const [host = '', port = '0'] = text.split(':');
  const ip = parseIpv4(host);
  if (ip === undefined) throw new Error(`no address: ${text}`);
  return { ip, port: Number(port) };
}

function total(destination: Destination): number {
  return destination.activeConns + destination.inactConns;
}

/** The mark goes when the sum has fallen below -y, or below three quarters of -x. */
function mayUnmark(destination: Destination): boolean {
  const { upperThreshold, lowerThreshold } = destination;
  if (lowerThreshold > 0) return total(destination) < lowerThreshold;
  return upperThreshold === 0 || total(destination) * 4 < upperThreshold * 3;
}

function mark(destination: Destination): void {
  const { upperThreshold } = destination;
  if (upperThreshold > 0 && total(destination) >= upperThreshold) destination.overloaded = true;
}

function configure(replay: Replay, command: string): void {
  const operation = /^ipvsadm -([aed]) /.exec(command)?.[1];
  const server = / -r ([\d.]+:\d+)/.exec(command)?.[1];
  if (operation === undefined || server === undefined) return;
  const { ip, port } = address(server);
  const { service } = replay;
  const context = contextAt(simTime(0));
  const known = service.destinations.find((one) => one.address === ip);
  if (operation === 'd') {
    if (known) deleteServer(service, known, context);
    return;
  }
  const weight = option(command, 'w') ?? 1;
  const destination = known ?? addServer(service, { address: ip, port, weight }, context);
  destination.upperThreshold = option(command, 'x') ?? 0;
  destination.lowerThreshold = option(command, 'y') ?? 0;
  if (mayUnmark(destination)) destination.overloaded = false;
  mark(destination);
  if (known) editServer(service, known, weight, context);
  else replay.names.set(destination.id, replay.ips.get(server.split(':')[0]!) ?? server);
}

/** Puts the counters that the kernel showed just before the connection into the model. */
function feed(replay: Replay, open: Open): void {
  const { destinations } = replay.service;
  expect(destinations.map((one) => replay.names.get(one.id))).toEqual(Object.keys(open.before));
  for (const destination of destinations) {
    const [weight, active, inactive] = open.before[replay.names.get(destination.id)!]!;
    expect(destination.weight).toBe(weight);
    const fell = active + inactive < total(destination);
    destination.activeConns = active;
    destination.inactConns = inactive;
    if (fell && mayUnmark(destination)) destination.overloaded = false;
  }
}

function choose(replay: Replay, open: Open): string | undefined {
  const { service } = replay;
  const scheduler = SCHEDULERS[service.scheduler];
  for (; (replay.minutes + 1) * 60 <= open.t; replay.minutes++) {
    scheduler.everyMinute?.(service, contextAt(simTime(seconds((replay.minutes + 1) * 60))));
  }
  const source = address(open.src);
  const destination = address(open.dst);
  const request = {
    protocol: PROTO_TCP,
    source: source.ip,
    sourcePort: source.port,
    destination: destination.ip,
    destinationPort: destination.port,
  };
  const chosen = scheduler.schedule(service, request, contextAt(simTime(seconds(open.t))));
  if (chosen) {
    chosen.activeConns++;
    mark(chosen);
  }
  return chosen && replay.names.get(chosen.id);
}

function begin(trace: Trace): Replay {
  const line = trace.setup.find(({ cmd }) => cmd.startsWith('ipvsadm -A'))?.cmd ?? '';
  const name = / -s (\w+)/.exec(line)?.[1] ?? '';
  if (!isSchedulerName(name)) throw new Error(`no scheduler in: ${line}`);
  const flags = (line.includes('-fallback') ? SCHED_FLAG_1 : 0) | (/-port/.test(line) ? SCHED_FLAG_2 : 0);
  const ips = new Map(Object.entries(trace.topology.rs).map(([server, { ip }]) => [ip, server]));
  const replay: Replay = { service: serviceWith(name, [], flags), names: new Map(), ips, minutes: 0 };
  for (const { cmd } of trace.setup) configure(replay, cmd);
  return replay;
}

/** Replays one trace and returns the number of connections, and those whose server differs. */
function replayTrace(trace: Trace): { connections: number; differing: string[] } {
  const replay = begin(trace);
  const differing: string[] = [];
  let connections = 0;
  for (const observation of trace.observations) {
    if (observation.op === 'sh' && observation.rc === 0) configure(replay, observation.cmd);
    if (observation.op !== 'open') continue;
    feed(replay, observation);
    const chosen = choose(replay, observation);
    connections++;
    if (chosen !== (observation.rs ?? undefined)) {
      differing.push(`connection ${observation.id}: ${chosen}, the kernel took ${observation.rs}`);
    }
  }
  return { connections, differing };
}

describe('Linux 6.1 chose the same server', () => {
  let connections = 0;

  it.each(files())('for every connection of %s', (file) => {
    const result = replayTrace(traceOf(file));
    expect(result.differing).toEqual([]);
    expect(result.connections).toBeGreaterThan(0);
    connections += result.connections;
  });

  it('and all the recorded connections were compared', () => {
    expect(connections).toBeGreaterThanOrEqual(RECORDED_CONNECTIONS);
  });
});
