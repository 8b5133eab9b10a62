import { dropPacket } from './drop.ts';
import { icmpError } from './icmp.ts';
import { ICMP_HOST_UNREACHABLE, ICMP_UNREACHABLE } from './icmp-error.ts';
import { probeAgain, waitForNeighbour } from './neighbour-queue.ts';
import { tunnelled } from './packets.ts';
import { resolve } from './paths.ts';
import type { NetHooks, NetWorld } from './state.ts';
import { transmit } from './transmit.ts';

/** Probes without an answer before the neighbour counts as FAILED: 3 s in all. */
const PROBES = 3;

/** A probe's second is over: the waiting packets go, wait on, or are answered with ICMP host unreachable. */
export function neighbourTimer(world: NetWorld, hooks: NetHooks, slot: number): void {
  const { net } = world;
  const wait = net.neighbourWaits[slot];
  if (wait === undefined) return;
  const host = net.hosts[wait.host]!;
  const nic = net.interfaces[wait.interfaceId]!;
  const answers =
    nic.up && host.power && resolve(net, net.segments[nic.segment]!, wait.address, nic) !== undefined;
  if (!answers && wait.probes < PROBES && host.power) {
    wait.probes++;
    probeAgain(world, slot);
    return;
  }
  net.neighbourWaits[slot] = undefined;
  for (let i = 0; i < wait.packets.length; i++) {
    const packet = wait.packets[i]!;
    const link = wait.links[i]!;
    const result = answers ? transmit(world, hooks, host, packet, link) : 'failed';
    if (result === 'sent') continue;
    if (result === 'unresolved') {
      waitForNeighbour(world, hooks, host, packet, link);
      continue;
    }
    // A tunnel's own packets are not reported to those whose packets are inside.
    if (host.power && !tunnelled(net.packets, packet)) {
      icmpError(world, hooks, host, packet, ICMP_UNREACHABLE, ICMP_HOST_UNREACHABLE, 0);
    }
    dropPacket(world, hooks, host, packet, 'neighbour-unreachable');
  }
}
