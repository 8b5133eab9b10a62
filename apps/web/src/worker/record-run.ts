import {
  addToCapture,
  captureBytes,
  type CaptureFile,
  createCaptureFile,
  endCapture,
} from '@lvscope/capture';
import { frameMessage, frameReasons, framesSeen, wiredInterfaces, type World } from '@lvscope/cluster';
import type { CaptureAnswer } from './api.ts';
import { createCheckpoints, nearest } from './history.ts';
import { run, type Session } from './session.ts';

/** A file grows to at most this many bytes; a longer run is cut off there, and the page says so. */
const MOST_BYTES = 64e6;
/** Slices of the replay between two looks at what else is asked. */
const SLICES_BETWEEN_PAUSES = 40;

/**
 * The capture of the run from its begin to now, of an interface (`d1:eth0`), a host, a network, or all. The
 * run is played again, beside the one that the page shows, with the commands of the user at their places.
 */
export async function recordRun(
  session: Session,
  at: string,
  pause: () => Promise<void>,
): Promise<CaptureAnswer> {
  const world = nearest(session.checkpoints, 0);
  if (world?.net.link === undefined) return { bytes: new Uint8Array(), packets: 0, complete: false };
  const untilNs = session.world.sim.now;
  const again: Session = { ...session, world, next: 0, checkpoints: createCheckpoints() };
  const file = createCaptureFile(sourcesOf(world, at));
  const place = { frame: 0, reason: 0 };
  for (let slice = 1, reached = false; !reached && file.bytes < MOST_BYTES; slice++) {
    // no time at all: one slice, after which the ring is read
    reached = run(again, untilNs, 0, () => 0, false);
    read(file, again.world, place);
    if (slice % SLICES_BETWEEN_PAUSES === 0) await pause();
  }
  endCapture(file);
  return { bytes: captureBytes(file), packets: file.packets, complete: file.bytes < MOST_BYTES };
}

function sourcesOf(world: World, at: string): Parameters<typeof createCaptureFile>[0] {
  return wiredInterfaces(world)
    .filter(({ label, host, network }) => at === '' || [label, host, network].includes(at))
    .map(({ id, host, label, network, bandwidthBitsPerSecond }) => ({
      id,
      host,
      name: label,
      description: network,
      speed: bandwidthBitsPerSecond,
    }));
}

function read(file: CaptureFile, world: World, place: { frame: number; reason: number }): void {
  const { frames, next } = framesSeen(world.net, { from: place.frame });
  const told = frameReasons(world, place.reason);
  addToCapture(file, frames, told.reasons, (frame) => frameMessage(world, frame));
  place.frame = next;
  place.reason = told.next;
}
