import type { InterfaceRow } from '@lvscope/cluster';
import type { Layout, PlacedHost, Point } from '../stage/layout.ts';
import { atPort } from '../stage/ports.ts';

/** The way of a frame on the stage: from a host to its segment, along it, and to the other host. */
export interface Way {
  /** x, y of each point. */
  readonly points: Float32Array;
  /** Length up to each point, pixels. */
  readonly lengths: Float32Array;
}

/** Ways by their ends, made when they are wanted first. */
export interface Geometry {
  readonly layout: Layout;
  readonly byId: ReadonlyMap<number, InterfaceRow>;
  /** By sender, then by twice the receiver, one more for replies; null: there is no way. */
  readonly ways: (Way | null)[][];
}

export function createGeometry(layout: Layout, byId: ReadonlyMap<number, InterfaceRow>): Geometry {
  return { layout, byId, ways: [] };
}

/** Requests and replies keep to their sides of a cable, so that they do not meet head on. Pixels. */
const SIDE = 5;

/** The way from an interface to another one; undefined where one of them has no place on the stage. */
export function wayBetween(geometry: Geometry, from: number, to: number, reply: boolean): Way | undefined {
  const row = (geometry.ways[from] ??= []);
  const place = 2 * to + (reply ? 1 : 0);
  // looked up ten thousand times a picture: arrays, not a map of large numbers
  const known = row[place];
  if (known !== undefined) return known ?? undefined;
  const way = makeWay(geometry, from, to, reply);
  row[place] = way ?? null;
  return way;
}

function makeWay({ layout, byId }: Geometry, from: number, to: number, reply: boolean): Way | undefined {
  const [sender, receiver] = [byId.get(from), byId.get(to)];
  const a = layout.hosts.get(sender?.host ?? '');
  const b = layout.hosts.get(receiver?.host ?? '');
  if (a === undefined || b === undefined || sender === undefined) return undefined;
  const rail = layout.rails.get(sender.network);
  const by = reply ? SIDE : -SIDE;
  const [here, there] = [atPort(layout.ports, a, sender.network), atPort(layout.ports, b, sender.network)];
  return measured(rail === undefined ? straight(here, there, by) : alongRail(here, there, rail.x, by));
}

function straight(a: PlacedHost, b: PlacedHost, by: number): Point[] {
  return [
    { x: edgeTowards(a, b.x), y: a.y + by },
    { x: edgeTowards(b, a.x), y: b.y + by },
  ];
}

/** Upright stretches have their sides as well: requests on the right going down, say. */
function alongRail(a: PlacedHost, b: PlacedHost, railX: number, by: number): Point[] {
  const x = railX + (by < 0 ? SIDE + 2 : -SIDE - 2);
  return [
    { x: edgeTowards(a, railX), y: a.y + by },
    { x, y: a.y + by },
    { x, y: b.y + by },
    { x: edgeTowards(b, railX), y: b.y + by },
  ];
}

function edgeTowards(host: PlacedHost, x: number): number {
  return x < host.x ? host.x - host.width / 2 : host.x + host.width / 2;
}

function measured(points: readonly Point[]): Way {
  const flat = new Float32Array(points.length * 2);
  const lengths = new Float32Array(points.length);
  let length = 0;
  for (const [i, point] of points.entries()) {
    const before = points[i - 1];
    if (before !== undefined) length += Math.hypot(point.x - before.x, point.y - before.y);
    flat[2 * i] = point.x;
    flat[2 * i + 1] = point.y;
    lengths[i] = length;
  }
  return { points: flat, lengths };
}

/** Where a share (0 to 1) of a way ends; written to `place`, lest ten thousand points be made a picture. */
export function along(way: Way, share: number, place: { x: number; y: number }): void {
  const { points, lengths } = way;
  const last = lengths.length - 1;
  const goal = (lengths[last] ?? 0) * share;
  let i = 1;
  while (i < last && (lengths[i] ?? 0) < goal) i++;
  const begin = lengths[i - 1] ?? 0;
  const part = (goal - begin) / Math.max(1e-6, (lengths[i] ?? 0) - begin);
  const [ax = 0, ay = 0] = [points[2 * i - 2], points[2 * i - 1]];
  place.x = ax + ((points[2 * i] ?? 0) - ax) * part;
  place.y = ay + ((points[2 * i + 1] ?? 0) - ay) * part;
}
