import { dropPacket } from '../drop.ts';
import { icmpError } from '../icmp.ts';
import { ICMP_HOST_UNREACHABLE, ICMP_UNREACHABLE } from '../icmp-error.ts';
import { PACKET, SOURCE } from '../packet-row.ts';
import { tunnelled } from '../packets.ts';
import { sourceFor } from '../routes.ts';
import type { NetHooks, NetWorld } from '../state.ts';
import { neighbourTimerTicked } from './neighbours.ts';

/**
 * The timer of a neighbour: when nobody has answered, what waited is answered with ICMP host unreachable
 * (arp_error_report). A tunnel's own packets are not reported to those whose packets are inside.
 */
export function neighbourTimerFired(world: NetWorld, hooks: NetHooks, id: number, generation: number): void {
  const entry = world.net.link!.neighbours[id];
  if (entry === undefined || entry.generation !== generation) return;
  const host = world.net.hosts[world.net.interfaces[entry.interfaceId]!.host]!;
  for (const packet of neighbourTimerTicked(world, host, entry)) {
    if (host.power && !tunnelled(world.net.packets, packet)) {
      // From the address that the way back begins with, even where the packet was for one of the host's own.
      const source = sourceFor(host, world.net.packets.rows[(packet << PACKET) | SOURCE]!) ?? 0;
      icmpError(world, hooks, host, packet, ICMP_UNREACHABLE, ICMP_HOST_UNREACHABLE, 0, source);
    }
    dropPacket(world, hooks, host, packet, 'neighbour-unreachable');
  }
}
