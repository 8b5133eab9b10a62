import { MARKS } from '../parts/server-mark.ts';
import { ENVELOPE, type Flights, LOST, REPLY } from './flights.ts';
import { along, type Geometry, type Way, wayBetween } from './geometry.ts';
import { COLOURS, SPRITE, type Sprite, spriteAt, type Sprites } from './sprites.ts';

/** What is to be drawn, and when. */
export interface Picture {
  readonly flights: Flights;
  readonly geometry: Geometry;
  readonly sprites: Sprites;
  /** CSS colours: eight servers, then ink. */
  readonly colours: readonly string[];
  readonly nowNs: number;
  /** How long after its end a flight too short to be seen stays as a streak, and a lost one as a cross. */
  readonly glowNs: number;
  /** Index of the frame that stands out; -1: none. */
  readonly selected: number;
}

/** Above this many on their way, their number on each way is drawn instead of each of them. */
const MOST_SINGLE = 12_000;
/** Above this many streaks, they are drawn as flows as well. */
const MOST_STREAKS = 400;

const place = { x: 0, y: 0 };

/** Device pixels, a number each. */
export interface Pixels {
  readonly words: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** What was painted, and what is left for lines: flights by number. */
export interface Painted {
  /** Frames under way. */
  readonly shown: number;
  readonly streaks: readonly number[];
  readonly crosses: readonly number[];
  /** So many that each way is drawn as wide as what travels on it. */
  readonly flows: readonly number[];
}

/** What lines need of a canvas. */
export type Surface = Pick<
  CanvasRenderingContext2D,
  'beginPath' | 'moveTo' | 'lineTo' | 'stroke' | 'arc' | 'globalAlpha' | 'strokeStyle' | 'lineWidth'
>;

/**
 * Paints the frames that are on their way at an instant, pixel by pixel: the time it takes hangs on their
 * number alone, not on what draws for the browser. Pure over its columns: the same picture for the same time.
 */
export function paintFrames(pixels: Pixels, picture: Picture): Painted {
  const { flights, nowNs, glowNs } = picture;
  const oldest = Math.max(0, flights.count - flights.capacity);
  const under: number[] = [];
  const streaks: number[] = [];
  const crosses: number[] = [];
  for (let n = oldest; n < flights.count; n++) {
    const i = n % flights.capacity;
    const [start, end] = [flights.startNs[i]!, flights.endNs[i]!];
    if (start > nowNs || nowNs > end + glowNs) continue;
    if (nowNs <= end) under.push(i);
    else if ((flights.look[i]! & LOST) !== 0) crosses.push(i);
    else if (end - start < glowNs / 3) streaks.push(i);
  }
  const shown = under.length;
  if (shown > MOST_SINGLE) return { shown, streaks: [], crosses, flows: [...under, ...streaks] };
  for (const i of under) paintFlight(pixels, picture, i);
  if (streaks.length > MOST_STREAKS) return { shown, streaks: [], crosses, flows: streaks };
  return { shown, streaks, crosses, flows: [] };
}

function paintFlight(pixels: Pixels, picture: Picture, i: number): void {
  const { flights, sprites } = picture;
  if (!locate(picture, i)) return;
  const look = flights.look[i]!;
  const colour = colourOf(flights.server[i]!);
  const sprite = sprites.all[spriteAt(look & 15, colour, (look & REPLY) !== 0, (look & ENVELOPE) !== 0)];
  if (sprite !== undefined) stamp(pixels, sprite, place.x * sprites.scale, place.y * sprites.scale);
}

/** Puts a sprite down; what lies below it is covered. Next to the edge nothing is drawn. */
function stamp({ words, width, height }: Pixels, { dx, dy, colour }: Sprite, x: number, y: number): void {
  const [left, top] = [Math.round(x), Math.round(y)];
  const margin = SPRITE;
  if (left < margin || top < margin || left >= width - margin || top >= height - margin) return;
  const at = top * width + left;
  for (let p = 0; p < colour.length; p++) words[at + dy[p]! * width + dx[p]!] = colour[p]!;
}

/** Where a flight is now, in `place`. @returns false where it has no way on the stage */
function locate(picture: Picture, i: number): boolean {
  const { flights, nowNs } = picture;
  const way = wayOf(picture, i);
  if (way === undefined) return false;
  const [start, end] = [flights.startNs[i]!, flights.endNs[i]!];
  const share = end <= start ? 1 : Math.min(1, (nowNs - start) / (end - start));
  // what will be lost gets as far as the switch
  along(way, (flights.look[i]! & LOST) !== 0 ? share / 2 : share, place);
  return true;
}

/** Draws what is lines: flows, streaks, crosses, and a ring round the frame that is selected. */
export function drawLines(surface: Surface, picture: Picture, painted: Painted): void {
  const { flights, nowNs, glowNs } = picture;
  const left = (i: number): number => 1 - (nowNs - flights.endNs[i]!) / glowNs;
  if (painted.flows.length > 0) drawFlows(surface, picture, painted.flows);
  for (const i of painted.streaks) {
    const way = wayOf(picture, i);
    if (way !== undefined) drawStreak(surface, picture, way, i, left(i));
  }
  for (const i of painted.crosses) {
    const way = wayOf(picture, i);
    if (way !== undefined) drawCross(surface, way, left(i));
  }
  if (picture.selected >= 0) drawSelected(surface, picture);
}

function drawSelected(surface: Surface, picture: Picture): void {
  const { flights, nowNs, selected } = picture;
  for (let n = flights.count - 1; n >= Math.max(0, flights.count - flights.capacity); n--) {
    const i = n % flights.capacity;
    if (flights.frame[i] !== selected || flights.startNs[i]! > nowNs || flights.endNs[i]! < nowNs) continue;
    if (locate(picture, i)) drawRing(surface, picture);
  }
}

function wayOf({ flights, geometry }: Picture, i: number): Way | undefined {
  return wayBetween(geometry, flights.from[i]!, flights.to[i]!, (flights.look[i]! & REPLY) !== 0);
}

/** A server's place among the colours; ink where there is none. */
export function colourOf(server: number): number {
  return server < 0 ? COLOURS - 1 : server % MARKS;
}

function drawRing(surface: Surface, { colours }: Picture): void {
  surface.strokeStyle = colours[COLOURS - 1] ?? '#000';
  surface.lineWidth = 1.5;
  surface.beginPath();
  surface.arc(place.x, place.y, 11, 0, 2 * Math.PI);
  surface.stroke();
}

/** Where a frame was lost: halfway, at the switch. */
function drawCross(surface: Surface, way: Way, left: number): void {
  along(way, 0.5, place);
  surface.globalAlpha = left;
  surface.strokeStyle = '#d0392b';
  surface.lineWidth = 2.4;
  surface.beginPath();
  surface.moveTo(place.x - 6, place.y - 6);
  surface.lineTo(place.x + 6, place.y + 6);
  surface.moveTo(place.x + 6, place.y - 6);
  surface.lineTo(place.x - 6, place.y + 6);
  surface.stroke();
  surface.globalAlpha = 1;
}

/** What passed between two pictures, as the line that it took. */
function drawStreak(
  surface: Surface,
  { flights, colours }: Picture,
  way: Way,
  i: number,
  left: number,
): void {
  surface.globalAlpha = 0.5 * left;
  surface.strokeStyle = colours[colourOf(flights.server[i]!)] ?? '#000';
  surface.lineWidth = 2;
  strokeWay(surface, way);
  surface.globalAlpha = 1;
}

function strokeWay(surface: Surface, { points }: Way): void {
  surface.beginPath();
  surface.moveTo(points[0]!, points[1]!);
  for (let p = 2; p < points.length; p += 2) surface.lineTo(points[p]!, points[p + 1]!);
  surface.stroke();
}

/** Too many to be told apart: each way as wide as what travels on it, by colour. */
function drawFlows(surface: Surface, picture: Picture, shown: readonly number[]): void {
  const { flights, colours } = picture;
  const flows = new Map<string, { way: Way; colour: number; count: number }>();
  for (const i of shown) {
    const way = wayOf(picture, i);
    if (way === undefined) continue;
    const colour = colourOf(flights.server[i]!);
    const key = `${flights.from[i]} ${flights.to[i]} ${flights.look[i]! & REPLY} ${colour}`;
    const flow = flows.get(key);
    if (flow === undefined) flows.set(key, { way, colour, count: 1 });
    else flow.count++;
  }
  surface.globalAlpha = 0.55;
  for (const { way, colour, count } of flows.values()) {
    surface.strokeStyle = colours[colour] ?? '#000';
    surface.lineWidth = Math.min(14, 1 + Math.sqrt(count) / 4);
    strokeWay(surface, way);
  }
  surface.globalAlpha = 1;
}

/** The flight that is nearest to a point, at most `within` pixels from it; -1: none. */
export function flightNear(picture: Picture, x: number, y: number, within = 14): number {
  const { flights, nowNs } = picture;
  const oldest = Math.max(0, flights.count - flights.capacity);
  let found = -1;
  let best = within;
  for (let n = flights.count - 1; n >= oldest; n--) {
    const i = n % flights.capacity;
    const [start, end] = [flights.startNs[i]!, flights.endNs[i]!];
    if (start > nowNs || end < nowNs) continue;
    if (!locate(picture, i)) continue;
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance < best) {
      best = distance;
      found = i;
    }
  }
  return found;
}
