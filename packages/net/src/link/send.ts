import { fingerprint, mixEvent, schedule, scheduleAfter, type SimTime } from '@lvscope/des';
import { dropPacket } from '../drop.ts';
import { withJitter } from '../jitter.ts';
import type { Host, NetHooks, NetInterface, NetWorld, PacketId, Segment } from '../state.ts';
import { tapPacket } from '../taps.ts';
import { SEEN_LOST, SEEN_OUT } from './frame-row.ts';
import { seeFrame } from './frame-watch.ts';
import { type ArpFields, arpFrame, endFrame, makeFrame } from './frames.ts';
import { noteJourney } from './journeys.ts';
import { enqueueFrame } from './send-queue.ts';
import {
  ARP_REQUEST,
  BYTES,
  CARRIED,
  ENDED_QUEUE_FULL,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  FRAME,
  FROM_MAC,
  TO_MAC,
} from './state.ts';
import type { FrameId, MacId } from './state.ts';

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
  const link = net.link!;
  if (!nic.up || !host.power) {
    nic.droppedPackets++;
    return dropPacket(world, hooks, host, packet, host.power ? 'interface-down' : 'host-down');
  }
  noteJourney(net, packet);
  if (host.taps.length > 0) tapPacket(world, host, nic, packet, 'out', sim.now);
  const frame = makeFrame(link, link.ports[nic.id]!.mac, destination, nic.id, packet, bytes);
  if (!leave(world, nic, frame)) {
    nic.droppedPackets++;
    endFrame(link, frame, ENDED_QUEUE_FULL);
    dropPacket(world, hooks, host, packet, 'queue-full');
  }
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
  if (port === undefined || port.noArp || !nic.up || !host.power || nic.segment < 0) return;
  let fields = arp;
  for (const rule of link.hosts[host.id]!.arpRules) {
    if (rule.chain !== 'OUTPUT' || !arpRuleMatches(rule, nic, fields)) continue;
    if (rule.target === 'DROP') return;
    if (rule.target === 'ACCEPT') break;
    fields = { ...fields, senderAddress: rule.mangleSource ?? fields.senderAddress };
  }
  const frame = arpFrame(link, port.mac, destination, nic.id, fields);
  if (!leave(world, nic, frame)) endFrame(link, frame, ENDED_QUEUE_FULL);
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

/** Feeds a sent frame into the trajectory's fingerprint. */
function mixFrame(world: NetWorld, frame: FrameId): void {
  const link = world.net.link!;
  const { rows } = link.frames;
  const o = frame << FRAME;
  const ethertype = rows[o | CARRIED]! < 0 ? ETHERTYPE_ARP : ETHERTYPE_IPV4;
  link.print ??= fingerprint(world.sim, 'frames');
  mixEvent(link.print, world.sim, rows[o | FROM_MAC]! ^ Math.imul(rows[o | TO_MAC]!, 0x9e3779b1) ^ ethertype);
}

/** Through the interface's sending queue onto the wire. @returns false when the queue was full */
function leave(world: NetWorld, nic: NetInterface, frame: FrameId): boolean {
  const { net, sim } = world;
  const link = net.link!;
  const segment = net.segments[nic.segment]!;
  seeFrame(world, frame, nic.id, SEEN_OUT);
  mixFrame(world, frame);
  const bytes = link.frames.rows[(frame << FRAME) | BYTES]!;
  let wait = 0;
  if (segment.bandwidthBitsPerSecond > 0) {
    wait = enqueueFrame(nic.queue, segment.bandwidthBitsPerSecond, bytes, sim);
    if (wait < 0) {
      seeFrame(world, frame, nic.id, SEEN_LOST, ENDED_QUEUE_FULL);
      return false;
    }
  }
  nic.sentPackets++;
  nic.sentBytes += bytes;
  const delay = wait + nic.netemDelayNs + halfWay(segment);
  if (segment.jitterNs === 0) {
    scheduleAfter(sim, delay, link.frameKind, frame, -1);
  } else {
    schedule(sim, withJitter(segment, nic, sim.now + delay) as SimTime, link.frameKind, frame, -1);
  }
  return true;
}

/** From a host to the switch; the other half of the segment's delay is from there to the next host. */
export function halfWay(segment: Segment): number {
  return Math.floor(segment.delayNs / 2);
}
