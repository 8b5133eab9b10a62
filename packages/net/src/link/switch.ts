import { nextFloat, scheduleAfter } from '@lvscope/des';
import { dropPacket } from '../drop.ts';
import { lossOf } from '../jitter.ts';
import { isForMany } from '../groups.ts';
import { clonePacket } from '../packets.ts';
import type { DropReason, Host, NetHooks, NetInterface, NetWorld, Segment } from '../state.ts';
import { seeLost } from './frame-watch.ts';
import { copyFrame, endFrame } from './frames.ts';
import { AGEING_NS, breakLine, letThrough } from './port-line.ts';
import { enqueue, timeOnWire } from './send-queue.ts';
import {
  BEHIND,
  BYTES_SHIFT,
  CARRIED,
  FRAME,
  FRAME_REALS,
  FROM_MAC,
  LAST_IN_LINE,
  LOOK_AGAIN,
  REFUSED,
  SENDER,
  SIZE,
  THROUGH,
  TIME,
  TO_MAC,
  ENDED_LINK_LOSS,
  ENDED_NO_PORT,
  ENDED_QUEUE_FULL,
  ENDED_SAME_PORT,
} from './state.ts';
import type { FrameId, MacId } from './state.ts';
import { FROM_SWITCH, INWARDS, LOSSY, ON_SEGMENT, PLUGGED, WIRE, WIRE_REALS } from './wires.ts';

/** A frame at the switch of its segment: it learns who sent it and passes it on, or floods it. */
export function frameAtSwitch(world: NetWorld, hooks: NetHooks, f: FrameId): void {
  const { net, sim } = world;
  const link = net.link!;
  const { rows, reals } = link.frames;
  const { words } = net.wires;
  const o = f << FRAME;
  const ingress = rows[o | SENDER]!;
  reals[(f << FRAME_REALS) | TIME] = sim.now;
  if ((words[ingress << WIRE]! & LOSSY) !== 0 && losesOnTheWay(world, hooks, f, ingress)) return;
  const { port, seenAt } = link.switches[words[(ingress << WIRE) | ON_SEGMENT]!]!;
  const source = rows[o | FROM_MAC]!;
  // never where a group lives: its frames go to all
  if (port[source] !== ingress && !isForMany(world, source)) {
    if (port[source]! >= 0) breakLine(world, port[source]!, f);
    port[source] = ingress;
  }
  seenAt[source] = sim.now;
  const destination = rows[o | TO_MAC]!;
  const known = port[destination]!;
  if (known >= 0 && sim.now - seenAt[destination]! <= AGEING_NS) {
    if (known === ingress) return loseFrame(world, hooks, f, ingress, ENDED_SAME_PORT, 'no-such-mac');
    if ((words[known << WIRE]! & PLUGGED) !== 0) return egress(world, hooks, f, known);
  }
  flood(world, hooks, f, net.interfaces[ingress]!);
}

function losesOnTheWay(world: NetWorld, hooks: NetHooks, f: FrameId, ingress: number): boolean {
  const nic = world.net.interfaces[ingress]!;
  const segment = world.net.segments[nic.segment]!;
  if (nextFloat(segment.lossStream) >= lossOf(segment, nic)) return false;
  loseFrame(world, hooks, f, ingress, ENDED_LINK_LOSS, 'link-loss');
  return true;
}

/** Whether there is a carrier at the switch's port. */
function plugged(world: NetWorld, nic: NetInterface): boolean {
  return (world.net.wires.words[nic.id << WIRE]! & PLUGGED) !== 0;
}

/**
 * To every port but the one it came from. Of a unicast frame the one that goes to the MAC's owner is the
 * frame itself, the others are copies that nobody takes.
 */
function flood(world: NetWorld, hooks: NetHooks, f: FrameId, ingress: NetInterface): void {
  const { net } = world;
  const segment = net.segments[ingress.segment]!;
  const link = net.link!;
  const destination = link.frames.rows[(f << FRAME) | TO_MAC]!;
  const taker = takerOf(world, segment, ingress, destination);
  // The port that was plugged in last comes first, as in Linux' bridge.
  for (let i = segment.interfaces.length - 1; i >= 0; i--) {
    const nic = segment.interfaces[i]!;
    if (nic === ingress || nic === taker || !plugged(world, nic)) continue;
    const packet = link.frames.rows[(f << FRAME) | CARRIED]!;
    const copied = packet < 0 ? -1 : clonePacket(net.packets, packet);
    egress(world, hooks, copyFrame(link, f, copied), nic.id);
  }
  if (taker !== undefined) return egress(world, hooks, f, taker.id);
  loseFrame(world, hooks, f, ingress.id, ENDED_NO_PORT, 'no-such-mac');
}

function takerOf(
  world: NetWorld,
  segment: Segment,
  ingress: NetInterface,
  destination: MacId,
): NetInterface | undefined {
  const { ports } = world.net.link!;
  const forMany = isForMany(world, destination);
  return segment.interfaces.find(
    (nic) => nic !== ingress && plugged(world, nic) && (forMany || ports[nic.id]!.mac === destination),
  );
}

/** Through the port's queue to the host behind it. */
function egress(world: NetWorld, hooks: NetHooks, f: FrameId, to: number): void {
  const { net, sim } = world;
  const link = net.link!;
  const { reals } = net.wires;
  const { rows, reals: doubles } = link.frames;
  rows[(f << FRAME) | BEHIND] = THROUGH;
  doubles[(f << FRAME_REALS) | TIME] = sim.now;
  letThrough(world, to, f);
  const work = timeOnWire(reals, to, rows[(f << FRAME) | SIZE]! >>> BYTES_SHIFT, 1);
  const wait = enqueue(reals, to, INWARDS, work, work, sim);
  if (wait < 0) return loseFrame(world, hooks, f, to, ENDED_QUEUE_FULL, 'queue-full');
  scheduleAfter(sim, wait + reals[(to << WIRE_REALS) | FROM_SWITCH]!, link.frameKind, f, to);
}

/**
 * A frame's event at an interface.
 * @returns false when it is not there yet, or will never be
 */
export function comesOut(world: NetWorld, hooks: NetHooks, f: FrameId, to: number): boolean {
  const { net, sim } = world;
  const link = net.link!;
  const { rows, reals } = link.frames;
  const o = f << FRAME;
  if (rows[o | BEHIND]! >= LAST_IN_LINE) letThrough(world, to, f);
  const behind = rows[o | BEHIND]!;
  const at = reals[(f << FRAME_REALS) | TIME]!;
  if (behind === LOOK_AGAIN) frameAtSwitch(world, hooks, f);
  else if (behind === REFUSED) loseFrame(world, hooks, f, to, ENDED_QUEUE_FULL, 'queue-full');
  else if (at <= sim.now) return true;
  else scheduleAfter(sim, at - sim.now, link.frameKind, f, to);
  return false;
}

function loseFrame(
  world: NetWorld,
  hooks: NetHooks,
  f: FrameId,
  at: number,
  end: number,
  reason: DropReason,
): void {
  const { net } = world;
  const link = net.link!;
  seeLost(world, f, at, end);
  const packet = link.frames.rows[(f << FRAME) | CARRIED]!;
  const host: Host = net.hosts[net.interfaces[link.frames.rows[(f << FRAME) | SENDER]!]!.host]!;
  endFrame(link, f, end);
  if (packet >= 0) dropPacket(world, hooks, host, packet, reason);
}
