import type { HostRole, HostSpec, NetworkSpec, Scenario } from '@lvscope/scenario';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A host as a box around its centre, in pixels. */
export interface PlacedHost extends Point {
  readonly name: string;
  readonly role: HostRole;
  readonly width: number;
  readonly height: number;
  /** What stands under the name. */
  readonly address: string;
}

/** A segment that more than two hosts share, drawn upright. */
export interface Rail {
  readonly network: string;
  readonly label: string;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  /** Its name stands below. */
  readonly below: boolean;
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
  /** Segments of two hosts: where the prefix is written. */
  readonly labels: readonly (Point & { readonly text: string })[];
  /** Servers stand in a grid of small cells. */
  readonly compact: boolean;
  /** Servers that found no place. */
  readonly hidden: number;
  readonly narrow: boolean;
  /** Width of the load bars beside the servers; 0 = inside the boxes. */
  readonly barWidth: number;
}

/** Steps from the clients: hosts at even levels, networks at odd ones. */
export interface Levels {
  readonly hosts: ReadonlyMap<string, number>;
  readonly networks: ReadonlyMap<string, number>;
}

/** How far everything is from the clients, along the cables. What no cable reaches stands last. */
export function levelsOf(scenario: Scenario): Levels {
  const hosts = new Map<string, number>();
  const networks = new Map<string, number>();
  let edge = scenario.hosts.filter((host) => host.role === 'client');
  for (const host of edge) hosts.set(host.name, 0);
  for (let level = 0; edge.length > 0; level += 2) {
    const reached = new Set(edge.flatMap(cabled).filter((network) => !networks.has(network)));
    for (const network of reached) networks.set(network, level + 1);
    edge = scenario.hosts.filter((host) => !hosts.has(host.name) && cabled(host).some((n) => reached.has(n)));
    for (const host of edge) hosts.set(host.name, level + 2);
  }
  const last = Math.max(0, ...hosts.values()) + 2;
  for (const host of scenario.hosts) if (!hosts.has(host.name)) hosts.set(host.name, last);
  for (const network of scenario.networks)
    if (!networks.has(network.name)) networks.set(network.name, last - 1);
  return { hosts, networks };
}

/** The segments that a host has a cable to. */
export function cabled(host: HostSpec): string[] {
  return host.interfaces.filter((one) => one.network !== '').map((one) => one.network);
}

/** What stands under a host's name: its first address on a cable, or where a workload's sources begin. */
export function shownAddress(host: HostSpec, scenario: Scenario): string {
  const workload = scenario.workloads.find((one) => one.on === host.name);
  if (workload !== undefined) return workload.sources.first;
  const wired = host.interfaces.find((one) => one.network !== '' && one.addresses.length > 0);
  return wired?.addresses[0]?.split('/')[0] ?? '';
}

const MANY = 14;

interface Sizes {
  readonly box: number;
  readonly tall: number;
  readonly margin: number;
  readonly barWidth: number;
  readonly top: number;
}

function sizesFor(width: number, height: number, servers: number): Sizes {
  const narrow = width < 560;
  const box = narrow ? 74 : Math.min(124, Math.max(96, width * 0.125));
  const room = (height * 0.68) / Math.max(1, servers);
  const tall = narrow ? Math.min(44, Math.max(26, room - 8)) : Math.min(52, Math.max(24, room - 14));
  return {
    box,
    tall,
    margin: narrow ? 8 : 28,
    barWidth: narrow ? 0 : Math.min(150, width * 0.15),
    top: narrow ? 34 : 44,
  };
}

