import { describe, expect, it } from 'vitest';
import { framesSeen, keepFrames, turnToPackets } from '../index.ts';
import { createLab } from '../testing/lab.ts';
import { SEEN_IN, writeLast, writeSent } from './frame-row.ts';
import { copyFrame, endFrame, makeFrame } from './frames.ts';
import { ENDED_DELIVERED, FRAME_REALS, SERIAL } from './state.ts';

/** What was seen of a frame, by its number among all and where it went to. */
interface Seen {
  readonly index: number;
  readonly at: number;
  readonly frame: number;
  readonly direction: string;
  readonly to: number | undefined;
}

/** Few are underway for long while thousands come and go: the hardest for rows that are taken in turn. */
function traffic(kept: number, frames: number): { seen: Seen[]; read: Seen[]; size: number } {
  const lab = createLab(1);
  const link = turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  for (let mac = 0; mac < 1000; mac++) link.macs[3 + mac] = mac;
  keepFrames(lab.net, kept);
  const seen: Seen[] = [];
  const underway: { f: number; to: number }[] = [];
  const see = (f: number, to: number, direction: 'out' | 'in'): void => {
    lab.sim.now++;
    const frame = link.frames.reals[(f << FRAME_REALS) | SERIAL]!;
    seen.push({ index: seen.length, at: lab.sim.now, frame, direction, to });
    if (direction === 'out') writeSent(link, lab.sim, f);
    else writeLast(link, lab.sim, f, SEEN_IN);
  };
  for (let i = 0; i < frames; i++) {
    const to = i % 1000;
    const f = makeFrame(link, 2, 3 + to, 0, -1, 0);
    see(f, to, 'out');
    underway.push({ f, to });
    if (i % 50 === 0) for (let n = 0; n < 20; n++) underway.push({ f: copyFrame(link, f, -1), to });
    // the newest end at once, but every hundredth time the oldest does
    for (let place = i % 100 === 99 ? 0 : -1; underway.length > 40; place = -1) {
      const ends = underway.splice(place, 1)[0]!;
      see(ends.f, ends.to, 'in');
      endFrame(link, ends.f, ENDED_DELIVERED);
    }
  }
  return {
    seen: seen.slice(-kept),
    read: framesSeen(lab.net).frames.map(({ index, at, frame, direction, destinationMac }) => ({
      index,
      at,
      frame,
      direction,
      to: destinationMac,
    })),
    size: link.frames.size,
  };
}

describe('rows of frames', () => {
  it.each([1, 10, 100, 1000])('are there for the last %i sightings', (kept) => {
    for (const frames of [300, 1234, 5000]) {
      const { seen, read, size } = traffic(kept, frames);
      expect(read).toEqual(seen);
      expect(size).toBeLessThan(2 * (kept + 256));
    }
  });

  it('are as many as are needed, however long the traffic lasts', () => {
    expect(traffic(100, 100_000).size).toBe(traffic(100, 1000).size);
  });
});
