import type { NetWorld, Network } from '../state.ts';
import type { LinkLayer, Neighbour, NudState } from './state.ts';

/** What became of a neighbour entry of a watched address. */
export interface NeighbourChange {
  /** ns */
  readonly at: number;
  /** Index in `net.interfaces`: whose cache it is. */
  readonly interfaceId: number;
  readonly address: number;
  /** GONE: the entry was taken out of the cache. */
  readonly state: NudState | 'GONE';
  /** 48 bits; 0 = none. */
  readonly mac: number;
  /** The host whose interface had that MAC then; -1 = nobody. */
  readonly owner: number;
}

/** Which addresses are watched, and what was seen. It decides nothing. */
export interface NeighbourWatch {
  addresses: readonly number[];
  /** Oldest first. */
  changes: NeighbourChange[];
  /** Entries that were removed by somebody who does not know the time; they get it from the next to look. */
  removed: { readonly interfaceId: number; readonly address: number }[];
}

/** Changes that are kept; of more, those that only say that the same MAC is trusted otherwise go first. */
const MOST_CHANGES = 4000;

export function createNeighbourWatch(): NeighbourWatch {
  return { addresses: [], changes: [], removed: [] };
}

/** From now on the neighbour entries of these addresses are watched, on every host. */
export function watchNeighbours(net: Network, addresses: readonly number[]): void {
  if (net.link !== undefined) net.link.watch.addresses = addresses;
}

/** What was seen of watched addresses, oldest first; empty at connection level. */
export function neighbourChanges(world: NetWorld): readonly NeighbourChange[] {
  const { link } = world.net;
  if (link === undefined) return [];
  settleRemoved(world, link);
  return link.watch.changes;
}

/** An entry has another state or another MAC. */
export function noteNeighbour(world: NetWorld, entry: Neighbour): void {
  const link = world.net.link!;
  const { watch } = link;
  if (!watch.addresses.includes(entry.address)) return;
  settleRemoved(world, link);
  const mac = link.macs[entry.mac] ?? 0;
  const { interfaceId, address, state } = entry;
  add(watch, {
    at: world.sim.now,
    interfaceId,
    address,
    state,
    mac,
    owner: ownerOf(world, interfaceId, mac),
  });
}

/** An entry is taken out of its cache. */
export function noteRemoval(link: LinkLayer, entry: Neighbour): void {
  const { interfaceId, address } = entry;
  if (link.watch.addresses.includes(address)) link.watch.removed.push({ interfaceId, address });
}

function settleRemoved(world: NetWorld, { watch }: LinkLayer): void {
  for (const { interfaceId, address } of watch.removed.splice(0)) {
    add(watch, { at: world.sim.now, interfaceId, address, state: 'GONE', mac: 0, owner: -1 });
  }
}

function ownerOf({ net }: NetWorld, interfaceId: number, mac: number): number {
  if (mac === 0) return -1;
  const segment = net.segments[net.interfaces[interfaceId]!.segment];
  return segment?.interfaces.find((nic) => nic.mac === mac)?.host ?? -1;
}

function add(watch: NeighbourWatch, change: NeighbourChange): void {
  watch.changes.push(change);
  if (watch.changes.length > MOST_CHANGES) watch.changes = thinned(watch.changes);
}

/** Leaves out what only says that the same MAC is trusted otherwise; if that is not enough, the oldest. */
function thinned(changes: readonly NeighbourChange[]): NeighbourChange[] {
  const before = new Map<string, NeighbourChange>();
  const kept = changes.filter((change) => {
    const key = `${change.interfaceId}/${change.address}`;
    const last = before.get(key);
    before.set(key, change);
    return last?.mac !== change.mac || (last.state === 'FAILED') !== (change.state === 'FAILED');
  });
  return kept.slice(-MOST_CHANGES / 2);
}
