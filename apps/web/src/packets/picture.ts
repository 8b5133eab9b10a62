import { MARKS } from '../parts/server-mark.ts';
import { type Flights, LOST, REPLY } from './flights.ts';
import type { Point } from '../stage/layout.ts';
import { along, type Geometry, type Way, wayBetween } from './geometry.ts';
import { COLOURS, type Sprites } from './sprites.ts';

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

/** A server's place among the colours; ink where there is none. */
export function colourOf(server: number): number {
  return server < 0 ? COLOURS - 1 : server % MARKS;
}

export function wayOf({ flights, geometry }: Picture, i: number): Way | undefined {
  return wayBetween(geometry, flights.from[i]!, flights.to[i]!, (flights.look[i]! & REPLY) !== 0);
}

/** Where a flight is now, written to `place`. @returns false where it has no way on the stage */
export function locate(picture: Picture, i: number, place: Point): boolean {
  const { flights, nowNs } = picture;
  const way = wayOf(picture, i);
  if (way === undefined) return false;
  const [start, end] = [flights.startNs[i]!, flights.endNs[i]!];
  const share = end <= start ? 1 : Math.min(1, (nowNs - start) / (end - start));
  // what will be lost gets as far as the switch
  along(way, (flights.look[i]! & LOST) !== 0 ? share / 2 : share, place);
  return true;
}
