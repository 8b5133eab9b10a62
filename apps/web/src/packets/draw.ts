import { MARKS } from '../parts/server-mark.ts';
import { ENVELOPE, type Flights, LOST, REPLY } from './flights.ts';
import { along, type Geometry, type Way, wayBetween } from './geometry.ts';
import { COLOURS, SPRITE, type Sprites, spriteRow } from './sprites.ts';

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
export const MOST_SINGLE = 12_000;

/** Older flights than these are not looked at: the sooner ones of the columns. */
const place = { x: 0, y: 0 };

/** What a canvas needs for it: the tests and the measurement have others than the page. */
export type Surface = Pick<
  CanvasRenderingContext2D,
  | 'drawImage'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'stroke'
  | 'arc'
  | 'globalAlpha'
  | 'strokeStyle'
  | 'lineWidth'
>;

/**
 * Draws the frames that are on their way at an instant. Pure over its columns: the same picture for the same
 * time, whenever and however often it is drawn.
 * @returns how many there were
 */
export function drawFrames(surface: Surface, picture: Picture): number {
  const { flights, nowNs, glowNs } = picture;
  const oldest = Math.max(0, flights.count - flights.capacity);
  const shown: number[] = [];
  for (let n = oldest; n < flights.count; n++) {
    const i = n % flights.capacity;
    if (flights.startNs[i]! <= nowNs && nowNs <= flights.endNs[i]! + glowNs) shown.push(i);
  }
  if (shown.length > MOST_SINGLE) drawFlows(surface, picture, shown);
  else for (const i of shown) drawFlight(surface, picture, i);
  return shown.length;
}

function wayOf({ flights, geometry }: Picture, i: number): Way | undefined {
  return wayBetween(geometry, flights.from[i]!, flights.to[i]!, (flights.look[i]! & REPLY) !== 0);
}

/** A server's place among the colours; ink where there is none. */
export function colourOf(server: number): number {
  return server < 0 ? COLOURS - 1 : server % MARKS;
}

function drawFlight(surface: Surface, picture: Picture, i: number): void {
  const { flights, nowNs, glowNs } = picture;
  const way = wayOf(picture, i);
  if (way === undefined) return;
  const look = flights.look[i]!;
  const [start, end] = [flights.startNs[i]!, flights.endNs[i]!];
  if (nowNs > end) {
    const left = 1 - (nowNs - end) / glowNs;
    if ((look & LOST) !== 0) drawCross(surface, way, left);
    else if (end - start < glowNs / 3) drawStreak(surface, picture, way, i, left);
    return;
  }
  const share = end <= start ? 1 : (nowNs - start) / (end - start);
  along(way, (look & LOST) !== 0 ? share / 2 : share, place);
  drawSprite(surface, picture, look, flights.server[i]!);
  if (flights.frame[i] === picture.selected) drawRing(surface, picture);
}

function drawSprite(surface: Surface, { sprites }: Picture, look: number, server: number): void {
  const size = SPRITE * sprites.scale;
  const row = spriteRow(colourOf(server), (look & REPLY) !== 0, (look & ENVELOPE) !== 0);
  surface.drawImage(
    sprites.image,
    (look & 15) * size,
    row * size,
    size,
    size,
    place.x - SPRITE / 2,
    place.y - SPRITE / 2,
    SPRITE,
    SPRITE,
  );
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
    const way = wayOf(picture, i);
    if (way === undefined) continue;
    along(way, end <= start ? 1 : (nowNs - start) / (end - start), place);
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance < best) {
      best = distance;
      found = i;
    }
  }
  return found;
}
