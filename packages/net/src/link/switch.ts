import { nextFloat, scheduleAfter } from '@lvscope/des';
import { dropPacket } from '../drop.ts';
import { lossOf } from '../jitter.ts';
import { isForMany } from '../groups.ts';
import { clonePacket } from '../packets.ts';
import type { DropReason, Host, NetHooks, NetInterface, NetWorld, Segment } from '../state.ts';
import { SEEN_LOST } from './frame-row.ts';
import { seeFrame } from './frame-watch.ts';
import { copyFrame, endFrame } from './frames.ts';
import { enqueueFrame } from './send-queue.ts';
import { halfWay } from './send.ts';
import {
  BYTES,
  CARRIED,
  FRAME,
  FROM_MAC,
  SENDER,
  TO_MAC,
  ENDED_LINK_LOSS,
  ENDED_NO_PORT,
  ENDED_QUEUE_FULL,
  ENDED_SAME_PORT,
} from './state.ts';
import type { FrameId, MacId, Switch } from './state.ts';

/** How long a switch remembers a MAC that it no longer hears (IEEE 802.1D, and Linux' bridge): 300 s. */
const AGEING_NS = 300e9;

/** A frame at the switch of its segment: it learns who sent it and passes it on, or floods it. */
export function frameAtSwitch(world: NetWorld, hooks: NetHooks, f: FrameId): void {
  const { net, sim } = world;
  const link = net.link!;
  const { rows } = link.frames;
  const ingress = net.interfaces[rows[(f << FRAME) | SENDER]!]!;
  const segment = net.segments[ingress.segment]!;
  const loss = lossOf(segment, ingress);
  if (loss > 0 && nextFloat(segment.lossStream) < loss) {
    return loseFrame(world, hooks, f, ingress, ENDED_LINK_LOSS, 'link-loss');
  }
  const table = link.switches[segment.id]!;
  const source = rows[(f << FRAME) | FROM_MAC]!;
  if (source >= table.port.length) widen(table, link.macs.length);
  // never where a group lives: its frames go to all
  if (table.port[source] !== ingress.id && !isForMany(world, source)) table.port[source] = ingress.id;
  table.seenAt[source] = sim.now;
  const destination = rows[(f << FRAME) | TO_MAC]!;
  const known = table.port[destination] ?? -1;
  if (known >= 0 && sim.now - table.seenAt[destination]! <= AGEING_NS) {
    const nic = net.interfaces[known]!;
    if (known === ingress.id) return loseFrame(world, hooks, f, ingress, ENDED_SAME_PORT, 'no-such-mac');
    if (plugged(world, nic)) return egress(world, hooks, f, nic, segment);
  }
  flood(world, hooks, f, ingress, segment);
}

/** Room for so many MACs, and as many again. */
function widen(table: Switch, macs: number): void {
  const port = new Int32Array(2 * macs).fill(-1);
  port.set(table.port);
  table.port = port;
  const seenAt = new Float64Array(2 * macs);
  seenAt.set(table.seenAt);
  table.seenAt = seenAt;
}

/** Whether there is a carrier at the switch's port. */
function plugged(world: NetWorld, nic: NetInterface): boolean {
  return nic.up && world.net.hosts[nic.host]!.power;
}

/**
 * To every port but the one it came from. Of a unicast frame the one that goes to the MAC's owner is the
 * frame itself, the others are copies that nobody takes.
 */
function flood(world: NetWorld, hooks: NetHooks, f: FrameId, ingress: NetInterface, segment: Segment): void {
  const { net } = world;
  const link = net.link!;
  const destination = link.frames.rows[(f << FRAME) | TO_MAC]!;
  const taker = takerOf(world, segment, ingress, destination);
  // The port that was plugged in last comes first, as in Linux' bridge.
  for (let i = segment.interfaces.length - 1; i >= 0; i--) {
    const nic = segment.interfaces[i]!;
    if (nic === ingress || nic === taker || !plugged(world, nic)) continue;
    const packet = link.frames.rows[(f << FRAME) | CARRIED]!;
    const copied = packet < 0 ? -1 : clonePacket(net.packets, packet);
    egress(world, hooks, copyFrame(link, f, copied), nic, segment);
  }
  if (taker !== undefined) return egress(world, hooks, f, taker, segment);
  loseFrame(world, hooks, f, ingress, ENDED_NO_PORT, 'no-such-mac');
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
function egress(world: NetWorld, hooks: NetHooks, f: FrameId, nic: NetInterface, segment: Segment): void {
  const { net, sim } = world;
  const link = net.link!;
  let wait = 0;
  if (segment.bandwidthBitsPerSecond > 0) {
    const bytes = link.frames.rows[(f << FRAME) | BYTES]!;
    wait = enqueueFrame(link.ports[nic.id]!.egress, segment.bandwidthBitsPerSecond, bytes, sim);
    if (wait < 0) return loseFrame(world, hooks, f, nic, ENDED_QUEUE_FULL, 'queue-full');
  }
  const rest = segment.delayNs - halfWay(segment);
  scheduleAfter(sim, wait + rest, link.frameKind, f, nic.id);
}

function loseFrame(
  world: NetWorld,
  hooks: NetHooks,
  f: FrameId,
  nic: NetInterface,
  end: number,
  reason: DropReason,
): void {
  const { net } = world;
  const link = net.link!;
  seeFrame(world, f, nic.id, SEEN_LOST, end);
  const packet = link.frames.rows[(f << FRAME) | CARRIED]!;
  const host: Host = net.hosts[net.interfaces[link.frames.rows[(f << FRAME) | SENDER]!]!.host]!;
  endFrame(link, f, end);
  if (packet >= 0) dropPacket(world, hooks, host, packet, reason);
}
