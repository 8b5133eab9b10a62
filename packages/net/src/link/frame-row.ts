import { PROTO_ICMP } from '@lvscope/inet';
import {
  ICMP,
  ICMP_WORDS,
  IN_RING,
  INNER_SEQ,
  INNER_TTL,
  MARK,
  MSS,
  OPTIONS,
  OUTER_DESTINATION,
  PACKET,
  PROTOCOL,
  SHOWN,
  SHOWN_AT,
} from '../packet-row.ts';
import type { Network } from '../state.ts';
import { fragmentOf, OPTION_FRAGMENT, OPTION_MAY_FRAGMENT, OPTION_REASSEMBLED } from './fragments.ts';
import {
  CARRIED,
  CONTENTS,
  FRAME,
  FRAME_REALS,
  LAST_INDEX,
  LAST_SEEN,
  SENT_AT,
  SENT_INDEX,
  TIME,
} from './state.ts';
import type { FrameId, FrameRing, LinkLayer } from './state.ts';

/*
 * A frame is seen twice at most: when it leaves an interface, and where it ends. Each of these sightings has
 * a number and stands in the frame's row (frames.ts), which is not taken again while it is one of the last
 * `capacity`; who reads them puts them in order (frame-ring.ts). What a packet says seldom changes on its way
 * from host to host, so it is written once, and again when it has been changed: its contents, which the
 * frame's row names. There is room for more contents than sightings, so that they outlive what names them;
 * those of a frame that was underway for long are written again.
 */

/**
 * What LAST_SEEN is made of, from the lowest bit on: the direction (SEEN_IN or SEEN_LOST); where it was lost
 * the index into FRAME_ENDS; the interface.
 */
export const DIRECTION_BITS = 3;
export const END_SHIFT = 3;
export const END_BITS = 31;
export const NIC_SHIFT = 8;

/**
 * Contents have 2^ROW words, one line of a processor's cache: those that a packet's row begins with
 * (packet-row.ts), but for MORE. What few packets have stands in a row of its own, of `more`, and what ICMP
 * says beside its header in another, of `icmp`.
 */
export const ROW = 4;
/** In the place of the TTL, which is the frame's: 1 when there is something in `more`. */
export const MORE = 2;
/** A row of `more` has 2^MORE_ROW words, and begins with this one of a packet's row. */
export const MORE_ROW = 3;
export const MORE_FROM = 16;
/** Of `more`, as the packet's words before it; -1: no fragment. */
export const FRAGMENT = 21;

/** 2^ICMP_ROW words: the packet's own of ICMP, and two of what it quotes that stand elsewhere in the pool. */
export const ICMP_ROW = 4;
export const QUOTED_TTL = 12;
export const QUOTED_SEQ = 13;

/** A ring without room, and without frames. */
export function createFrameRing(): FrameRing {
  return {
    capacity: 0,
    written: 0,
    room: 0,
    rows: new Uint32Array(0),
    reals: new Float64Array(0),
    more: new Uint32Array(0),
    icmp: new Uint32Array(0),
    contents: 0,
    notes: new Float64Array(0),
    words: [],
    noted: 0,
  };
}

/** The least power of two that is not less, for up to 2^30. */
function powerOfTwo(n: number): number {
  return n <= 1 ? n : 1 << (32 - Math.clz32(n - 1));
}

/** Makes room for what so many sightings show. What there was is forgotten. */
export function layRows(ring: FrameRing, capacity: number): void {
  ring.capacity = capacity;
  ring.written = 0;
  const room = powerOfTwo(capacity + (capacity >> 2));
  ring.rows = new Uint32Array(room << ROW);
  ring.reals = new Float64Array(ring.rows.buffer);
  ring.more = new Uint32Array(room << MORE_ROW);
  ring.icmp = new Uint32Array(room << ICMP_ROW);
  // nothing that was described before the ring was laid is there any more
  ring.contents = (ring.contents + Math.max(room, ring.room)) | 0;
  ring.room = room;
}

/** Where a frame was seen: leaving an interface, arriving at one, or ending underway. */
export const SEEN_OUT = 0;
export const SEEN_IN = 1;
export const SEEN_LOST = 2;

/** The number of no sighting that is kept: what a frame has before it is seen. */
export function unseen(ring: FrameRing): number {
  return (ring.written - ring.capacity - 1) | 0;
}

/** A frame leaves its sender's interface. */
export function writeSent(link: LinkLayer, sim: { readonly now: number }, f: FrameId): void {
  const { frames } = link;
  const { rows } = frames;
  const o = f << FRAME;
  const index = link.ring.written++;
  rows[o | SENT_INDEX] = index;
  rows[o | LAST_INDEX] = index;
  rows[o | LAST_SEEN] = 0;
  frames.reals[(f << FRAME_REALS) | SENT_AT] = sim.now;
}

