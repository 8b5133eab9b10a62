import { armTimer } from '@lvscope/des';
import type { NetWorld, Network } from '../state.ts';
import { decode, type FrameRecord } from './frame-ring.ts';
import {
  rowOf,
  createFrameRing,
  describe,
  describeForRing,
  isStale,
  layRows,
  SEEN_IN,
  SEEN_LOST,
  SEEN_OUT,
  sightingOf,
  writeSighting,
} from './frame-row.ts';
import { ENDED_DELIVERED, type FrameId, type FrameWatch } from './state.ts';

/** A frame leaves an interface: for the ring, where one is kept, and for those who watch the interface. */
export function seeLeaving(world: NetWorld, f: FrameId, nic: number): void {
  const { ring, frames, watches } = world.net.link!;
  if (ring.capacity > 0) {
    const row = describeForRing(world.net, f);
    writeSighting(ring, world.sim, row, sightingOf(frames, f, nic, SEEN_OUT, 0));
  }
  if (watches.length > 0) showToWatches(world, f, nic, SEEN_OUT);
}

/** A frame arrives at an interface. */
export function seeArriving(world: NetWorld, f: FrameId, nic: number): void {
  const { ring, frames, watches } = world.net.link!;
  if (watches.length > 0 || (ring.capacity > 0 && isStale(ring, frames, f))) {
    seeAnew(world, f, nic, SEEN_IN, ENDED_DELIVERED);
    if (watches.length > 0) showToWatches(world, f, nic, SEEN_IN);
  } else if (ring.capacity > 0) {
    writeSighting(ring, world.sim, rowOf(ring, frames, f), sightingOf(frames, f, nic, SEEN_IN, 0));
  }
}

/** A frame ends underway. @param end its place in FRAME_ENDS */
export function seeLost(world: NetWorld, f: FrameId, nic: number, end: number): void {
  seeAnew(world, f, nic, SEEN_LOST, end);
}

/** What it says is written again where that is needed. */
function seeAnew(world: NetWorld, f: FrameId, nic: number, direction: number, end: number): void {
  const { ring, frames } = world.net.link!;
  if (ring.capacity === 0) return;
  const row = isStale(ring, frames, f) ? describeForRing(world.net, f) : rowOf(ring, frames, f);
  writeSighting(ring, world.sim, row, sightingOf(frames, f, nic, direction, end));
}

function showToWatches(world: NetWorld, f: FrameId, nic: number, direction: number): void {
  const { macs, watches, frames } = world.net.link!;
  for (const watch of watches) {
    if (!watch.interfaces.includes(nic)) continue;
    const ring = createFrameRing();
    layRows(ring, 1);
    const row = describe(world.net, ring, f);
    writeSighting(ring, world.sim, row, sightingOf(frames, f, nic, direction, 0));
    watch.frames.push({ ...decode(ring, macs, 0), index: watch.seen++ });
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
