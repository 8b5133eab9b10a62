import { isLocal } from '../addresses.ts';
import { freePacket } from '../packets.ts';
import { exceptionFor } from '../route-exceptions.ts';
import type { Host, NetHooks, NetInterface, NetWorld, PacketId } from '../state.ts';
import { slicePacket } from '../trains.ts';
import { cut, wireLength } from './fragments.ts';
import { shareJourney } from './journeys.ts';
import { neighbourOutput } from './neighbours.ts';

/**
 * Sends a packet out of an interface to its next hop. A train is taken apart: on the wire each packet is a
 * frame. The packet is the function's from here on.
 */
export function sendToNextHop(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  nic: NetInterface,
  packet: PacketId,
  nextHop: number,
): void {
  const pool = world.net.packets;
  const count = pool.count[packet]!;
  let { mtu } = nic;
  // what the host itself has made is cut by what it knows of the path
  if (host.exceptions.size > 0 && isLocal(host, pool.source[packet]!)) {
    mtu = Math.min(mtu, exceptionFor(world, host, pool.destination[packet]!)?.mtu || mtu);
  }
  if (count === 1 && wireLength(world.net, packet) > mtu) {
    for (const piece of cut(world, packet, mtu)) neighbourOutput(world, hooks, host, nic, piece, nextHop);
    return;
  }
  if (count === 1) return neighbourOutput(world, hooks, host, nic, packet, nextHop);
  const link = world.net.link!;
  for (let i = 0; i < count; i++) {
    const piece = slicePacket(pool, packet, i, i + 1);
    shareJourney(link, packet, piece);
    sendToNextHop(world, hooks, host, nic, piece, nextHop);
  }
  freePacket(pool, packet);
}
