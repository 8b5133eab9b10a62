import { wiredInterfaces, createWorld } from '../../packages/cluster/src/index.ts';
import { preset } from '../../packages/scenario/src/index.ts';
import { programs } from '../../packages/shell/src/index.ts';
import { drawLines } from '../../apps/web/src/packets/draw.ts';
import { createFlights, type Flights } from '../../apps/web/src/packets/flights.ts';
import { createGeometry } from '../../apps/web/src/packets/geometry.ts';
import { createPainter, paintFrames } from '../../apps/web/src/packets/painter.ts';
import type { Picture } from '../../apps/web/src/packets/picture.ts';
import { drawSprites } from '../../apps/web/src/packets/sprites.ts';
import { layOut } from '../../apps/web/src/stage/layout.ts';

/** A stage as it stands on a page of 1440 × 900. */
const WIDTH = 920;
const HEIGHT = 560;
const PICTURES = 200;
/** All flights last 2 ms and begin in the first; the pictures are of the second. */
const FLIGHT_NS = 2e6;

interface Figures {
  readonly frames: number;
  /** Median and 95th percentile of what a picture takes of the main thread, ms. */
  readonly medianMs: number;
  /** Of a picture that nothing else on the machine held up. */
  readonly leastMs: number;
  readonly p95Ms: number;
}

/** As in tokens.css: eight servers, then ink. */
const COLOURS = '#0072b2 #e69f00 #009e73 #cc79a7 #d55e00 #56b4e9 #b8a800 #6b6b6b #5f656b'.split(' ');

/** So many frames under way between the hosts of a preset: all kinds, both directions, every colour. */
function manyFlights(count: number, pairs: readonly (readonly [number, number])[]): Flights {
  const flights = createFlights();
  for (let i = 0; i < count; i++) {
    const [from, to] = pairs[i % pairs.length] ?? [0, 0];
    flights.startNs[i] = (i * 7919) % 1e6;
    flights.endNs[i] = flights.startNs[i]! + FLIGHT_NS;
    flights.from[i] = from;
    flights.to[i] = to;
    flights.look[i] = (i % 9) | (i % 3 === 0 ? 16 : 0) | (i % 11 === 0 ? 32 : 0);
    flights.server[i] = i % 8;
    flights.frame[i] = i;
  }
  flights.count = count;
  return flights;
}

function pictureOf(count: number): Picture {
  const scenario = preset('three-methods');
  if (scenario === undefined) throw new Error('the preset three-methods is gone');
  const created = createWorld({ ...scenario, detail: 'packet' }, programs);
  if (!created.ok) throw new Error('the preset three-methods makes no world');
  const rows = wiredInterfaces(created.world);
  const pairs = rows.flatMap((a) =>
    rows.filter((b) => a !== b && a.network === b.network).map((b) => [a.id, b.id] as const),
  );
  const geometry = createGeometry(layOut(scenario, WIDTH, HEIGHT), new Map(rows.map((row) => [row.id, row])));
  const sprites = drawSprites(COLOURS, '#fbfaf6', 1);
  const flights = manyFlights(count, pairs);
  return { flights, geometry, sprites, colours: COLOURS, nowNs: 1e6, glowNs: 0, selected: -1 };
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

/** Draws the pictures and says what they took. */
async function measure(count: number): Promise<Figures> {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  document.body.append(canvas);
  const surface = canvas.getContext('2d');
  if (surface === null) throw new Error('no canvas');
  const picture = pictureOf(count);
  const image = surface.createImageData(WIDTH, HEIGHT);
  const { sprites, flights } = picture;
  const painter = createPainter(image.data.buffer, WIDTH, HEIGHT, sprites, flights.capacity);
  const times: number[] = [];
  for (let i = 0; i < PICTURES; i++) {
    const begin = performance.now();
    const now = { ...picture, nowNs: 1e6 + (i * 9e5) / PICTURES };
    const painted = paintFrames(painter, now);
    if (painted.shown !== count) throw new Error(`${painted.shown} of ${count} frames were drawn`);
    surface.putImageData(image, 0, 0);
    drawLines(surface, now, painted);
    times.push(performance.now() - begin);
    // between two pictures the browser does its own work
    await new Promise((resume) => requestAnimationFrame(resume));
  }
  const round = (ms: number): number => Math.round(ms * 100) / 100;
  const [leastMs, medianMs, p95Ms] = [0, 0.5, 0.95].map((share) => round(quantile(times, share)));
  return { frames: count, leastMs: leastMs ?? 0, medianMs: medianMs ?? 0, p95Ms: p95Ms ?? 0 };
}

Object.assign(window, { measure });
