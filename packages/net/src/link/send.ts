import { fingerprint, mixEvent } from '@lvscope/des';
import { dropPacket } from '../drop.ts';
import type { Host, NetHooks, NetInterface, NetWorld, PacketId } from '../state.ts';
import { tapPacket } from '../taps.ts';
import { seeLeaving } from './frame-watch.ts';
import { ARP_BYTES, type ArpFields, arpFrame } from './frames.ts';
import { leave } from './leave.ts';
import { putOnWire } from './put-on-wire.ts';
import { ARP_REQUEST, ETHERTYPE_ARP } from './state.ts';
import type { MacId } from './state.ts';
import { PLUGGED, WIRE } from './wires.ts';

/**
 * Sends an IPv4 packet out of an interface to a MAC. The packet is the function's from here on.
 * @param bytes its `wireLength`
 */
export function sendPacketFrame(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  nic: NetInterface,
  packet: PacketId,
  bytes: number,
  destination: MacId,
): void {
  const { net, sim } = world;
  if ((net.wires.words[nic.id << WIRE]! & PLUGGED) === 0) {
    nic.droppedPackets++;
    return dropPacket(world, hooks, host, packet, host.power ? 'interface-down' : 'host-down');
  }
  if (host.taps.length > 0) tapPacket(world, host, nic, packet, 'out', sim.now);
  if (!putOnWire(world, nic.id, packet, bytes, destination)) queueWasFull(world, hooks, host, nic, packet);
}

export function queueWasFull(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  nic: NetInterface,
  packet: PacketId,
): void {
  nic.droppedPackets++;
  dropPacket(world, hooks, host, packet, 'queue-full');
}

/** Sends an ARP frame out of an interface: nothing where it is down or `arp off`, or arptables drop it. */
export function sendArp(
  world: NetWorld,
  host: Host,
  nic: NetInterface,
  destination: MacId,
  arp: ArpFields,
): void {
  const link = world.net.link!;
  const port = link.ports[nic.id];
  const plugged = (world.net.wires.words[nic.id << WIRE]! & PLUGGED) !== 0;
  if (port === undefined || port.noArp || !plugged || nic.segment < 0) return;
  let fields = arp;
  for (const rule of link.hosts[host.id]!.arpRules) {
    if (rule.chain !== 'OUTPUT' || !arpRuleMatches(rule, nic, fields)) continue;
    if (rule.target === 'DROP') return;
    if (rule.target === 'ACCEPT') break;
    fields = { ...fields, senderAddress: rule.mangleSource ?? fields.senderAddress };
  }
  const frame = arpFrame(link, port.mac, destination, nic.id, fields);
  link.print ??= fingerprint(world.sim, 'frames');
  mixEvent(link.print, world.sim, (port.mac << 16) ^ destination, ETHERTYPE_ARP);
  seeLeaving(world, frame, nic.id);
  leave(world, nic.id, frame, ARP_BYTES);
}

export function arpRuleMatches(
  rule: { source?: number; destination?: number; operation?: number; device?: string },
  nic: NetInterface,
  arp: Pick<ArpFields, 'operation' | 'senderAddress' | 'targetAddress'>,
): boolean {
  return (
    (rule.source === undefined || rule.source === arp.senderAddress) &&
    (rule.destination === undefined || rule.destination === arp.targetAddress) &&
    (rule.operation === undefined || rule.operation === arp.operation) &&
    (rule.device === undefined || rule.device === nic.name)
  );
}

/** Who has `target`? Asked as `source`, of everybody or (a probe) of one MAC. */
export function askFor(
  world: NetWorld,
  host: Host,
  nic: NetInterface,
  source: number,
  target: number,
  destination: MacId,
  zero: MacId,
): void {
  sendArp(world, host, nic, destination, {
    operation: ARP_REQUEST,
    senderMac: world.net.link!.ports[nic.id]!.mac,
    senderAddress: source,
    targetMac: zero,
    targetAddress: target,
  });
}
