import { fingerprint, mixEvent } from '@lvscope/des';
import { PROTO_TCP } from '@lvscope/inet';
import { dropPacket } from '../drop.ts';
import { mixContents } from '../packet-print.ts';
import {
  IN_PRINT,
  IN_RING,
  IS_SEGMENT,
  JOURNEY,
  PACKET,
  PACKET_REALS,
  PROTOCOL,
  SHOWN,
  SHOWN_AT,
  TTL,
} from '../packet-row.ts';
import type { Host, NetHooks, NetInterface, NetWorld, PacketId } from '../state.ts';
import { tapPacket } from '../taps.ts';
import { isOld, isWhole, SEEN_OUT, show, writeSent } from './frame-row.ts';
import { seeLeaving, showToWatches } from './frame-watch.ts';
import { ARP_BYTES, type ArpFields, arpFrame, makeFrame } from './frames.ts';
import { noteJourney } from './journeys.ts';
import { leave } from './leave.ts';
import { ARP_REQUEST, BYTES_SHIFT, CONTENTS, ETHERTYPE_ARP, FRAME } from './state.ts';
import type { MacId } from './state.ts';
import { OWN_MAC, PLUGGED, WIRE } from './wires.ts';

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

/**
 * Puts a packet into a frame and that onto the wire of an interface that is plugged in. What seeLeaving does
 * stands here as it is: what V8 builds into a function is limited, and this is one that every hop needs.
 * @returns false when the queue was full: the packet is the caller's again
 */
export function putOnWire(
  world: NetWorld,
  interfaceId: number,
  packet: PacketId,
  bytes: number,
  destination: MacId,
): boolean {
  const { net, sim } = world;
  const link = net.link!;
  const { ring } = link;
  const { rows, reals } = net.packets;
  const p = packet << PACKET;
  if ((rows[p | SHOWN]! & IN_PRINT) === 0) mixNewPacket(world, packet, bytes);
  const ownMac = net.wires.words[(interfaceId << WIRE) | OWN_MAC]!;
  const size = (bytes << BYTES_SHIFT) | rows[p | TTL]!;
  const f = makeFrame(link, ownMac, destination, interfaceId, packet, size);
  const journey = Math.imul(reals[(packet << PACKET_REALS) | JOURNEY]!, 0x9e3779b1);
  mixEvent(link.print!, sim, (ownMac << 16) ^ destination, size ^ journey);
  if (ring.capacity > 0) {
    if ((rows[p | SHOWN]! & IN_RING) === 0 || isOld(ring, rows[p | SHOWN_AT]!)) show(net, packet);
    link.frames.rows[(f << FRAME) | CONTENTS] = rows[p | SHOWN_AT]!;
    writeSent(link, sim, f);
  }
  if (link.watches.length > 0) showToWatches(world, f, interfaceId, SEEN_OUT);
  return leave(world, interfaceId, f, bytes);
}

/**
 * A packet that is new, or was changed: it gets its journey, if it has none, and what it says goes into the
 * fingerprint, once and not at every hop.
 */
function mixNewPacket({ net, sim }: NetWorld, packet: PacketId, bytes: number): void {
  const link = net.link!;
  const { rows } = net.packets;
  const p = packet << PACKET;
  const isSegment = rows[p | PROTOCOL] === PROTO_TCP && isWhole(rows, p);
  rows[p | SHOWN] = rows[p | SHOWN]! | IN_PRINT | (isSegment ? IS_SEGMENT : 0);
  noteJourney(net, packet);
  link.print ??= fingerprint(sim, 'frames');
  mixContents(link.print, sim, rows, packet, bytes);
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
