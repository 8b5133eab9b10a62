import { armTimer } from '@lvscope/des';
import type { NetWorld, Network } from '../state.ts';
import { decode, type FrameRecord } from './frame-ring.ts';
import {
  createFrameRing,
  describeAgain,
  END_SHIFT,
  layRows,
  NIC_SHIFT,
  SEEN_IN,
  SEEN_LOST,
  SEEN_OUT,
  writeLast,
  writePacket,
  writeSent,
} from './frame-row.ts';
import { CARRIED, FRAME, type FrameId, type FrameWatch } from './state.ts';

/** ARP leaves an interface: for the ring, where one is kept, and for those who watch the interface. */
export function seeLeaving(world: NetWorld, f: FrameId, nic: number): void {
  const link = world.net.link!;
  const { ring, watches } = link;
  if (ring.capacity > 0) writeSent(link, world.sim, f);
  if (watches.length > 0) showToWatches(world, f, nic, SEEN_OUT);
}

/** A frame arrives at an interface. */
export function seeArriving(world: NetWorld, f: FrameId, nic: number): void {
  const link = world.net.link!;
  const { ring, watches } = link;
  if (ring.capacity > 0) {
    describeAgain(world.net, f);
    writeLast(link, world.sim, f, SEEN_IN | (nic << NIC_SHIFT));
  }
  if (watches.length > 0) showToWatches(world, f, nic, SEEN_IN);
}

/** A frame ends underway. @param end its place in FRAME_ENDS */
export function seeLost(world: NetWorld, f: FrameId, nic: number, end: number): void {
  const link = world.net.link!;
  if (link.ring.capacity === 0) return;
  describeAgain(world.net, f);
  writeLast(link, world.sim, f, SEEN_LOST | (end << END_SHIFT) | (nic << NIC_SHIFT));
}

export function showToWatches(world: NetWorld, f: FrameId, nic: number, direction: number): void {
  const { net } = world;
  const { macs, watches, frames } = net.link!;
  for (const watch of watches) {
    if (!watch.interfaces.includes(nic)) continue;
    const ring = createFrameRing();
    layRows(ring, 1);
    const { contents } = ring;
    const packet = frames.rows[(f << FRAME) | CARRIED]!;
    if (packet >= 0) writePacket(net, ring, packet);
    const [index, at, seen] = [watch.seen++, world.sim.now, direction | (nic << NIC_SHIFT)];
    watch.frames.push(decode(ring, frames, macs, { index, at, frame: f, seen, contents }));
    armTimer(world.sim, watch.wakes.bank, watch.wakes.timer, world.sim.now);
  }
}

/** Shows all frames at some interfaces to their owner from now on, whose timer goes off at each. */
export function watchFrames(
  net: Network,
  interfaces: readonly number[],
  wakes: FrameWatch['wakes'],
): FrameWatch | undefined {
  if (net.link === undefined) return undefined;
  const watch: FrameWatch = { interfaces, wakes, seen: 0, frames: [] };
  net.link.watches.push(watch);
  return watch;
}

/** What was seen since the last call; it forgets what it hands out. */
export function takeFrames(watch: FrameWatch): FrameRecord[] {
  const { frames } = watch;
  watch.frames = [];
  return frames;
}

export function endWatch(net: Network, watch: FrameWatch): void {
  const watches = net.link?.watches ?? [];
  const at = watches.indexOf(watch);
  if (at >= 0) watches.splice(at, 1);
}
