import { armTimer } from '@lvscope/des';
import type { NetWorld, Network } from '../state.ts';
import { decode, type FrameRecord } from './frame-ring.ts';
import { contentsOf, createFrameRing, describe, layRows, SEEN_LOST, writeSighting } from './frame-row.ts';
import { ENDED_DELIVERED, type FrameId, type FrameWatch } from './state.ts';

/** Writes a frame into the ring, where one is kept, and shows it to those who watch the interface. */
export function seeFrame(
  world: NetWorld,
  f: FrameId,
  nic: number,
  direction: number,
  end: number = ENDED_DELIVERED,
): void {
  const { ring, watches } = world.net.link!;
  if (ring.capacity > 0) {
    writeSighting(world, ring, f, contentsOf(world.net, f, direction), nic, direction, end);
  }
  if (watches.length > 0 && direction !== SEEN_LOST) showToWatches(world, f, nic, direction, end);
}

function showToWatches(world: NetWorld, f: FrameId, nic: number, direction: number, end: number): void {
  const { macs, watches } = world.net.link!;
  for (const watch of watches) {
    if (!watch.interfaces.includes(nic)) continue;
    const ring = createFrameRing();
    layRows(ring, 1);
    writeSighting(world, ring, f, describe(world.net, ring, f), nic, direction, end);
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
