import { formatIpv4, formatMac, type Ipv4 } from '@lvscope/inet';
import { services } from '@lvscope/ipvs';
import { type NeighbourChange, neighbourChanges, type NudState, watchNeighbours } from '@lvscope/net';
import type { World } from './world.ts';

/** Who held a virtual address from some time on. */
export interface HolderChange {
  /** ns */
  readonly at: number;
  readonly address: number;
  /** Directors with power that have the address on a wire that is up, by index; several = split brain. */
  readonly hosts: readonly number[];
}

/** One host's neighbour entry for a virtual address, from one change to the next. */
export interface BeliefChange {
  readonly atNs: number;
  readonly state: NudState | 'GONE';
  /** undefined while it has none. */
  readonly mac: string | undefined;
  /** The host that has this MAC; undefined where nobody has it. */
  readonly owner: string | undefined;
}

export interface HostBelief {
  readonly host: string;
  readonly device: string;
  /** The device on which the host has the address itself, such as lo: it asks nobody. */
  readonly own: string | undefined;
  readonly changes: readonly BeliefChange[];
}

/** Who believes what of one virtual address. Without rows at connection level, where nobody asks. */
export interface BeliefHistory {
  readonly address: string;
  readonly holders: readonly { readonly atNs: number; readonly hosts: readonly string[] }[];
  /** The interfaces on the address's segment, in the order of the scenario. */
  readonly rows: readonly HostBelief[];
}

const MOST_HOLDERS = 2000;

/** The virtual addresses: those of the directors' services, and those that the workloads ask. */
function virtualAddresses(world: World): number[] {
  const found = new Set<number>();
  for (const { ipvs } of world.directors) {
    for (const { key } of services(ipvs)) if (key.kind === 'address') found.add(key.address);
  }
  for (const { targets } of world.workloads) for (const target of targets) found.add(target.address);
  return [...found];
}

/** After something changed on a host, and once a second: who holds the virtual addresses now. */
export function noteHolders(world: World): void {
  if (world.net.link === undefined) return;
  const addresses = virtualAddresses(world);
  watchNeighbours(world.net, addresses);
  neighbourChanges(world);
  const { holders } = world.observation;
  for (const address of addresses) {
    const hosts = holdersOf(world, address);
    // of one instant the last counts: set-ups put addresses on one after the other
    const within = holders.findIndex((one) => one.address === address && one.at === world.sim.now);
    if (within >= 0) holders.splice(within, 1);
    const last = holders.findLast((one) => one.address === address);
    if (last !== undefined && last.hosts.join() === hosts.join()) continue;
    holders.push({ at: world.sim.now, address, hosts });
  }
  if (holders.length > MOST_HOLDERS) holders.splice(0, holders.length - MOST_HOLDERS);
}

function holdersOf(world: World, address: number): number[] {
  const holds = (index: number): boolean => {
    const host = world.net.hosts[index]!;
    return (
      host.power &&
      host.interfaces.some(
        (nic) => nic.segment >= 0 && nic.up && nic.addresses.some((one) => one.address === address),
      )
    );
  };
  return world.directors.map((director) => director.host).filter(holds);
}

/** Who believed what of the virtual addresses, one history each. */
export function beliefs(world: World): BeliefHistory[] {
  const changes = neighbourChanges(world);
  return virtualAddresses(world).map((address) => ({
    address: formatIpv4(address as Ipv4),
    holders: world.observation.holders
      .filter((one) => one.address === address)
      .map(({ at, hosts }) => ({ atNs: at, hosts: hosts.map((host) => world.net.hosts[host]!.name) })),
    rows: rowsOf(world, address, changes),
  }));
}

function rowsOf(world: World, address: number, changes: readonly NeighbourChange[]): HostBelief[] {
  if (world.net.link === undefined) return [];
  const segment = world.net.segments.find(
    (one) => one.prefixLength > 0 && sameNetwork(address, one.network, one.prefixLength),
  );
  const own = changes.filter((change) => change.address === address);
  const asked = new Set(own.map((change) => change.interfaceId));
  const shown = world.net.interfaces.filter(
    (nic) => nic.segment >= 0 && (nic.segment === segment?.id || asked.has(nic.id)),
  );
  return shown.map((nic) => {
    const host = world.net.hosts[nic.host]!;
    return {
      host: host.name,
      device: nic.name,
      own: host.interfaces.find((one) => one.addresses.some((held) => held.address === address))?.name,
      changes: own.filter((change) => change.interfaceId === nic.id).map((change) => beliefOf(world, change)),
    };
  });
}

function beliefOf(world: World, { at, state, mac, owner }: NeighbourChange): BeliefChange {
  return {
    atNs: at,
    state,
    mac: mac === 0 || state === 'INCOMPLETE' || state === 'FAILED' ? undefined : formatMac(mac),
    owner: world.net.hosts[owner]?.name,
  };
}

function sameNetwork(a: number, b: number, prefixLength: number): boolean {
  const size = 2 ** (32 - prefixLength);
  return Math.floor(a / size) === Math.floor(b / size);
}
