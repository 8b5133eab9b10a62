import type { HostRole, HostSpec, Scenario } from '@lvscope/scenario';
import { cabled, type Levels, neighboursOf, type PlacedHost, shownAddress } from './levels.ts';

/** What stands at the foot of the stage on the left, pixels. */
export const LEGEND = { width: 330, height: 44 } as const;

/** From more servers than that on they stand in a grid. */
export const MANY = 14;

export interface Sizes {
  readonly box: number;
  readonly tall: number;
  readonly margin: number;
  readonly barWidth: number;
  readonly top: number;
}

/** @param depth level of the last hosts; 6 and more need room for the segments between them */
export function sizesFor(width: number, height: number, servers: number, depth: number): Sizes {
  const narrow = width < 560;
  const deep = depth >= 6;
  const box = narrow ? 74 : deep ? Math.min(116, width * 0.122) : Math.min(124, Math.max(96, width * 0.125));
  const room = (height * 0.68) / Math.max(1, servers);
  const tall = narrow ? Math.min(44, Math.max(26, room - 8)) : Math.min(52, Math.max(24, room - 14));
  return {
    box,
    tall,
    margin: narrow ? 8 : 28,
    barWidth: narrow ? 0 : Math.min(deep ? 80 : 150, width * (deep ? 0.08 : 0.15)),
    top: narrow ? 34 : 44,
  };
}

/** x of a level: hosts and networks alternate from left to right; the last stand at the right edge. */
export function columnsOf(levels: Levels, width: number, sizes: Sizes): (level: number) => number {
  const last = Math.max(2, ...levels.hosts.values(), ...levels.networks.values());
  const left = sizes.margin + sizes.box / 2;
  const reserved = sizes.barWidth > 0 ? sizes.barWidth + 56 : 0;
  const right = width - sizes.margin - reserved - sizes.box / 2;
  return (level) => left + ((right - left) * level) / last;
}

export interface Placing {
  readonly scenario: Scenario;
  readonly levels: Levels;
  readonly width: number;
  readonly height: number;
  readonly sizes: Sizes;
  readonly xOf: (level: number) => number;
  readonly compact: boolean;
}

/** Gives every host its place. */
export function placeHosts(placing: Placing): Map<string, PlacedHost> {
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
  const below = new Set(neighboursOf(scenario));
  const above = of('client', 'router').filter((host) => !below.has(host));
  spread(above, levels, (host, level, i, n) => put(host, xOf(level), middle + (i - (n - 1) / 2) * 84));
  // the cables to the servers leave the middle free of them
  spread([...below], levels, (host, level, i) => put(host, xOf(level), height - LEGEND.height - 32 - i * 60));
  placeDirectors(placing, put);
  placeServers(placing, placed);
  return placed;
}

/**
 * Between two segments (NAT) directors stand on the way; at the top where there are servers on this side as
 * well, for their cables pass below; else at the top and close to the rail.
 */
function placeDirectors({ scenario, levels, height, sizes, xOf }: Placing, put: Put): void {
  const directors = scenario.hosts.filter((host) => host.role === 'director');
  const bypassed = isMixed(scenario, levels);
  // a cable between directors alone leads nowhere
  const used = new Set(scenario.hosts.flatMap((host) => (host.role === 'realserver' ? cabled(host) : [])));
  directors.forEach((host, i) => {
    const level = levels.hosts.get(host.name) ?? 4;
    const between = cabled(host).some(
      (network) => used.has(network) && (levels.networks.get(network) ?? 0) > level,
    );
    const x = between
      ? xOf(level)
      : Math.min(
          xOf(level),
          xOf(level - 1) + railsBeside(levels) + sizes.box / 2 + (sizes.barWidth > 0 ? 56 : 16),
        );
    const y =
      between && !bypassed
        ? sizes.top + (height - sizes.top) * 0.42 + i * 84
        : sizes.top + 26 + i * (sizes.tall + 30);
    put(host, x, y);
  });
}

/** Whether servers stand on both sides of a director. */
function isMixed(scenario: Scenario, levels: Levels): boolean {
  const servers = scenario.hosts.filter((host) => host.role === 'realserver');
  const depths = servers.map((host) => depthOf(host, levels));
  return new Set(depths).size > 1;
}

/** Level of the segment that a host is on. */
function depthOf(host: HostSpec, levels: Levels): number {
  return Math.min(...cabled(host).map((network) => levels.networks.get(network) ?? 0));
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
  const servers = scenario.hosts
    .filter((host) => host.role === 'realserver')
    // those behind the director first, next to it
    .toSorted((a, b) => depthOf(b, levels) - depthOf(a, levels));
  const directors = scenario.hosts.filter((host) => host.role === 'director');
  const beside = directors.length;
  // the first one tells: a second stands below it either way
  const behind = (placed.get(directors[0]?.name ?? '')?.y ?? 0) > height * 0.3;
  const top = sizes.top + (behind ? 4 : 26 + beside * (sizes.tall + 30) - 18);
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

/** Between two rails of one level, pixels. */
export function railStep(rails: number): number {
  return Math.min(32, 110 / rails);
}

/** How far the rails before the last hosts spread to the right. */
function railsBeside(levels: Levels): number {
  const rails = [...levels.networks.values()].filter((level) => level === last(levels) - 1).length;
  return ((rails - 1) / 2) * railStep(rails);
}

function last(levels: Levels): number {
  return Math.max(2, ...levels.hosts.values());
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

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