/** A frame is where it ends. @param seen as LAST_SEEN has it */
export function writeLast(
  { frames, ring }: LinkLayer,
  sim: { readonly now: number },
  f: FrameId,
  seen: number,
): void {
  const o = f << FRAME;
  frames.rows[o | LAST_INDEX] = ring.written++;
  frames.rows[o | LAST_SEEN] = seen;
  frames.reals[(f << FRAME_REALS) | TIME] = sim.now;
}

/**
 * Whether contents have been written over, or would be while one more sighting names them: each of those may
 * bring new ones.
 */
export function isOld(ring: FrameRing, contents: number): boolean {
  return ((ring.contents - contents) | 0) > ring.room - ring.capacity;
}

/** Sees to it that the ring has what a packet says, where its next frames find it. */
export function show(net: Network, p: number): void {
  const { ring } = net.link!;
  const { rows } = net.packets;
  const o = p << PACKET;
  if ((rows[o | SHOWN]! & IN_RING) !== 0 && !isOld(ring, rows[o | SHOWN_AT]!)) return;
  rows[o | SHOWN_AT] = ring.contents;
  if (isWhole(rows, o)) rows[o | SHOWN] = rows[o | SHOWN]! | IN_RING;
  // a ring without room has all that there is to have; when one is laid, it is old
  if (ring.capacity > 0) writePacket(net, ring, p);
}

/** What a frame has carried since it left is written again, where that has been written over. */
export function describeAgain(net: Network, f: FrameId): void {
  const { ring, frames } = net.link!;
  const o = f << FRAME;
  const p = frames.rows[o | CARRIED]!;
  if (p < 0 || !isOld(ring, frames.rows[o | CONTENTS]!)) return;
  show(net, p);
  frames.rows[o | CONTENTS] = net.packets.rows[(p << PACKET) | SHOWN_AT]!;
}

/** Neither ICMP, nor in a tunnel, nor a fragment: such are rare, and written for each of their frames. */
export function isWhole(rows: Uint32Array, o: number): boolean {
  return (
    rows[o | OUTER_DESTINATION] === 0 &&
    rows[o | PROTOCOL] !== PROTO_ICMP &&
    (rows[o | OPTIONS]! & (OPTION_FRAGMENT | OPTION_MAY_FRAGMENT | OPTION_REASSEMBLED)) === 0
  );
}

/** Writes what a packet says into any ring's next row. */
export function writePacket(net: Network, ring: FrameRing, p: number): void {
  const { rows } = ring;
  const row = ring.contents & (ring.room - 1);
  ring.contents = (ring.contents + 1) | 0;
  const o = row << ROW;
  const pool = net.packets.rows;
  const from = p << PACKET;
  copyEight(pool, from, rows, o);
  copyEight(pool, from | 8, rows, o | 8);
  rows[o | MORE] = 0;
  if (!isWhole(pool, from) || (pool[from | MARK]! | pool[from | MSS]!) !== 0) writeMore(net, ring, row, p);
}

function writeMore(net: Network, ring: FrameRing, row: number, p: number): void {
  const pool = net.packets.rows;
  const from = p << PACKET;
  const o = row << MORE_ROW;
  ring.rows[(row << ROW) | MORE] = 1;
  for (let field = MORE_FROM; field < FRAGMENT; field++)
    ring.more[o | (field - MORE_FROM)] = pool[from | field]!;
  const isFragment = (pool[from | OPTIONS]! & OPTION_FRAGMENT) !== 0;
  ring.more[o | (FRAGMENT - MORE_FROM)] = isFragment ? (fragmentOf(net, p)?.offset ?? -1) : -1;
  if (pool[from | PROTOCOL] === PROTO_ICMP) writeIcmp(net, ring, row, p);
}

/** Quicker than a loop. */
function copyEight(from: Uint32Array, at: number, to: Uint32Array, o: number): void {
  copyFour(from, at, to, o);
  copyFour(from, at | 4, to, o | 4);
}

function copyFour(from: Uint32Array, at: number, to: Uint32Array, o: number): void {
  to[o] = from[at]!;
  to[o | 1] = from[at | 1]!;
  to[o | 2] = from[at | 2]!;
  to[o | 3] = from[at | 3]!;
}

function writeIcmp(net: Network, { icmp }: FrameRing, row: number, p: number): void {
  const pool = net.packets;
  const to = row << ICMP_ROW;
  for (let i = 0; i < ICMP_WORDS; i++) icmp[to | i] = pool.icmp[(p << ICMP) | i]!;
  icmp[to | QUOTED_TTL] = pool.rows[(p << PACKET) | INNER_TTL]!;
  icmp[to | QUOTED_SEQ] = pool.rows[(p << PACKET) | INNER_SEQ]!;
}
