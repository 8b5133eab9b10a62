import { isLocal } from '../addresses.ts';
import { COUNT, DESTINATION, OPTIONS, PACKET, SOURCE } from '../packet-row.ts';
import { freePacket, packetLength } from '../packets.ts';
import { exceptionFor } from '../route-exceptions.ts';
import type { Host, NetHooks, NetWorld, PacketId, Path } from '../state.ts';
import { slicePacket } from '../trains.ts';
import { cut, OPTION_FRAGMENT, wireLength } from './fragments.ts';
import { neighbourOf, neighbourOutput, takesAtOnce } from './neighbours.ts';
import { putOnWire } from './put-on-wire.ts';
import { queueWasFull } from './send.ts';
import { PLUGGED, WIRE } from './wires.ts';

/**
 * Sends a packet over a path to its next hop. The packet is the function's from here on. What nearly every
 * packet is, whole, within the MTU and for a neighbour that is known, goes straight onto the wire.
 */
export function sendToNextHop(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  packet: PacketId,
  path: Path,
): void {
  const { net } = world;
  const { rows } = net.packets;
  const o = packet << PACKET;
  const nic = path.out[0]!;
  const entry = path.neighbour;
  if (
    entry === undefined ||
    rows[o | COUNT] !== 1 ||
    (rows[o | OPTIONS]! & OPTION_FRAGMENT) !== 0 ||
    host.exceptions.size > 0 ||
    host.taps.length > 0 ||
    (net.wires.words[nic.id << WIRE]! & PLUGGED) === 0 ||
    (entry.state !== 'REACHABLE' && !takesAtOnce(world, entry))
  ) {
    return sendWithCare(world, hooks, host, packet, path);
  }
  const bytes = packetLength(net.packets, packet);
  if (bytes > nic.mtu) return sendWithCare(world, hooks, host, packet, path);
  if (putOnWire(world, nic.id, packet, bytes, entry.mac) === false) {
    queueWasFull(world, hooks, host, nic, packet);
  }
}

/** A train is taken apart: on the wire each packet is a frame. */
function sendWithCare(world: NetWorld, hooks: NetHooks, host: Host, packet: PacketId, path: Path): void {
  const pool = world.net.packets;
  const count = pool.rows[(packet << PACKET) | COUNT]!;
  if (count > 1) return sendOneByOne(world, hooks, host, packet, path);
  const nic = path.out[0]!;
  let { mtu } = nic;
  // what the host itself has made is cut by what it knows of the path
  if (host.exceptions.size > 0 && isLocal(host, pool.rows[(packet << PACKET) | SOURCE]!)) {
    mtu = Math.min(mtu, exceptionFor(world, host, pool.rows[(packet << PACKET) | DESTINATION]!)?.mtu || mtu);
  }
  const bytes = wireLength(world.net, packet);
  const neighbour = neighbourOf(world, path);
  if (bytes <= mtu) return neighbourOutput(world, hooks, host, nic, packet, bytes, neighbour);
  for (const piece of cut(world, packet, mtu)) {
    neighbourOutput(world, hooks, host, nic, piece, wireLength(world.net, piece), neighbour);
  }
}

function sendOneByOne(world: NetWorld, hooks: NetHooks, host: Host, train: PacketId, path: Path): void {
  const pool = world.net.packets;
  const count = pool.rows[(train << PACKET) | COUNT]!;
  for (let i = 0; i < count; i++) {
    const piece = slicePacket(pool, train, i, i + 1);
    sendToNextHop(world, hooks, host, piece, path);
  }
  freePacket(pool, train);
}
