/*
 * Lists of numbers as chains of chunks, one cache line each, filled one after the other: adding touches
 * nothing but the newest chunk, and what a list holds can be fetched side by side. All but the newest chunk
 * are full.
 */

/** Words of a chunk: the newest place of the chunk before it (-1 = none), then items. */
const CHUNK = 16;

/** Many lists that share their chunks. */
export interface ChunkLists {
  /** The newest place of each list, or -1. */
  readonly tops: Int32Array;
  /** By place: an item. */
  chunks: Int32Array;
  /** Chunks given out so far, and the chain of those that came back. */
  chunksUsed: number;
  freeChunk: number;
}

export function createChunkLists(lists: number): ChunkLists {
  return {
    tops: new Int32Array(lists).fill(-1),
    chunks: new Int32Array(4 * CHUNK),
    chunksUsed: 0,
    freeChunk: -1,
  };
}

/** A chunk for a list whose newest place is `before`. @returns the place before its first */
function takeChunk(lists: ChunkLists, before: number): number {
  let at = lists.freeChunk;
  if (at >= 0) {
    lists.freeChunk = lists.chunks[at]!;
  } else {
    at = lists.chunksUsed * CHUNK;
    if (at === lists.chunks.length) {
      const chunks = new Int32Array(at * 2);
      chunks.set(lists.chunks);
      lists.chunks = chunks;
    }
    lists.chunksUsed++;
  }
  lists.chunks[at] = before;
  return at;
}

/** @param item int32 @returns its place, by which it can be found again while it lies there */
export function addToList(lists: ChunkLists, list: number, item: number): number {
  const top = lists.tops[list]!;
  const full = (top & (CHUNK - 1)) === CHUNK - 1; // so is -1, no place at all
  const place = (full ? takeChunk(lists, top) : top) + 1;
  lists.chunks[place] = item;
  lists.tops[list] = place;
  return place;
}

/** The place before this one in its list, or -1; a chunk that has nothing left is given back. */
export function placeBefore(lists: ChunkLists, place: number): number {
  const at = place - 1;
  if ((at & (CHUNK - 1)) !== 0) return at;
  const before = lists.chunks[at]!;
  lists.chunks[at] = lists.freeChunk;
  lists.freeChunk = at;
  return before;
}

/** Empties a list. @returns its newest place; `placeBefore` leads to the others */
export function takeList(lists: ChunkLists, list: number): number {
  const top = lists.tops[list]!;
  lists.tops[list] = -1;
  return top;
}
