import { addTimerBank } from '@lvscope/des';
import { describe, expect, it } from 'vitest';
import {
  type FrameRecord,
  framesSeen,
  injectPacket,
  keepFrames,
  takeFrames,
  turnToPackets,
  watchFrames,
} from '../index.ts';
import { createLab, host, hooksOf, ip, runUntil, segment } from '../testing/lab.ts';

/** More SYNs than a small ring has rows leave one after the other before the first comes in. */
function burst(capacity: number): { kept: FrameRecord[]; watched: FrameRecord[]; written: number } {
  const lab = createLab(1);
  turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  keepFrames(lab.net, capacity);
  const lan = segment(lab, 'lan', '10.0.0.0/24', { delayNs: 10_000_000, bandwidthBitsPerSecond: 1e9 });
  const client = host(lab, 'client', 'client', [[lan, '10.0.0.254/24']]);
  const server = host(lab, 'rs1', 'realserver', [[lan, '10.0.0.11/24']]);
  const wakes = { bank: addTimerBank(lab.sim, 20), timer: 0 };
  const watch = watchFrames(lab.net, [server.interfaces[1]!.id], wakes)!;
  for (let sourcePort = 1; sourcePort <= 30; sourcePort++) {
    const [source, destination] = [ip('10.0.0.254'), ip('10.0.0.11')];
    injectPacket(lab, hooksOf(), client, { source, sourcePort, destination, destinationPort: 80, flags: 2 });
  }
  runUntil(lab, hooksOf(), 1);
  const { frames, next } = framesSeen(lab.net);
  return { kept: frames, watched: takeFrames(watch), written: next };
}

describe('the ring of frames', () => {
  it('says of a frame that was underway for long what a ring says that has forgotten nothing', () => {
    const all = burst(1000);
    for (const capacity of [1, 2, 8, 21, 50]) {
      const some = burst(capacity);
      expect(some.written).toBe(all.written);
      expect(some.kept).toEqual(all.kept.slice(-capacity));
    }
  });

  it('shows a watch what it keeps, and the watch disturbs nothing', () => {
    const { kept, watched } = burst(1000);
    const at = watched[0]!.interfaceId;
    const without = (frames: readonly FrameRecord[]) => frames.map((one) => ({ ...one, index: 0 }));
    expect(watched.length).toBeGreaterThan(60);
    expect(without(watched)).toEqual(without(kept.filter(({ interfaceId }) => interfaceId === at)));
  });
});
