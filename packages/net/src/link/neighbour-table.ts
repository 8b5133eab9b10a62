import type { Ipv4 } from '@lvscope/inet';
import { interfaceByName } from '../configuration.ts';
import type { Host, NetHooks, NetWorld } from '../state.ts';
import { removeNeighbour } from './create.ts';
import { macId } from './mac.ts';
import { createNeighbour, findNeighbour, HZ, isValid, ticksNow, updateNeighbour } from './neighbours.ts';
import type { NudState } from './state.ts';

/** A line of `ip -s neigh show`. */
export interface NeighbourRow {
  readonly address: Ipv4;
  readonly device: string;
  /** 48 bits; undefined while it has none. */
  readonly mac: number | undefined;
  readonly state: NudState;
  /** Seconds since it was used, confirmed, changed. */
  readonly used: number;
  readonly confirmed: number;
  readonly updated: number;
  readonly probes: number;
  /** Packets that wait for its answer. */
  readonly waiting: number;
}

/** A host's neighbour cache, in the order in which entries came. Empty at connection level. */
export function listNeighbours(world: NetWorld, host: Host, device?: string): NeighbourRow[] {
  const { link } = world.net;
  if (link === undefined) return [];
  const now = ticksNow(world);
  const rows: NeighbourRow[] = [];
  for (const nic of host.interfaces) {
    if (device !== undefined && nic.name !== device) continue;
    for (const entry of link.ports[nic.id]!.neighbours.values()) {
      if (entry.state === 'NONE' || (entry.state === 'NOARP' && device === undefined)) continue;
      rows.push({
        address: entry.address as Ipv4,
        device: nic.name,
        mac: isValid(entry.state) ? link.macs[entry.mac] : undefined,
        state: entry.state,
        used: Math.floor((now - entry.used) / HZ),
        confirmed: Math.floor((now - entry.confirmed) / HZ),
        updated: Math.floor((now - entry.updated) / HZ),
        probes: entry.probes,
        waiting: entry.queue.length,
      });
    }
  }
  return rows;
}

/** `ip neigh replace … lladdr … dev … nud …`. @returns false where there is no such device */
export function replaceNeighbour(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  device: string,
  address: Ipv4 | number,
  mac: number,
  state: NudState = 'PERMANENT',
): boolean {
  const nic = interfaceByName(host, device);
  const { link } = world.net;
  if (nic === undefined || link === undefined) return false;
  const entry = findNeighbour(world, nic, address) ?? createNeighbour(world, nic, address);
  updateNeighbour(world, hooks, entry, macId(link, mac), state, true, true);
  return true;
}

/** `ip neigh del`. @returns false where there is no such entry */
export function deleteNeighbour(
  world: NetWorld,
  host: Host,
  device: string,
  address: Ipv4 | number,
): boolean {
  const nic = interfaceByName(host, device);
  if (nic === undefined || world.net.link === undefined) return false;
  const entry = findNeighbour(world, nic, address);
  if (entry === undefined) return false;
  removeNeighbour(world.net.link, entry);
  return true;
}

/** `ip neigh flush dev …`: all but PERMANENT and NOARP entries. @returns how many */
export function flushNeighbours(world: NetWorld, host: Host, device?: string, address?: number): number {
  const { link } = world.net;
  if (link === undefined) return 0;
  let flushed = 0;
  for (const nic of host.interfaces) {
    if (device !== undefined && nic.name !== device) continue;
    for (const entry of link.ports[nic.id]!.neighbours.values()) {
      if (entry.state === 'PERMANENT' || entry.state === 'NOARP') continue;
      if (address !== undefined && entry.address !== address) continue;
      removeNeighbour(link, entry);
      flushed++;
    }
  }
  return flushed;
}
