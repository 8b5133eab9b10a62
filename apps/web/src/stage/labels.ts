import { LEGEND } from './place.ts';
import type { Cable, Rail } from './layout.ts';
import type { PlacedHost, Point } from './levels.ts';

/** A segment's name on the stage. `y` is the line that the letters stand on. */
export interface Label extends Point {
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What is on the stage already. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly hosts: readonly PlacedHost[];
  readonly rails: readonly Rail[];
  readonly cables: readonly Cable[];
}

/** Of the monospaced face at 11 pixels. */
const LETTER = 6.7;
const ASCENT = 9;
const DESCENT = 3;

/**
 * Gives each segment's name the first place where it lies on nothing, else a shorter one; where there is no
 * room for that either it is left out.
 */
export function placeLabels(
  placed: Placed,
  segments: readonly { readonly network: string; readonly texts: readonly string[] }[],
): Label[] {
  const taken = [
    ...placed.hosts.map(boxOfHost),
    ...placed.rails.map(({ x, top, bottom }) => ({ left: x - 3, right: x + 3, top, bottom })),
    ...placed.cables.map(boxOfCable),
    { left: 0, right: LEGEND.width, top: placed.height - LEGEND.height, bottom: placed.height },
  ];
  const labels: Label[] = [];
  for (const { network, texts } of segments) {
    const rail = placed.rails.find((one) => one.network === network);
    const cable = placed.cables.find((one) => one.network === network);
    const places = rail === undefined ? cablePlaces(cable) : railPlaces(rail);
    const label = texts
      .flatMap((text) => places.map((place) => ({ ...place, text })))
      .find(
        (one) => isInside(boxOfLabel(one), placed) && !taken.some((box) => overlap(box, boxOfLabel(one))),
      );
    if (label === undefined) continue;
    labels.push(label);
    taken.push(withAir(boxOfLabel(label)));
  }
  return labels;
}

type Place = Omit<Label, 'text'>;

/** Above, below, then beside it, from the top down. */
function railPlaces({ x, top, bottom }: Rail): Place[] {
  const places: Place[] = [
    { x, y: top - 9, anchor: 'middle' },
    { x, y: bottom + 15, anchor: 'middle' },
    { x: x - 3, y: top - 9, anchor: 'start' },
    { x: x + 3, y: top - 9, anchor: 'end' },
  ];
  for (let y = top + 8; y <= bottom; y += 8) {
    places.push({ x: x - 8, y, anchor: 'end' }, { x: x + 8, y, anchor: 'start' });
  }
  return places;
}

/** Under the cable, clear of the replies on it; where the hosts stand too close, below them. */
function cablePlaces(cable: Cable | undefined): Place[] {
  if (cable === undefined) return [];
  const { from, to } = cable;
  return [0.5, 0.8, 0.2].flatMap((share) =>
    [25, 46, 56, -12, -36, -46].map((below): Place => {
      const x = from.x + (to.x - from.x) * share;
      return { x, y: Math.max(from.y, to.y) + below, anchor: 'middle' };
    }),
  );
}

function boxOfHost({ x, y, width, height }: PlacedHost): Box {
  return {
    left: x - width / 2 - 4,
    right: x + width / 2 + 4,
    top: y - height / 2 - 2,
    bottom: y + height / 2 + 2,
  };
}

function boxOfCable({ from, to }: Cable): Box {
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  // frames keep to its sides
  return { left, right, top: top - 8, bottom: bottom + 8 };
}

function boxOfLabel({ x, y, text, anchor }: Label): Box {
  const width = text.length * LETTER;
  const left = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x;
  return { left, right: left + width, top: y - ASCENT, bottom: y + DESCENT };
}

/** Names stand clear of each other. */
function withAir({ left, right, top, bottom }: Box): Box {
  return { left: left - 6, right: right + 6, top: top - 6, bottom: bottom + 6 };
}

function isInside({ left, right, top, bottom }: Box, { width, height }: Placed): boolean {
  return left >= 0 && right <= width && top >= 0 && bottom <= height;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
