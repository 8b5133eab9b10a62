import type { HostSpec, Scenario } from '@lvscope/scenario';
import { atPort } from './ports.ts';
import { cabled, type Layout, type PlacedHost, type Point } from './layout.ts';

export type Method = 'Masq' | 'Local' | 'Tunnel' | 'Route';

/** The way of one connection: to the director, on to its server, and the answer's way back. */
export interface ConnectionPath {
  readonly request: readonly Point[];
  readonly forward: readonly Point[];
  readonly reply: readonly Point[];
}

/** One step from host to host across a segment. */
interface Hop {
  readonly network: string;
  readonly to: string;
}

/** Who is cabled to what, kept by scenario because thousands of ways ask for it. */
interface Cables {
  readonly byHost: ReadonlyMap<string, readonly string[]>;
  /** Only routers and directors pass packets on. */
  readonly forwarders: readonly string[];
}

const cablesOf = new WeakMap<Scenario, Cables>();

function cables(scenario: Scenario): Cables {
  const known = cablesOf.get(scenario);
  if (known !== undefined) return known;
  const passesOn = (host: HostSpec): boolean => host.role === 'router' || host.role === 'director';
  const made: Cables = {
    byHost: new Map(scenario.hosts.map((host) => [host.name, cabled(host)])),
    forwarders: scenario.hosts.filter(passesOn).map((host) => host.name),
  };
  cablesOf.set(scenario, made);
  return made;
}

/** The fewest hops between two hosts that do not go through `avoided`; undefined = there is no way. */
export function hopsBetween(
  scenario: Scenario,
  from: string,
  to: string,
  avoided?: string,
): Hop[] | undefined {
  const { byHost, forwarders } = cables(scenario);
  const before = new Map<string, { host: string; hop: Hop }>();
  const seen = new Set([from, avoided]);
  const candidates = [to, ...forwarders];
  for (let edge = [from]; edge.length > 0 && !before.has(to); ) {
    const next: string[] = [];
    for (const host of edge) {
      for (const network of byHost.get(host) ?? []) {
        for (const other of candidates) {
          if (seen.has(other) || byHost.get(other)?.includes(network) !== true) continue;
          seen.add(other);
          before.set(other, { host, hop: { network, to: other } });
          next.push(other);
        }
      }
    }
    edge = next;
  }
  const hops: Hop[] = [];
  for (let at = to; at !== from; ) {
    const step = before.get(at);
    if (step === undefined) return undefined;
    hops.unshift(step.hop);
    at = step.host;
  }
  return hops;
}

/** How far a line keeps from the cable, so that ways that share it stay apart. Pixels. */
interface Lane {
  readonly rail: number;
  readonly leave: number;
  readonly arrive: number;
}

const REQUEST: Lane = { rail: -7, leave: -6, arrive: -6 };
const FORWARD: Lane = { rail: 7, leave: 6, arrive: -6 };
const REPLY: Lane = { rail: -13, leave: 7, arrive: 7 };
const REPLY_BY_DIRECTOR: Lane = { rail: 13, leave: 7, arrive: 14 };

/** The way of a connection from a client over a director to a server, as its forwarding method takes it. */
export function connectionPath(
  scenario: Scenario,
  layout: Layout,
  ends: { readonly client: string; readonly director: string; readonly server: string },
  method: Method,
): ConnectionPath | undefined {
  const { client, director, server } = ends;
  const there = hopsBetween(scenario, client, director);
  const on = hopsBetween(scenario, director, server);
  if (there === undefined || on === undefined) return undefined;
  const request = polyline(layout, client, there, REQUEST);
  const forward = polyline(layout, director, on, FORWARD);
  return { request, forward, reply: replyPath(scenario, layout, ends, method) };
}

