import type { HostSpec, NetworkSpec, Scenario } from '@lvscope/scenario';
import { type Label, placeLabels } from './labels.ts';
import { cabled, type Levels, levelsOf, type PlacedHost, type Point } from './levels.ts';
import { columnsOf, MANY, placeHosts, railStep, sizesFor } from './place.ts';
import { portOf, portsOf, type Segment } from './ports.ts';

export { cabled, levelsOf, type PlacedHost, type Point } from './levels.ts';

/** A segment that more than two hosts share, drawn upright. */
export interface Rail {
  readonly network: string;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** A host's cable to a rail, or a segment of two hosts drawn as one cable. */
export interface Cable {
  readonly network: string;
  /** The host at `to`; of a segment of two, both of them. */
  readonly hosts: readonly string[];
  readonly from: Point;
  readonly to: Point;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly hosts: ReadonlyMap<string, PlacedHost>;
  readonly rails: ReadonlyMap<string, Rail>;
  readonly cables: readonly Cable[];
  /** How far from a host's middle its cable to a segment ends: `host network`. */
  readonly ports: ReadonlyMap<string, number>;
  /** What the segments are called. */
  readonly labels: readonly Label[];
  /** Servers stand in a grid of small cells. */
  readonly compact: boolean;
  /** Servers that found no place. */
  readonly hidden: number;
  readonly narrow: boolean;
  /** Width of the load bars beside the servers; 0 = inside the boxes. */
  readonly barWidth: number;
}

/** Places hosts, rails and cables for a stage of that many pixels. */
export function layOut(scenario: Scenario, width: number, height: number): Layout {
  const levels = levelsOf(scenario);
  const servers = scenario.hosts.filter((host) => host.role === 'realserver');
  const compact = servers.length > MANY;
  const depth = Math.max(2, ...levels.hosts.values());
  const sizes = sizesFor(width, height, compact ? MANY : servers.length, depth);
  const xOf = columnsOf(levels, width, sizes);
  const hosts = placeHosts({ scenario, levels, width, height, sizes, xOf, compact });
  const rails = new Map<string, Rail>();
  const cables: Cable[] = [];
  const plain: Railed[] = [];
  const railed: Railed[] = [];
  for (const network of scenario.networks) {
    const members = membersOf(scenario, network.name, hosts);
    if (isPlainCable(members)) plain.push({ network, members });
    else if (members.length > 0) railed.push({ network, members });
  }
  // what leads down stands left of what leads up, so that they do not cross
  railed.sort((a, b) => meanOf(b) - meanOf(a));
  const places = railed.map((rail, i) => ({ ...rail, x: railX(railed, i, levels, xOf) }));
  const ports = compact
    ? new Map<string, number>()
    : portsOf([...plain.map(asSegment), ...places.map(asSegment)]);
  for (const { network, members } of plain) addCable(network, members, cables);
  for (const rail of places) addRail({ ...rail, ports, rails, cables });
  const narrow = width < 560;
  const names = [
    ...places.map(({ network }) => ({
      network: network.name,
      texts: [...(narrow ? [] : [`${network.name} ${network.prefix}`]), network.prefix, network.name],
    })),
    ...(narrow ? [] : plain.map(({ network }) => ({ network: network.name, texts: [network.prefix] }))),
  ];
  const all = [...hosts.values()];
  const labels = placeLabels({ width, height, hosts: all, rails: [...rails.values()], cables }, names);
  return {
    width,
    height,
    hosts,
    rails,
    cables,
    ports,
    labels,
    compact,
    hidden: hiddenOf(servers, hosts),
    narrow,
    barWidth: sizes.barWidth,
  };
}

function hiddenOf(servers: readonly HostSpec[], placed: ReadonlyMap<string, PlacedHost>): number {
  return servers.filter((host) => !placed.has(host.name)).length;
}

interface Railed {
  readonly network: NetworkSpec;
  readonly members: readonly PlacedHost[];
}

function meanOf({ members }: Railed): number {
  return members.reduce((sum, { y }) => sum + y, 0) / Math.max(1, members.length);
}

/** A plain cable stands between its hosts. */
function asSegment(one: Railed & { readonly x?: number }): Segment {
  const middle = one.members.reduce((sum, { x }) => sum + x, 0) / one.members.length;
  return { network: one.network.name, members: one.members, x: one.x ?? middle };
}

/** Two hosts side by side need no rail. */
function isPlainCable(members: readonly PlacedHost[]): boolean {
  const [a, b] = members;
  return members.length === 2 && a !== undefined && b !== undefined && Math.abs(a.y - b.y) < 12;
}

/** Rails of one level stand beside each other. */
function railX(
  railed: readonly Railed[],
  index: number,
  levels: Levels,
  xOf: (level: number) => number,
): number {
  const levelOf = (one: Railed | undefined): number => levels.networks.get(one?.network.name ?? '') ?? 1;
  const level = levelOf(railed[index]);
  const same = railed.filter((one) => levelOf(one) === level);
  const place = same.findIndex((one) => one === railed[index]);
  return xOf(level) + (place - (same.length - 1) / 2) * railStep(same.length);
}

function membersOf(
  scenario: Scenario,
  network: string,
  placed: ReadonlyMap<string, PlacedHost>,
): PlacedHost[] {
  const members: PlacedHost[] = [];
  for (const host of scenario.hosts) {
    const place = placed.get(host.name);
    if (place !== undefined && cabled(host).includes(network)) members.push(place);
  }
  return members;
}

function addCable(network: NetworkSpec, members: readonly PlacedHost[], cables: Cable[]): void {
  const [a, b] = members.toSorted((one, other) => one.x - other.x);
  if (a === undefined || b === undefined) return;
  const from = { x: a.x + a.width / 2, y: a.y };
  const to = { x: b.x - b.width / 2, y: b.y };
  cables.push({ network: network.name, hosts: [a.name, b.name], from, to });
}

interface RailToAdd {
  readonly network: NetworkSpec;
  readonly members: readonly PlacedHost[];
  readonly x: number;
  readonly ports: ReadonlyMap<string, number>;
  readonly rails: Map<string, Rail>;
  readonly cables: Cable[];
}

function addRail({ network, members, x, ports, rails, cables }: RailToAdd): void {
  const endOf = (member: PlacedHost): number => member.y + portOf(ports, member.name, network.name);
  const ys = members.map(endOf);
  const top = Math.min(...ys) - 26;
  const bottom = Math.max(...ys) + 18;
  rails.set(network.name, { network: network.name, x, top, bottom });
  for (const member of members) {
    const side = member.x > x ? member.x - member.width / 2 : member.x + member.width / 2;
    const y = endOf(member);
    cables.push({ network: network.name, hosts: [member.name], from: { x, y }, to: { x: side, y } });
  }
}
