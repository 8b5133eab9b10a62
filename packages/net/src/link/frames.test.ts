import { describe, expect, it } from 'vitest';
import { turnToPackets } from '../index.ts';
import { createLab } from '../testing/lab.ts';
import { copyFrame, endFrame, keepEnded, makeFrame, rowToKeep } from './frames.ts';
import { ENDED_DELIVERED, FRAME, FRAME_REALS, type LinkLayer, SERIAL, TO_MAC } from './state.ts';

/** What a sighting says of its frame, and what is to be read there for as long as the sighting counts. */
interface Sighting {
  readonly row: number;
  readonly serial: number;
  readonly to: number;
}

function sightingOf(link: LinkLayer, row: number): Sighting {
  const { rows, reals } = link.frames;
  return {
    row,
    serial: reals[(row << FRAME_REALS) | SERIAL]!,
    to: rows[(row << FRAME) | TO_MAC]!,
  };
}

/** Few are underway for long while thousands come and go: the hardest for rows that are taken in turn. */
function traffic(kept: number, frames: number): { seen: Sighting[]; read: Sighting[]; size: number } {
  const { net } = createLab(1);
  const link = turnToPackets(net, { frame: 10, neighbour: 11 });
  keepEnded(link.frames, kept);
  const seen: Sighting[] = [];
  const underway: number[] = [];
  for (let i = 0; i < frames; i++) {
    const f = makeFrame(link, 2, 3 + (i % 1000), 0, -1, 0);
    seen.push(sightingOf(link, f));
    underway.push(f);
    if (i % 50 === 0) for (let n = 0; n < 20; n++) underway.push(copyFrame(link, f, -1));
    // the newest end at once, but every hundredth time the oldest does
    for (let place = i % 100 === 99 ? 0 : -1; underway.length > 40; place = -1) {
      const g = underway.splice(place, 1)[0]!;
      seen.push(sightingOf(link, rowToKeep(link, g)));
      endFrame(link, g, ENDED_DELIVERED);
    }
  }
  return {
    seen: seen.slice(-kept),
    read: seen.slice(-kept).map(({ row }) => sightingOf(link, row)),
    size: link.frames.size,
  };
}

describe('rows of frames', () => {
  it.each([1, 10, 100, 1000])('are there for the last %i sightings', (kept) => {
    for (const frames of [300, 1234, 5000]) {
      const { seen, read, size } = traffic(kept, frames);
      expect(read).toEqual(seen);
      expect(size).toBeLessThan(4 * (kept + 256));
    }
  });
});
