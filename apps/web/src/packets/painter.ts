import { ENVELOPE, LOST, REPLY } from './flights.ts';
import { colourOf, locate, type Picture } from './picture.ts';
import { SPRITE, spriteAt, type Sprites } from './sprites.ts';

/** Above this many on their way, their number on each way is drawn instead of each of them. */
const MOST_SINGLE = 12_000;
/** Above this many streaks, they are drawn as flows as well. */
const MOST_STREAKS = 400;

/** What is painted into, and what painting needs: made once, lest a picture leave ten thousand things. */
export interface Painter {
  /** Device pixels, a number each. */
  readonly words: Uint32Array;
  readonly width: number;
  readonly height: number;
  readonly sprites: Sprites;
  /** How far each pixel of a sprite lies behind its middle in `words`, sprite after sprite. */
  readonly offsets: Int32Array;
  /** Flights under way by number, and the pixel of each one's middle; -1: it is not painted. */
  readonly under: Int32Array;
  readonly middles: Int32Array;
  /** By pixel, the number of the last picture with a middle there. */
  readonly taken: Uint32Array;
  /** Number of the picture that is painted. */
  picture: number;
}

/**
 * @param buffer `width` × `height` device pixels of four bytes
 * @param capacity most flights that there can be
 */
export function createPainter(
  buffer: ArrayBufferLike,
  width: number,
  height: number,
  sprites: Sprites,
  capacity: number,
): Painter {
  return {
    words: new Uint32Array(buffer),
    width,
    height,
    sprites,
    offsets: Int32Array.from(sprites.dx, (dx, i) => dx + width * (sprites.dy[i] ?? 0)),
    under: new Int32Array(capacity),
    middles: new Int32Array(capacity),
    taken: new Uint32Array(width * height),
    picture: 0,
  };
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

/**
 * Paints the frames that are on their way at an instant, pixel by pixel: the time it takes hangs on their
 * number alone, not on what draws for the browser. Of frames whose middles fall on one pixel only the newest
 * is painted, for it covers the others. The same columns and the same time make the same picture.
 */
export function paintFrames(painter: Painter, picture: Picture): Painted {
  const { flights, nowNs, glowNs } = picture;
  const { startNs, endNs, capacity, count } = flights;
  const { under } = painter;
  const streaks: number[] = [];
  const crosses: number[] = [];
  let shown = 0;
  for (let n = Math.max(0, count - capacity); n < count; n++) {
    const i = n % capacity;
    const end = endNs[i]!;
    if (startNs[i]! > nowNs || nowNs > end + glowNs) continue;
    if (nowNs <= end) under[shown++] = i;
    else if ((flights.look[i]! & LOST) !== 0) crosses.push(i);
    else if (end - startNs[i]! < glowNs / 3) streaks.push(i);
  }
  painter.words.fill(0);
  if (shown > MOST_SINGLE) {
    return { shown, streaks: [], crosses, flows: [...under.subarray(0, shown), ...streaks] };
  }
  findMiddles(painter, picture, shown);
  stampAll(painter, picture, shown);
  if (streaks.length > MOST_STREAKS) return { shown, streaks: [], crosses, flows: streaks };
  return { shown, streaks, crosses, flows: [] };
}

const place = { x: 0, y: 0 };

/** From the newest to the oldest: a pixel belongs to the first that comes. Nothing is drawn near the edge. */
function findMiddles(painter: Painter, picture: Picture, shown: number): void {
  const { under, middles, taken, width, height, sprites } = painter;
  const margin = (SPRITE / 2) * sprites.scale;
  const mark = ++painter.picture;
  for (let u = shown - 1; u >= 0; u--) {
    middles[u] = -1;
    if (!locate(picture, under[u]!, place)) continue;
    const left = Math.round(place.x * sprites.scale);
    const top = Math.round(place.y * sprites.scale);
    if (left < margin || top < margin || left >= width - margin || top >= height - margin) continue;
    const middle = top * width + left;
    if (taken[middle] === mark) continue;
    taken[middle] = mark;
    middles[u] = middle;
  }
}

/** In the order they set out: what lies below is covered. */
function stampAll(painter: Painter, { flights }: Picture, shown: number): void {
  const { words, under, middles, offsets, sprites } = painter;
  const { starts, colour } = sprites;
  for (let u = 0; u < shown; u++) {
    const middle = middles[u]!;
    if (middle < 0) continue;
    const i = under[u]!;
    const look = flights.look[i]!;
    const sprite = spriteAt(
      look & 15,
      colourOf(flights.server[i]!),
      (look & REPLY) !== 0,
      (look & ENVELOPE) !== 0,
    );
    const end = starts[sprite + 1]!;
    for (let p = starts[sprite]!; p < end; p++) words[middle + offsets[p]!] = colour[p]!;
  }
}
