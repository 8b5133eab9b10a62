import { REPLY } from './flights.ts';
import { along, type Way } from './geometry.ts';
import type { Painted } from './painter.ts';
import { colourOf, locate, type Picture, wayOf } from './picture.ts';
import { COLOURS } from './sprites.ts';

const place = { x: 0, y: 0 };

/** What lines need of a canvas. */
export type Surface = Pick<
  CanvasRenderingContext2D,
  'beginPath' | 'moveTo' | 'lineTo' | 'stroke' | 'arc' | 'globalAlpha' | 'strokeStyle' | 'lineWidth'
>;

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
    if (locate(picture, i, place)) drawRing(surface, picture);
  }
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
    if (!locate(picture, i, place)) continue;
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance < best) {
      best = distance;
      found = i;
    }
  }
  return found;
}
