import { fingerprint, mixEvent, schedule, scheduleAfter, type SimTime } from '@lvscope/des';
import { dropPacket } from '../drop.ts';
import { withJitter } from '../jitter.ts';
import { PACKET, TTL } from '../packet-row.ts';
import type { Host, NetHooks, NetInterface, NetWorld, PacketId } from '../state.ts';
import { tapPacket } from '../taps.ts';
import { seeLeaving, seeLost } from './frame-watch.ts';
import { ARP_BYTES, type ArpFields, arpFrame, endFrame, makeFrame } from './frames.ts';
import { noteJourney } from './journeys.ts';
import { enqueue } from './send-queue.ts';
import { ARP_REQUEST, BYTES_SHIFT, ENDED_QUEUE_FULL, ETHERTYPE_ARP, ETHERTYPE_IPV4 } from './state.ts';
import type { FrameId, MacId } from './state.ts';
import {
  JITTERY,
  OUTWARDS,
  OWN_MAC,
  PLUGGED,
  SENT_BYTES,
  SENT_PACKETS,
  TO_SWITCH,
  WIRE,
  WIRE_REALS,
} from './wires.ts';

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
 * Puts a packet into a frame and that onto the wire of an interface that is plugged in.
 * @returns false when the queue was full: the packet is the caller's again
 */
export function putOnWire(
  world: NetWorld,
  interfaceId: number,
  packet: PacketId,
  bytes: number,
  destination: MacId,
): boolean {
  const { net } = world;
  const link = net.link!;
  const { words } = net.wires;
  noteJourney(net, packet);
  const ownMac = words[(interfaceId << WIRE) | OWN_MAC]!;
  const size = (bytes << BYTES_SHIFT) | net.packets.rows[(packet << PACKET) | TTL]!;
  const frame = makeFrame(link, ownMac, destination, interfaceId, packet, size);
  return leave(
    world,
    interfaceId,
    frame,
    bytes,
    ownMac ^ Math.imul(destination, 0x9e3779b1) ^ ETHERTYPE_IPV4,
  );
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
  leave(world, nic.id, frame, ARP_BYTES, port.mac ^ Math.imul(destination, 0x9e3779b1) ^ ETHERTYPE_ARP);
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

/**
 * Through the interface's sending queue onto the wire.
 * @param mark what the trajectory's fingerprint takes in of the frame
 * @returns false when the queue was full, which is the end of the frame
 */
function leave(world: NetWorld, interfaceId: number, frame: FrameId, bytes: number, mark: number): boolean {
  const { net, sim } = world;
  const link = net.link!;
  const { words, reals } = net.wires;
  link.print ??= fingerprint(sim, 'frames');
  mixEvent(link.print, sim, mark);
  seeLeaving(world, frame, interfaceId);
  const wait = enqueue(reals, interfaceId, OUTWARDS, bytes, 1, sim);
  if (wait < 0) {
    seeLost(world, frame, interfaceId, ENDED_QUEUE_FULL);
    endFrame(link, frame, ENDED_QUEUE_FULL);
    return false;
  }
  const r = interfaceId << WIRE_REALS;
  reals[r | SENT_PACKETS] = reals[r | SENT_PACKETS]! + 1;
  reals[r | SENT_BYTES] = reals[r | SENT_BYTES]! + bytes;
  const delay = wait + reals[r | TO_SWITCH]!;
  if ((words[interfaceId << WIRE]! & JITTERY) !== 0) leaveJittered(world, interfaceId, frame, delay);
  else scheduleAfter(sim, delay, link.frameKind, frame, -1);
  return true;
}

function leaveJittered(world: NetWorld, interfaceId: number, frame: FrameId, delay: number): void {
  const { net, sim } = world;
  const nic = net.interfaces[interfaceId]!;
  const at = withJitter(net.segments[nic.segment]!, nic, sim.now + delay);
  schedule(sim, at as SimTime, net.link!.frameKind, frame, -1);
}
