import { writeFileSync } from 'node:fs';
import {
  addToCapture,
  captureBytes,
  type CaptureFile,
  createCaptureFile,
  endCapture,
} from '@lvscope/capture';
import {
  frameMessage,
  frameReasons,
  framesSeen,
  type InterfaceRow,
  keepFrames,
  type World,
} from '@lvscope/cluster';

/** A capture under way: the file, and how far the world's ring has been read. */
export interface Recording {
  readonly file: CaptureFile;
  nextFrame: number;
  nextReason: number;
}

/** Rows of the ring; it is read more often than it can be filled. */
const ROWS = 32_768;

/** What `--interface` may name: `d1:eth0`, a host, or a network; all of them without it. */
export function chosenInterfaces(rows: readonly InterfaceRow[], wanted: string | undefined): InterfaceRow[] {
  if (wanted === undefined) return [...rows];
  return rows.filter(({ label, host, network }) => [label, host, network].includes(wanted));
}

/** Begins to record what these interfaces see; the world has to be at packet level. */
export function startRecording(world: World, interfaces: readonly InterfaceRow[]): Recording {
  keepFrames(world.net, ROWS);
  const file = createCaptureFile(
    interfaces.map(({ id, host, label, network, bandwidthBitsPerSecond }) => ({
      id,
      host,
      name: label,
      description: network,
      speed: bandwidthBitsPerSecond,
    })),
  );
  return { file, nextFrame: 0, nextReason: 0 };
}

/** Takes what the world has seen since the last call; to be called before the ring runs over. */
export function record(recording: Recording, world: World): void {
  const { frames, next } = framesSeen(world.net, { from: recording.nextFrame });
  const told = frameReasons(world, recording.nextReason);
  addToCapture(recording.file, frames, told.reasons, (frame) => frameMessage(world, frame));
  recording.nextFrame = next;
  recording.nextReason = told.next;
}

/** Writes the file. @returns how many packets it has */
export function saveRecording(recording: Recording, path: string): number {
  endCapture(recording.file);
  writeFileSync(path, captureBytes(recording.file));
  return recording.file.packets;
}
