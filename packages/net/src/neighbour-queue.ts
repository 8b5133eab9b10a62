import { schedule, type SimTime } from '@lvscope/des';

import { dropPacket } from './drop.ts';
import { routedTo } from './packets.ts';
import { findPath } from './paths.ts';
import type { Host, NetHooks, NetWorld, PacketId } from './state.ts';

/** mcast_solicit probes, retrans_time apart (net/core/neighbour.c). */
const PROBE_INTERVAL_NS = 1e9;

/** neigh/default/unres_qlen of packets of this size; the oldest is dropped for a newcomer. */
const QUEUE_PACKETS = 101;

/** Keeps a packet until the next hop towards `link` answers, or fails after three unanswered probes. */
export function waitForNeighbour(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  packet: PacketId,
  link: number,
): void {
  const { net, sim } = world;
  const path = findPath(world, host, link, routedTo(net.packets, packet));
  const nic = path.out[0]!;
  const waits = net.neighbourWaits;
  let free = -1;
  for (let slot = 0; slot < waits.length; slot++) {
    const wait = waits[slot];
    if (wait === undefined) {
      if (free < 0) free = slot;
    } else if (wait.interfaceId === nic.id && wait.address === path.nextHop) {
      wait.packets.push(packet);
      wait.links.push(link);
      if (wait.packets.length > QUEUE_PACKETS) {
        wait.links.shift();
        dropPacket(world, hooks, host, wait.packets.shift()!, 'neighbour-unreachable');
      }
      return;
    }
  }
  if (free < 0) free = waits.length;
  waits[free] = {
    host: host.id,
    interfaceId: nic.id,
    address: path.nextHop,
    packets: [packet],
    links: [link],
    probes: 1,
  };
  schedule(sim, (sim.now + PROBE_INTERVAL_NS) as SimTime, net.kinds.neighbour, free, 0);
}

/** Arms the next probe of a wait. */
export function probeAgain(world: NetWorld, slot: number): void {
  const { net, sim } = world;
  schedule(sim, (sim.now + PROBE_INTERVAL_NS) as SimTime, net.kinds.neighbour, slot, 0);
}
