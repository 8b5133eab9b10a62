import { COLUMN, ROW_WIDTH } from '@lvscope/capture';
import type { InterfaceRow } from '@lvscope/cluster';
import { describe, expect, it } from 'vitest';
import { createFlights, type Flights, LOST, plugsOf, takeFrame } from './flights.ts';
import type { Geometry } from './geometry.ts';
import { frameRate } from './pace.ts';
import { createPainter, paintFrames } from './painter.ts';
import type { Picture } from './picture.ts';
import { COLOURS, inRows, spriteAt } from './sprites.ts';

const nic = (id: number, host: string): InterfaceRow => ({
  id,
  host,
  label: `${host}:eth0`,
  name: 'eth0',
  network: 'lan',
  mac: 100 + id,
  macText: '',
  bandwidthBitsPerSecond: 1e9,
  delayNs: 50_000,
});

const PLUGS = plugsOf([nic(1, 'd1'), nic(2, 'rs1'), nic(3, 'rs2')]);

interface Sight {
  readonly at: number;
  readonly nic: number;
  readonly direction: 'out' | 'in' | 'lost';
  readonly frame: number;
  readonly to?: number;
}

/** Takes sightings of frames of 1000 bytes, as the worker tells them. */
function seen(...sights: readonly Sight[]): Flights {
  const flights = createFlights(64);
  for (const [index, one] of sights.entries()) {
    const row = new Float64Array(ROW_WIDTH);
    row[COLUMN.index] = index;
    row[COLUMN.at] = one.at;
    row[COLUMN.interfaceId] = one.nic;
    row[COLUMN.direction] = ['out', 'in', 'lost'].indexOf(one.direction);
    row[COLUMN.frame] = one.frame;
    row[COLUMN.destinationMac] = one.to ?? 0xffffffffffff;
    row[COLUMN.length] = 1000;
    takeFrame(flights, PLUGS, row, 0, 1, -1);
  }
  return flights;
}

const ends = (flights: Flights): string[] =>
  Array.from({ length: flights.count }, (_, i) => `${flights.to[i]} at ${flights.endNs[i]}`);

describe('a frame on its way', () => {
  it('is expected after the delay and twice the time that its bytes take: interface, and switch port', () => {
    expect(ends(seen({ at: 0, nic: 1, direction: 'out', frame: 1, to: 102 }))).toEqual(['2 at 66000']);
  });

  it('waits for the one before it on the same interface', () => {
    const out = { at: 0, nic: 1, direction: 'out', to: 102 } as const;
    expect(ends(seen({ ...out, frame: 1 }, { ...out, frame: 2 }))).toEqual(['2 at 66000', '2 at 74000']);
  });

  it('arrives when it was seen to, whatever was expected', () => {
    const out: Sight = { at: 0, nic: 1, direction: 'out', frame: 1, to: 102 };
    expect(ends(seen(out, { at: 90_000, nic: 2, direction: 'in', frame: 1 }))).toEqual(['2 at 90000']);
  });

  it('goes to everybody else when it is for all', () => {
    const flights = seen({ at: 0, nic: 1, direction: 'out', frame: 1 });
    expect(Array.from(flights.to.slice(0, flights.count))).toEqual([2, 3]);
  });

  it('ends where it is lost', () => {
    const out: Sight = { at: 0, nic: 1, direction: 'out', frame: 1, to: 102 };
    const flights = seen(out, { at: 30_000, nic: 1, direction: 'lost', frame: 1 });
    expect((flights.look[0] ?? 0) & LOST).toBe(LOST);
    expect(flights.endNs[0]).toBe(30_000);
  });
});

it('the shortest flight under way sets the pace', () => {
  const flights = seen({ at: 0, nic: 1, direction: 'out', frame: 1, to: 102 });
  expect(frameRate(flights, 10_000)).toBeCloseTo(66_000 / 1e9 / 0.6, 9);
  expect(frameRate(flights, 70_000), 'nothing moves').toBe(1);
});

describe('a picture', () => {
  const geometry: Geometry = {
    layout: {
      hosts: new Map(
        [
          ['d1', 40],
          ['rs1', 160],
        ].map(([name, x]) => [
          name,
          { name, role: 'realserver', x, y: 50, width: 20, height: 20, address: '' },
        ]),
      ),
      rails: new Map(),
      ports: new Map(),
    } as unknown as Geometry['layout'],
    byId: PLUGS.byId,
    ways: [],
  };
  /** Every look is one pixel: its number, one more lest it be clear. */
  const dots = inRows(
    Array.from({ length: 360 }, (_, look) => [[0, 0, look + 1]]),
    1,
  );

  /** What is painted of some flights at a time: columns and looks. */
  function painted(flights: Flights, nowNs: number): string[] {
    const [width, height] = [200, 100];
    const painter = createPainter(new ArrayBuffer(4 * width * height), width, height, dots, flights.capacity);
    const picture: Picture = {
      flights,
      geometry,
      sprites: dots,
      colours: [],
      nowNs,
      glowNs: 0,
      selected: -1,
    };
    paintFrames(painter, picture);
    return Array.from(painter.words, (word, i) => (word === 0 ? '' : `${i % width}: ${word - 1}`)).filter(
      (text) => text !== '',
    );
  }

  const out = { at: 0, nic: 1, direction: 'out', to: 102 } as const;
  const INK = COLOURS - 1;

  it('has a frame where its time has brought it, and none before or after', () => {
    const flights = seen({ ...out, frame: 1 });
    const look = spriteAt(1, INK, false, false);
    expect([0, 33_000, 66_000].map((at) => painted(flights, at))).toEqual([
      [`50: ${look}`],
      [`100: ${look}`],
      [`150: ${look}`],
    ]);
    expect(painted(flights, 66_001)).toEqual([]);
  });

  it('shows the newest of frames that lie on one pixel', () => {
    const flights = seen({ ...out, frame: 1 });
    for (const column of [flights.startNs, flights.endNs, flights.from, flights.to, flights.server]) {
      column[1] = column[0] ?? 0;
    }
    flights.look[1] = 2;
    flights.count = 2;
    expect(painted(flights, 33_000)).toEqual([`100: ${spriteAt(2, INK, false, false)}`]);
  });
});