/** Places hosts, rails and cables for a stage of that many pixels. */
export function layOut(scenario: Scenario, width: number, height: number): Layout {
  const levels = levelsOf(scenario);
  const servers = scenario.hosts.filter((host) => host.role === 'realserver');
  const compact = servers.length > MANY;
  const sizes = sizesFor(width, height, compact ? MANY : servers.length);
  const xOf = columnsOf(levels, width, sizes);
  const hosts = placeHosts({ scenario, levels, width, height, sizes, xOf, compact });
  const rails = new Map<string, Rail>();
  const cables: Cable[] = [];
  const labels: (Point & { text: string })[] = [];
  const railed: Railed[] = [];
  for (const network of scenario.networks) {
    const members = membersOf(scenario, network.name, hosts);
    if (isPlainCable(members)) addCable(network, members, cables, labels);
    else if (members.length > 0) railed.push({ network, members });
  }
  for (const [i, rail] of railed.entries())
    addRail({ ...rail, ...railPlace(railed, i, levels, xOf), rails, cables });
  const narrow = width < 560;
  return {
    width,
    height,
    hosts,
    rails,
    cables,
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

/** Two hosts side by side need no rail. */
function isPlainCable(members: readonly PlacedHost[]): boolean {
  const [a, b] = members;
  return members.length === 2 && a !== undefined && b !== undefined && Math.abs(a.y - b.y) < 12;
}

/** Rails of one level stand beside each other; every other one has its name below. */
function railPlace(
  railed: readonly Railed[],
  index: number,
  levels: Levels,
  xOf: (level: number) => number,
): { x: number; below: boolean; label: string } {
  const levelOf = (one: Railed | undefined): number => levels.networks.get(one?.network.name ?? '') ?? 1;
  const level = levelOf(railed[index]);
  const same = railed.filter((one) => levelOf(one) === level);
  const place = same.findIndex((one) => one === railed[index]);
  const x = xOf(level) + (place - (same.length - 1) / 2) * railStep(same.length);
  return { x, below: place % 2 === 1, label: railLabel(same, place) };
}

function railStep(rails: number): number {
  return Math.min(32, 110 / rails);
}

/** Two rails have a name each; of more the first says how many others there are. */
function railLabel(same: readonly Railed[], place: number): string {
  const network = same[place]?.network;
  if (network === undefined || (same.length > 2 && place > 0)) return '';
  const others = same.length > 2 ? ` +${same.length - 1}` : '';
  return `${network.name} ${network.prefix}${others}`;
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

/** x of a level: hosts and networks alternate from left to right; the last hosts stand at the right edge. */
function columnsOf(levels: Levels, width: number, sizes: Sizes): (level: number) => number {
  const last = Math.max(2, ...levels.hosts.values());
  const left = sizes.margin + sizes.box / 2;
  const reserved = sizes.barWidth > 0 ? sizes.barWidth + 64 : 0;
  const right = width - sizes.margin - reserved - sizes.box / 2;
  return (level) => left + ((right - left) * level) / last;
}

interface Placing {
  readonly scenario: Scenario;
  readonly levels: Levels;
  readonly width: number;
  readonly height: number;
  readonly sizes: Sizes;
  readonly xOf: (level: number) => number;
  readonly compact: boolean;
}

function placeHosts(placing: Placing): Map<string, PlacedHost> {
  const { scenario, levels, height, sizes, xOf } = placing;
  const placed = new Map<string, PlacedHost>();
  const put = (host: HostSpec, x: number, y: number): void => {
    const box = {
      width: sizes.box,
      height: host.role === 'realserver' ? sizes.tall : Math.max(sizes.tall, 44),
    };
    placed.set(host.name, {
      name: host.name,
      role: host.role,
      x,
      y,
      ...box,
      address: shownAddress(host, scenario),
    });
  };
  const of = (...roles: HostRole[]): HostSpec[] => scenario.hosts.filter((host) => roles.includes(host.role));
  const middle = sizes.top + (height - sizes.top) * 0.42;
  spread(of('client', 'router'), levels, (host, level, i, n) =>
    put(host, xOf(level), middle + (i - (n - 1) / 2) * 84),
  );
  placeDirectors(placing, put);
  placeServers(placing, placed);
  return placed;
}

/** Between two segments (NAT) directors stand on the way, else at the top and close to the rail. */
function placeDirectors({ scenario, levels, height, sizes, xOf }: Placing, put: Put): void {
  const directors = scenario.hosts.filter((host) => host.role === 'director');
  directors.forEach((host, i) => {
    const level = levels.hosts.get(host.name) ?? 4;
    const between = cabled(host).some((network) => (levels.networks.get(network) ?? 0) > level);
    const x = between
      ? xOf(level)
      : Math.min(xOf(level), xOf(level - 1) + sizes.box / 2 + (sizes.barWidth > 0 ? 56 : 16));
    const y = between
      ? sizes.top + (height - sizes.top) * 0.42 + i * 84
      : sizes.top + 26 + i * (sizes.tall + 30);
    put(host, x, y);
  });
}

type Put = (host: HostSpec, x: number, y: number) => void;

function spread(
  hosts: readonly HostSpec[],
  levels: Levels,
  put: (host: HostSpec, level: number, i: number, n: number) => void,
): void {
  const levelOf = (host: HostSpec): number => levels.hosts.get(host.name) ?? 0;
  for (const level of new Set(hosts.map(levelOf))) {
    const group = hosts.filter((host) => levelOf(host) === level);
    group.forEach((host, i) => put(host, level, i, group.length));
  }
}

function placeServers(
  { scenario, levels, width, height, sizes, xOf, compact }: Placing,
  placed: Map<string, PlacedHost>,
): void {
  const servers = scenario.hosts.filter((host) => host.role === 'realserver');
  const directors = scenario.hosts.filter((host) => host.role === 'director');
  // the first one tells: a second stands below it either way
  const behind = (placed.get(directors[0]?.name ?? '')?.y ?? 0) > height * 0.3;
  const top = sizes.top + (behind ? 4 : 26 + directors.length * (sizes.tall + 30) - 18);
  const bottom = height - 18;
  if (compact) {
    placeGrid(
      scenario,
      servers,
      { left: xOf(last(levels) - 1) + 26 + railsBeside(levels), right: width - 14, top, bottom },
      placed,
    );
    return;
  }
  const step = (bottom - top) / Math.max(1, servers.length);
  servers.forEach((host, i) => {
    // all in one column, whatever segment they are on
    const x = xOf(last(levels));
    const box = { width: sizes.box, height: sizes.tall };
    const y = top + step * (i + 0.5);
    placed.set(host.name, {
      name: host.name,
      role: host.role,
      x,
      y,
      ...box,
      address: shownAddress(host, scenario),
    });
  });
}

/** How far the rails before the last hosts spread to the right. */
function railsBeside(levels: Levels): number {
  const rails = [...levels.networks.values()].filter((level) => level === last(levels) - 1).length;
  return ((rails - 1) / 2) * railStep(rails);
}

function last(levels: Levels): number {
  return Math.max(2, ...levels.hosts.values());
}

type Area = Readonly<Record<'left' | 'right' | 'top' | 'bottom', number>>;

/** The least that a cell needs to be read, with its gap; servers for which there is no room have none. */
const CELL = { width: 52, height: 21 };

function placeGrid(
  scenario: Scenario,
  servers: readonly HostSpec[],
  area: Area,
  placed: Map<string, PlacedHost>,
): void {
  const wide = area.right - area.left;
  const tall = area.bottom - area.top;
  const most = {
    columns: Math.max(1, Math.floor(wide / CELL.width)),
    rows: Math.max(1, Math.floor(tall / CELL.height)),
  };
  const shown = servers.slice(0, most.columns * most.rows);
  const square = Math.ceil(Math.sqrt((shown.length * wide) / tall / 2.2));
  const columns = Math.min(most.columns, Math.max(square, Math.ceil(shown.length / most.rows)));
  const rows = Math.ceil(shown.length / columns);
  const pitch = Math.min(46, tall / rows);
  const cell = { width: wide / columns - 6, height: Math.min(34, pitch - 6) };
  shown.forEach((host, i) => {
    const x = area.left + (wide / columns) * ((i % columns) + 0.5);
    const y = area.top + pitch * (Math.floor(i / columns) + 0.5);
    const address = shownAddress(host, scenario);
    placed.set(host.name, { name: host.name, role: host.role, x, y, ...cell, address });
  });
}

function addCable(
  network: NetworkSpec,
  members: readonly PlacedHost[],
  cables: Cable[],
  labels: (Point & { text: string })[],
): void {
  const [a, b] = members.toSorted((one, other) => one.x - other.x);
  if (a === undefined || b === undefined) return;
  const from = { x: a.x + a.width / 2, y: a.y };
  const to = { x: b.x - b.width / 2, y: b.y };
  cables.push({ network: network.name, hosts: [a.name, b.name], from, to });
  labels.push({
    x: (from.x + to.x) / 2,
    y: Math.max(a.y + a.height, b.y + b.height) / 2 + a.y / 2 + 24,
    text: network.prefix,
  });
}

interface RailToAdd {
  readonly network: NetworkSpec;
  readonly members: readonly PlacedHost[];
  readonly x: number;
  readonly below: boolean;
  readonly label: string;
  readonly rails: Map<string, Rail>;
  readonly cables: Cable[];
}

function addRail({ network, members, x, below, label, rails, cables }: RailToAdd): void {
  const ys = members.map((member) => member.y);
  const top = Math.min(...ys) - 26;
  const bottom = Math.max(...ys) + 18;
  rails.set(network.name, { network: network.name, x, top, bottom, below, label });
  for (const { name, x: at, y, width } of members) {
    const side = at > x ? at - width / 2 : at + width / 2;
    cables.push({ network: network.name, hosts: [name], from: { x, y }, to: { x: side, y } });
  }
}
