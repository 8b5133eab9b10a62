import { services } from '@lvscope/ipvs';
import type { Host } from '@lvscope/net';
import type { World } from '../world.ts';
import { remember } from './state.ts';

/** Addresses that directors hold for others: virtual ones, and those that move. By the host at hand. */
function watch(world: World, host: Host): void {
  const director = world.directors.find((one) => one.host === host.id);
  if (director === undefined) return;
  const watched = world.ha.watched;
  for (const { key } of services(director.ipvs)) if (key.kind === 'address') watched.add(key.address);
  for (const nic of host.interfaces) {
    if (nic.segment < 0) continue;
    for (const { address } of nic.addresses.slice(1)) watched.add(address);
  }
}

/** Whether a host would answer for an address on a wire of its own. */
export function holds(host: Host, address: number): boolean {
  if (!host.power) return false;
  return host.interfaces.some(
    (nic) => nic.segment >= 0 && nic.up && nic.addresses.some((one) => one.address === address),
  );
}

/** Who held an address at last. */
export function lastHolders(world: World, address: number): readonly number[] {
  return world.ha.holders.findLast((change) => change.address === address)?.hosts ?? [];
}

/** After anything that may have moved an address to or from a host: who holds what now. */
export function noteMoves(world: World, host: Host): void {
  watch(world, host);
  for (const address of world.ha.watched) {
    const before = lastHolders(world, address);
    const candidates = new Set([...before, host.id, ...world.directors.map((director) => director.host)]);
    const hosts = [...candidates].filter((id) => holds(world.net.hosts[id]!, address)).sort((a, b) => a - b);
    if (hosts.join(' ') === before.join(' ')) continue;
    remember(world.ha.holders, { at: world.sim.now, address, hosts });
    if (world.sim.now > 0) noteTakeOver(world, address, before, hosts);
  }
}

/** Within so long of the last one it is the same fail-over. */
const SAME_NS = 300e9;

function noteTakeOver(
  world: World,
  address: number,
  before: readonly number[],
  hosts: readonly number[],
): void {
  const { takeOvers } = world.ha;
  const now = world.sim.now;
  const newcomer = hosts.find((id) => !before.includes(id));
  const open = takeOvers.findLast(
    (one) => one.address === address && one.takenAt < 0 && now - one.at < SAME_NS,
  );
  if (open !== undefined) {
    if (newcomer === undefined) return;
    open.takenAt = now;
    open.takenBy = newcomer;
    return;
  }
  // the first holder ever, and one of two that gives up, are none
  if (newcomer === undefined ? hosts.length > 0 : before.length === 0) return;
  remember(takeOvers, {
    address,
    at: now,
    before,
    takenAt: newcomer === undefined ? -1 : now,
    takenBy: newcomer ?? -1,
    kept: new Set<number>(),
    lost: 0,
  });
}