function replyPath(
  scenario: Scenario,
  layout: Layout,
  { client, director, server }: { client: string; director: string; server: string },
  method: Method,
): Point[] {
  if (method !== 'Masq') {
    const past = hopsBetween(scenario, server, client, director);
    return past === undefined ? [] : polyline(layout, server, past, REPLY);
  }
  const back = hopsBetween(scenario, server, director) ?? [];
  const home = hopsBetween(scenario, director, client) ?? [];
  return [...polyline(layout, server, back, REPLY_BY_DIRECTOR), ...polyline(layout, director, home, REPLY)];
}

function polyline(layout: Layout, from: string, hops: readonly Hop[], lane: Lane): Point[] {
  const points: Point[] = [];
  let a = layout.hosts.get(from);
  for (const hop of hops) {
    const b = layout.hosts.get(hop.to);
    if (a === undefined || b === undefined) return [];
    const rail = layout.rails.get(hop.network);
    const [here, there] = [atPort(layout.ports, a, hop.network), atPort(layout.ports, b, hop.network)];
    if (rail === undefined) points.push(...straight(here, there, lane));
    else points.push(...alongRail(here, there, rail.x, layout.compact ? inGaps(a, b, lane) : lane));
    a = b;
  }
  return points;
}

function straight(a: PlacedHost, b: PlacedHost, lane: Lane): Point[] {
  return [
    { x: sideTowards(a, b.x), y: a.y + lane.leave },
    { x: sideTowards(b, a.x), y: b.y + lane.arrive },
  ];
}

function alongRail(a: PlacedHost, b: PlacedHost, railX: number, lane: Lane): Point[] {
  const leave = clamp(lane.leave, a.height);
  const arrive = clamp(lane.arrive, b.height);
  return [
    { x: endOf(a, railX, leave), y: a.y + leave },
    { x: railX + lane.rail, y: a.y + leave },
    { x: railX + lane.rail, y: b.y + arrive },
    { x: endOf(b, railX, arrive), y: b.y + arrive },
  ];
}

/** In a grid of cells the lines run in the gaps between the rows. */
function inGaps(a: PlacedHost, b: PlacedHost, lane: Lane): Lane {
  const gap = (host: PlacedHost, offset: number): number =>
    host.role === 'realserver' ? Math.sign(offset) * (host.height / 2 + 3) : offset;
  return { rail: lane.rail, leave: gap(a, lane.leave), arrive: gap(b, lane.arrive) };
}

function clamp(offset: number, height: number): number {
  const most = height / 2 + 3;
  return Math.max(-most, Math.min(most, offset));
}

/** A line beside a box goes on to its middle. */
function endOf(host: PlacedHost, x: number, offset: number): number {
  return Math.abs(offset) > host.height / 2 ? host.x : sideTowards(host, x);
}

function sideTowards(host: PlacedHost, x: number): number {
  return x < host.x ? host.x - host.width / 2 : host.x + host.width / 2;
}

/** `M 1 2 L 3 4`, corners slightly rounded. */
export function pathText(points: readonly Point[]): string {
  return points
    .map((point, i) => {
      const before = points[i - 1];
      const after = points[i + 1];
      if (before === undefined) return `M${at(point)}`;
      if (after === undefined) return `L${at(point)}`;
      const near = towards(point, before, 5);
      const far = towards(point, after, 5);
      return `L${at(near)}Q${at(point)} ${at(far)}`;
    })
    .join('');
}

function at(point: Point): string {
  return `${Math.round(point.x * 10) / 10},${Math.round(point.y * 10) / 10}`;
}

function towards(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(0.5, by / length);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** The point at a share (0 to 1) of a line's length. */
export function pointAlong(points: readonly Point[], share: number): Point | undefined {
  let left = lengthOf(points) * Math.max(0, Math.min(1, share));
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1];
    const b = points[i];
    if (a === undefined || b === undefined) break;
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (left <= length) {
      const part = length === 0 ? 0 : left / length;
      return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
    }
    left -= length;
  }
  return points.at(-1);
}

export function lengthOf(points: readonly Point[]): number {
  let length = 0;
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1];
    const b = points[i];
    if (a !== undefined && b !== undefined) length += Math.hypot(b.x - a.x, b.y - a.y);
  }
  return length;
}
