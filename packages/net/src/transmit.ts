import { nextFloat, schedule, type SimTime } from '@lvscope/des';
import { dropPacket } from './drop.ts';
import { lossOf, withJitter } from './jitter.ts';
import { sendToNextHop } from './link/output.ts';
import { enqueue, timeOnWire } from './link/send-queue.ts';
import { countSent, OUTWARDS } from './link/wires.ts';
import { COUNT, PACKET, TTL } from './packet-row.ts';
import { freePacket, routedTo, trainBytes } from './packets.ts';
import { findPath } from './paths.ts';
import type { Host, NetHooks, NetWorld, PacketId, Path } from './state.ts';
import { tapPacket } from './taps.ts';
import { slicePacket } from './trains.ts';

/** 'sent': on its way, or lost on it. Otherwise the packet is still the caller's. */
export type TransmitResult = 'sent' | 'no-route' | 'unresolved';

/**
 * The one place that decides how an IP packet gets from a host to the next one that looks at it. The first
 * hop follows the route to `link`: the packet's destination, or the server that direct routing hands it to.
 */
export function transmit(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  packet: PacketId,
  link: number,
): TransmitResult {
  const { net } = world;
  return transmitOver(world, hooks, host, packet, findPath(world, host, link, routedTo(net.packets, packet)));
}

/** The same over the path that was found already. */
export function transmitOver(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  packet: PacketId,
  path: Path,
): TransmitResult {
  const { kind } = path;
  if (kind === 'hops') {
    if (world.net.link !== undefined) sendToNextHop(world, hooks, host, packet, path);
    else sendOverHops(world, hooks, host, packet, path);
  } else if (kind === 'local') loopBack(world, host, packet, path);
  else return kind;
  return 'sent';
}

function loopBack(world: NetWorld, host: Host, packet: PacketId, path: Path): void {
  const { net, sim } = world;
  if (host.taps.length > 0) tapPacket(world, host, host.interfaces[0]!, packet, 'out', sim.now);
  schedule(sim, sim.now, net.kinds.arrive, packet, path.stop);
}

/** Connection level: to the next host that gets an event. */
function sendOverHops(world: NetWorld, hooks: NetHooks, host: Host, packet: PacketId, path: Path): void {
  const { net, sim } = world;
  if (host.taps.length > 0) tapPacket(world, host, path.out[0]!, packet, 'out', sim.now);
  const hops = path.out.length - 1;
  if (hops > 0)
    net.packets.rows[(packet << PACKET) | TTL] = Math.max(
      0,
      net.packets.rows[(packet << PACKET) | TTL]! - hops,
    );
  if (path.shaped) return carry(world, hooks, packet, path, 0, sim.now);
  const packets = net.packets.rows[(packet << PACKET) | COUNT]!;
  const bytes = trainBytes(net.packets, packet);
  for (let i = 0; i < path.out.length; i++) {
    const nic = path.out[i]!;
    countSent(net, nic.id, packets, bytes);
  }
  schedule(sim, (sim.now + path.delayNs) as SimTime, net.kinds.arrive, packet, path.stop);
}

/** Takes the packet over the path hop by hop, from `hop` on, at which it is at time `at`. */
function carry(
  world: NetWorld,
  hooks: NetHooks,
  packet: PacketId,
  path: Path,
  hop: number,
  at: number,
): void {
  const { net, sim } = world;
  let time = at;
  for (let i = hop; i < path.out.length; i++) {
    const nic = path.out[i]!;
    const segment = path.segments[i]!;
    const packets = net.packets.rows[(packet << PACKET) | COUNT]!;
    const bytes = trainBytes(net.packets, packet);
    const { reals } = net.wires;
    const work = timeOnWire(reals, nic.id, bytes, packets);
    const wait = enqueue(reals, nic.id, OUTWARDS, work, work / packets, { now: time });
    if (wait < 0) {
      nic.droppedPackets += packets;
      dropPacket(world, hooks, net.hosts[nic.host]!, packet, 'queue-full');
      return;
    }
    countSent(net, nic.id, packets, bytes);
    time = withJitter(segment, nic, time + wait + nic.netemDelayNs + segment.delayNs);
    if (lossOf(segment, nic) > 0 && loses(world, hooks, packet, path, i, time)) return;
  }
  schedule(sim, time as SimTime, net.kinds.arrive, packet, path.stop);
}

/**
 * Draws for each packet of the train. Where some are lost, the rest goes on in unbroken runs as packets of
 * their own.
 * @returns whether the packet is gone or has been carried on in pieces
 */
function loses(
  world: NetWorld,
  hooks: NetHooks,
  packet: PacketId,
  path: Path,
  hop: number,
  at: number,
): boolean {
  const pool = world.net.packets;
  const segment = path.segments[hop]!;
  const count = pool.rows[(packet << PACKET) | COUNT]!;
  const nic = path.out[hop]!;
  const loss = lossOf(segment, nic);
  const host = world.net.hosts[nic.host]!;
  if (count === 1) {
    if (nextFloat(segment.lossStream) >= loss) return false;
    dropPacket(world, hooks, host, packet, 'link-loss');
    return true;
  }
  const lost: number[] = [];
  for (let i = 0; i < count; i++) if (nextFloat(segment.lossStream) < loss) lost.push(i);
  if (lost.length === 0) return false;
  let from = 0;
  for (const gap of [...lost, count]) {
    if (gap > from) carry(world, hooks, slicePacket(pool, packet, from, gap), path, hop + 1, at);
    if (gap < count) dropPacket(world, hooks, host, slicePacket(pool, packet, gap, gap + 1), 'link-loss');
    from = gap + 1;
  }
  freePacket(pool, packet);
  return true;
}
