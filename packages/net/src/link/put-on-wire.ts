import { fingerprint, mixEvent, scheduleAfter } from '@lvscope/des';
import { PROTO_TCP } from '@lvscope/inet';
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
import type { NetWorld, PacketId } from '../state.ts';
import { isOld, isWhole, SEEN_OUT, show, writeSent } from './frame-row.ts';
import { showToWatches } from './frame-watch.ts';
import { fillRow, findRow, isFree } from './frames.ts';
import { noteJourney } from './journeys.ts';
import { leaveForSwitch, refuseFrame } from './leave.ts';
import { AGEING_NS } from './port-line.ts';
import { enqueue, timeOnWire } from './send-queue.ts';
import { BEHIND, BYTES_SHIFT, CONTENTS, FRAME, FRAME_REALS, LAST_IN_LINE, TIME } from './state.ts';
import type { MacId } from './state.ts';
import {
  countSent,
  FIRST,
  FROM_SWITCH,
  JITTERY,
  LAST,
  LOSSY,
  ON_SEGMENT,
  OUTWARDS,
  OWN_MAC,
  PLUGGED,
  TO_SWITCH,
  WIRE,
  WIRE_REALS,
} from './wires.ts';

/**
 * Puts a packet into a frame, and that through the sending queue of an interface that is plugged in: in line
 * for the port of the switch that it will come out of (port-line.ts), or to the switch where it has to be
 * looked at there. Every hop of every packet comes through here, so it is one function in one go: what V8
 * builds into a function is limited, and after each call that may happen on the way it looks at every object
 * anew. What is seldom therefore comes first, or last. `| 0` tells it that a number is a small integer.
 * @param bytes its `wireLength`
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
  const { frames, ring } = link;
  const p = packet << PACKET;
  if (
    (net.packets.rows[p | SHOWN]! & (IN_PRINT | IN_RING)) !== (IN_PRINT | IN_RING) ||
    isOld(ring, net.packets.rows[p | SHOWN_AT]!) ||
    !isFree(link, frames.next)
  ) {
    prepare(world, packet, bytes);
  }
  // as takeRow does: to be built in, it would be a call too many
  const f = frames.next;
  frames.next = (f + 1) & (frames.size - 1);
  const { rows: packets, reals: packetReals } = net.packets;
  const { words, reals } = net.wires;
  const w = interfaceId << WIRE;
  const from = words[w | OWN_MAC]!;
  const to = destination | 0;
  const size = (bytes << BYTES_SHIFT) | packets[p | TTL]!;
  fillRow(link, f, from, to, interfaceId, packet, size);
  const journey = Math.imul(packetReals[(packet << PACKET_REALS) | JOURNEY]!, 0x9e3779b1);
  mixEvent(link.print!, sim, (from << 16) ^ to, size ^ journey);
  const { rows, reals: doubles } = frames;
  rows[(f << FRAME) | CONTENTS] = packets[p | SHOWN_AT]!;
  if (ring.capacity > 0) writeSent(link, sim, f);

  const workNs = timeOnWire(reals, interfaceId, bytes, 1);
  const wait = enqueue(reals, interfaceId, OUTWARDS, workNs, workNs, sim);
  if (wait < 0) {
    if (link.watches.length > 0) showToWatches(world, f, interfaceId, SEEN_OUT);
    refuseFrame(world, interfaceId, f);
    return false;
  }
  countSent(net, interfaceId, 1, bytes);
  const delay = wait + reals[(interfaceId << WIRE_REALS) | TO_SWITCH]!;
  const at = sim.now + delay;
  const { port, seenAt } = link.switches[words[w | ON_SEGMENT]!]!;
  const out = port[to]!;
  const o = out << WIRE;
  const isKnown =
    workNs !== 0 &&
    out >= 0 &&
    out !== interfaceId &&
    port[from] === interfaceId &&
    ((words[w]! & (LOSSY | JITTERY)) | (words[o]! & PLUGGED)) === PLUGGED &&
    at - seenAt[to]! <= AGEING_NS;
  const last = isKnown ? words[o | LAST]! : -1;
  if (!isKnown || (last >= 0 && doubles[(last << FRAME_REALS) | TIME]! > at)) {
    leaveForSwitch(world, interfaceId, f, delay);
  } else {
    if (last < 0) words[o | FIRST] = f;
    else rows[(last << FRAME) | BEHIND] = f;
    words[o | LAST] = f;
    rows[(f << FRAME) | BEHIND] = LAST_IN_LINE;
    doubles[(f << FRAME_REALS) | TIME] = at;
    seenAt[from] = at;
    const underway = delay + workNs + reals[(out << WIRE_REALS) | FROM_SWITCH]!;
    scheduleAfter(sim, underway, link.frameKind, f, out);
  }
  if (link.watches.length > 0) showToWatches(world, f, interfaceId, SEEN_OUT);
  return true;
}

/**
 * Of a packet that is new, or was changed: it gets its journey, if it has none, and what it says goes into
 * the fingerprint and the ring, once and not at every hop. And the next frame's row is made free.
 */
function prepare({ net, sim }: NetWorld, packet: PacketId, bytes: number): void {
  const link = net.link!;
  const { rows } = net.packets;
  const p = packet << PACKET;
  if ((rows[p | SHOWN]! & IN_PRINT) === 0) {
    const isSegment = rows[p | PROTOCOL] === PROTO_TCP && isWhole(rows, p);
    rows[p | SHOWN] = rows[p | SHOWN]! | IN_PRINT | (isSegment ? IS_SEGMENT : 0);
    noteJourney(net, packet);
    link.print ??= fingerprint(sim, 'frames');
    mixContents(link.print, sim, rows, packet, bytes);
  }
  show(net, packet);
  if (!isFree(link, link.frames.next)) findRow(link);
}
