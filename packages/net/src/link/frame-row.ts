import { PROTO_ICMP } from '@lvscope/inet';
import {
  ICMP,
  ICMP_WORDS,
  INNER_SEQ,
  INNER_TTL,
  JOURNEY,
  OPTIONS,
  OUTER_DESTINATION,
  PACKET,
  PROTOCOL,
  SHOWN,
  SHOWN_AT,
  TTL,
} from '../packet-row.ts';
import type { Network } from '../state.ts';
import { fragmentOf, OPTION_FRAGMENT, OPTION_MAY_FRAGMENT, OPTION_REASSEMBLED } from './fragments.ts';
import { type ArpFields, arpFields } from './frames.ts';
import {
  BYTES,
  CARRIED,
  COPIED,
  DESCRIBED,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  FRAME,
  FRAME_REALS,
  FROM_MAC,
  SERIAL as FRAME_SERIAL,
  TO_MAC,
} from './state.ts';
import type { FrameId, FramePool, FrameRing } from './state.ts';

/*
 * The ring of frames has three kinds of rows. What a packet says seldom changes on its way from host to host,
 * so it is written once, and again when it has been changed: its contents. What a frame adds is written when
 * the frame leaves, and names the contents. Every interface that sees it adds a short sighting, which names
 * the frame's row. There is room for more frames and contents than sightings, so that they outlive what names
 * them; those that were underway for long are written again.
 */

/** A sighting has 2^SIGHTING words: a double, the time in ns, and then uint32. */
export const SIGHTING = 2;
export const AT = 0;
/** The frame's row. */
export const FRAME_SEEN = 2;
/**
 * From the lowest bit on: the direction (SEEN_OUT ...); whether it is a copy that a switch flooded; where it
 * was lost the index into FRAME_ENDS; the interface.
 */
export const SEEN = 3;
export const DIRECTION_BITS = 3;
export const COPY_BIT = 4;
export const COPY_SHIFT = 2;
export const END_SHIFT = 3;
export const END_BITS = 31;
export const NIC_SHIFT = 8;

/** A frame has 2^FRAME_ROW words; MACs are ids of `link.macs`. */
export const FRAME_ROW = 3;
/** The row of its contents. */
export const CONTENTS = 0;
export const SOURCE_MAC = 1;
export const DESTINATION_MAC = 2;
/** The outermost header's, in the low byte, and the length above it. */
export const TTL_AND_LENGTH = 3;
/** A double: which frame of all that were made. */
export const SERIAL = 2;

/**
 * Contents have 2^ROW words and begin with those that a packet's row begins with (packet-row.ts). What ICMP
 * says beside its header stands in a row of its own, of `icmp`.
 */
export const ROW = 5;
/** -1: no fragment. */
export const FRAGMENT = 21;
export const ETHERTYPE = 22;
/** Of ARP, where a packet's words would be. */
export const OPERATION = 0;
export const SENDER_MAC = 1;
export const SENDER_ADDRESS = 2;
export const TARGET_MAC = 3;
export const TARGET_ADDRESS = 4;

/** 2^ICMP_ROW words: the packet's own of ICMP, and two of what it quotes that stand elsewhere in the pool. */
export const ICMP_ROW = 4;
export const QUOTED_TTL = 12;
export const QUOTED_SEQ = 13;

/** A ring without room, and without frames. */
export function createFrameRing(): FrameRing {
  return {
    capacity: 0,
    places: 0,
    sightings: new Uint32Array(0),
    times: new Float64Array(0),
    written: 0,
    room: 0,
    frames: new Uint32Array(0),
    serials: new Float64Array(0),
    described: 0,
    rows: new Uint32Array(0),
    reals: new Float64Array(0),
    icmp: new Uint32Array(0),
    contents: 0,
    notes: new Float64Array(0),
    words: [],
    noted: 0,
  };
}

/** The least power of two that is not less. */
function powerOfTwo(n: number): number {
  return n <= 1 ? n : 2 ** (32 - Math.clz32(n - 1));
}

/** Makes room for so many frames, and forgets what was kept. */
export function layRows(ring: FrameRing, capacity: number): void {
  ring.capacity = capacity;
  ring.places = powerOfTwo(capacity);
  ring.sightings = new Uint32Array(ring.places << SIGHTING);
  ring.times = new Float64Array(ring.sightings.buffer);
  ring.written = 0;
  const room = powerOfTwo(capacity + (capacity >> 2));
  ring.frames = new Uint32Array(room << FRAME_ROW);
  ring.serials = new Float64Array(ring.frames.buffer);
  ring.rows = new Uint32Array(room << ROW);
  ring.reals = new Float64Array(ring.rows.buffer);
  ring.icmp = new Uint32Array(room << ICMP_ROW);
  // nothing that was described before the ring was laid is there any more
  const all = Math.max(room, ring.room);
  ring.described = (ring.described + all) | 0;
  ring.contents = (ring.contents + all) | 0;
  ring.room = room;
}

/** Where a frame was seen: leaving an interface, arriving at one, or ending underway. */
export const SEEN_OUT = 0;
export const SEEN_IN = 1;
export const SEEN_LOST = 2;

/**
 * Writes a sighting into the ring's next row; there must be room for one.
 * @param frame the frame's row
 * @param seen as SEEN has it
 */
export function writeSighting(
  ring: FrameRing,
  sim: { readonly now: number },
  frame: number,
  seen: number,
): void {
  const row = ring.written & (ring.places - 1);
  ring.written++;
  ring.times[(row << (SIGHTING - 1)) | AT] = sim.now;
  const { sightings } = ring;
  sightings[(row << SIGHTING) | FRAME_SEEN] = frame;
  sightings[(row << SIGHTING) | SEEN] = seen;
}

