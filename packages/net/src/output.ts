import { fingerprint } from '@lvscope/des';
import { dropPacket } from './drop.ts';
import { filterPacket, LET_THROUGH } from './filter.ts';
import { redirectOutput } from './nat-redirect.ts';
import { waitForNeighbour } from './neighbour-queue.ts';
import { COUNT, JOURNEY, PACKET, PACKET_REALS, PAYLOAD } from './packet-row.ts';
import { mixContents } from './packet-print.ts';
import { changePacket, routedTo } from './packets.ts';
import { findPath } from './paths.ts';
import type { FilterHook } from './rules.ts';
import type { Host, NetHooks, NetWorld, PacketId, Path } from './state.ts';
import { transmitOver } from './transmit.ts';

/** Feeds a sent packet into the trajectory's fingerprint; at packet level its frames are. */
export function mixPacket(world: NetWorld, packet: PacketId): void {
  if (world.net.link === undefined) mixSegment(world, packet);
}

function mixSegment({ net, sim }: NetWorld, packet: PacketId): void {
  const { rows, reals } = net.packets;
  net.print ??= fingerprint(sim, 'segments');
  const count = rows[(packet << PACKET) | COUNT]!;
  mixContents(net.print, sim, rows, packet, reals[(packet << PACKET_REALS) | PAYLOAD]!, count);
}

/**
 * Shows a packet to a chain of the filter table and sends what a rule answers.
 * @param into the interface that it came in by, undefined for the host's own
 * @returns whether the packet is gone
 */
export function filterDrops(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  hook: FilterHook,
  packet: PacketId,
  into: string | undefined,
): boolean {
  const answer = filterPacket(world, hooks, host, hook, packet, into);
  if (answer >= 0) output(world, hooks, host, answer);
  return answer !== LET_THROUGH;
}

/**
 * Sends a packet that the host itself has made: LOCAL_OUT, then the route.
 * @param path there, where that was found already: no hook changes where a packet goes
 * @returns false when there is no route; the packet is gone in every case
 */
export function output(world: NetWorld, hooks: NetHooks, host: Host, packet: PacketId, path?: Path): boolean {
  mixPacket(world, packet);
  if (!host.power) {
    dropPacket(world, hooks, host, packet, 'host-down');
    return true;
  }
  if (host.role === 'director' && hooks.localOut !== undefined) {
    if (hooks.localOut(world, host, packet) === 'stolen') return true;
  }
  if (host.filter !== undefined && filterDrops(world, hooks, host, 'OUTPUT', packet, undefined)) return true;
  if (host.redirected.size > 0) redirectOutput(world, host, packet);
  const pool = world.net.packets;
  // a packet of the host's own begins a journey
  pool.reals[(packet << PACKET_REALS) | JOURNEY] = 0;
  changePacket(pool, packet);
  const towards = routedTo(pool, packet);
  switch (transmitOver(world, hooks, host, packet, path ?? findPath(world, host, towards, towards))) {
    case 'sent':
      return true;
    case 'unresolved':
      waitForNeighbour(world, hooks, host, packet, towards);
      return true;
    case 'no-route':
      dropPacket(world, hooks, host, packet, 'no-route');
      return false;
  }
}
