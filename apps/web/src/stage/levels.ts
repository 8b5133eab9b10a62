import type { HostRole, HostSpec, Scenario } from '@lvscope/scenario';

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

/** Steps from the clients: hosts at even levels, networks at odd ones. */
export interface Levels {
  readonly hosts: ReadonlyMap<string, number>;
  readonly networks: ReadonlyMap<string, number>;
}

/** How far everything is from the clients, along the cables. What no cable reaches stands last. */
export function levelsOf(scenario: Scenario): Levels {
  const hosts = new Map<string, number>();
  const networks = new Map<string, number>();
  const clients = scenario.hosts.filter((host) => host.role === 'client');
  const neighbours = neighboursOf(scenario);
  let edge = clients.filter((host) => !neighbours.includes(host));
  for (const host of edge) hosts.set(host.name, 0);
  for (let level = 0; edge.length > 0; level += 2) {
    const reached = new Set(edge.flatMap(cabled).filter((network) => !networks.has(network)));
    for (const network of reached) networks.set(network, level + 1);
    edge = scenario.hosts.filter((host) => !hosts.has(host.name) && cabled(host).some((n) => reached.has(n)));
    for (const host of edge) hosts.set(host.name, level + 2);
  }
  // neighbours of the servers stand where their segment's router does, not among the servers
  for (const host of neighbours) {
    const level = Math.min(...cabled(host).map((network) => networks.get(network) ?? 1));
    hosts.set(host.name, level - 1);
  }
  const last = Math.max(0, ...hosts.values()) + 2;
  for (const host of scenario.hosts) if (!hosts.has(host.name)) hosts.set(host.name, last);
  for (const network of scenario.networks)
    if (!networks.has(network.name)) networks.set(network.name, last - 1);
  return { hosts, networks };
}

/** Clients on a segment with servers or a director, beside others who come from further away. */
export function neighboursOf(scenario: Scenario): readonly HostSpec[] {
  const inside = scenario.hosts.filter(({ role }) => role === 'realserver' || role === 'director');
  const networks = new Set(inside.flatMap(cabled));
  const clients = scenario.hosts.filter((host) => host.role === 'client');
  const neighbours = clients.filter((host) => cabled(host).some((network) => networks.has(network)));
  return neighbours.length < clients.length ? neighbours : [];
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