/** Of a frame that is seen somewhere. @param end how it was lost: its place in FRAME_ENDS */
export function sightingOf(
  frames: FramePool,
  f: FrameId,
  nic: number,
  direction: number,
  end: number,
): number {
  return (
    direction | (frames.rows[(f << FRAME) | COPIED]! << COPY_SHIFT) | (end << END_SHIFT) | (nic << NIC_SHIFT)
  );
}

/**
 * How old a frame's row may be for a sighting to name it, and contents for a frame's row: half of what
 * outlives the next `capacity` sightings each, for every one of those may bring a new row.
 */
const oldest = (ring: FrameRing): number => (ring.room - ring.capacity) >> 1;

/** Whether a frame's row has been written over, or would be while a sighting names it. */
export function isStale(ring: FrameRing, frames: FramePool, f: FrameId): boolean {
  return ((ring.described - frames.rows[(f << FRAME) | DESCRIBED]!) | 0) > oldest(ring);
}

/** A frame's row, which is not stale. */
export function rowOf(ring: FrameRing, frames: FramePool, f: FrameId): number {
  return frames.rows[(f << FRAME) | DESCRIBED]! & (ring.room - 1);
}

/** Writes what a frame of the network says into any ring. @returns its row */
export function describe(net: Network, ring: FrameRing, f: FrameId): number {
  const { frames } = net.link!;
  const p = frames.rows[(f << FRAME) | CARRIED]!;
  if (p < 0) return writeFrame(ring, frames, f, writeArp(ring, arpFields(frames, f)), 0);
  return writeFrame(ring, frames, f, writePacket(net, ring, p), net.packets.rows[(p << PACKET) | TTL]!);
}

/** The same in the network's own ring, where the frame finds it again, and the packet its contents. */
export function describeForRing(net: Network, f: FrameId): number {
  const { ring, frames } = net.link!;
  const { rows } = net.packets;
  frames.rows[(f << FRAME) | DESCRIBED] = ring.described;
  const p = frames.rows[(f << FRAME) | CARRIED]!;
  if (p < 0) return describe(net, ring, f);
  const o = p << PACKET;
  const known = rows[o | SHOWN] === 1 && ((ring.contents - rows[o | SHOWN_AT]!) | 0) <= oldest(ring);
  if (!known) {
    rows[o | SHOWN_AT] = ring.contents;
    rows[o | SHOWN] = isPlain(rows, o) ? 1 : 0;
    writePacket(net, ring, p);
  }
  return writeFrame(ring, frames, f, rows[o | SHOWN_AT]! & (ring.room - 1), rows[o | TTL]!);
}

/** Neither ICMP, nor in a tunnel, nor a fragment: such are rare, and written for each of their frames. */
function isPlain(rows: Uint32Array, o: number): boolean {
  return (
    rows[o | OUTER_DESTINATION] === 0 &&
    rows[o | PROTOCOL] !== PROTO_ICMP &&
    (rows[o | OPTIONS]! & (OPTION_FRAGMENT | OPTION_MAY_FRAGMENT | OPTION_REASSEMBLED)) === 0
  );
}

function writeFrame(ring: FrameRing, pool: FramePool, f: FrameId, contents: number, ttl: number): number {
  const { frames } = ring;
  const from = f << FRAME;
  const row = ring.described & (ring.room - 1);
  ring.described = (ring.described + 1) | 0;
  const o = row << FRAME_ROW;
  frames[o | CONTENTS] = contents;
  frames[o | SOURCE_MAC] = pool.rows[from | FROM_MAC]!;
  frames[o | DESTINATION_MAC] = pool.rows[from | TO_MAC]!;
  frames[o | TTL_AND_LENGTH] = ttl | (pool.rows[from | BYTES]! << 8);
  ring.serials[(row << (FRAME_ROW - 1)) | SERIAL] = pool.reals[(f << FRAME_REALS) | FRAME_SERIAL]!;
  return row;
}

/** Writes what a packet says. @returns the row */
function writePacket(net: Network, ring: FrameRing, p: number): number {
  const { rows } = ring;
  const row = ring.contents & (ring.room - 1);
  ring.contents = (ring.contents + 1) | 0;
  const o = row << ROW;
  const pool = net.packets.rows;
  const from = p << PACKET;
  copyEight(pool, from, rows, o);
  copyEight(pool, from | 8, rows, o | 8);
  copyFour(pool, from | 16, rows, o | 16);
  rows[o | INNER_TTL] = pool[from | INNER_TTL]!;
  rows[o | FRAGMENT] = -1;
  rows[o | ETHERTYPE] = ETHERTYPE_IPV4;
  if (pool[from | PROTOCOL] === PROTO_ICMP) writeIcmp(net, ring, row, p);
  if ((pool[from | OPTIONS]! & OPTION_FRAGMENT) !== 0) rows[o | FRAGMENT] = fragmentOf(net, p)?.offset ?? -1;
  return row;
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

function writeArp(ring: FrameRing, arp: ArpFields): number {
  const { rows } = ring;
  const row = ring.contents & (ring.room - 1);
  ring.contents = (ring.contents + 1) | 0;
  const o = row << ROW;
  ring.reals[(row << (ROW - 1)) | JOURNEY] = 0;
  rows[o | ETHERTYPE] = ETHERTYPE_ARP;
  rows[o | OPERATION] = arp.operation;
  rows[o | SENDER_MAC] = arp.senderMac;
  rows[o | SENDER_ADDRESS] = arp.senderAddress;
  rows[o | TARGET_MAC] = arp.targetMac;
  rows[o | TARGET_ADDRESS] = arp.targetAddress;
  return row;
}
