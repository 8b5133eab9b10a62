import { PROTO_ICMP } from '@lvscope/inet';
import { ICMP, ICMP_WORDS, INNER_SEQ, INNER_TTL, JOURNEY, PACKET, PROTOCOL } from '../packet-row.ts';
import type { Network } from '../state.ts';
import { fragmentOf } from './fragments.ts';
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
 * The ring of frames has two kinds of rows. What a frame says does not change on its way, so it is written
 * once, when the frame leaves: its contents. Every interface that sees it adds a short sighting, which names
 * the contents. There is room for more contents than sightings, so that contents outlive what names them;
 * those of a frame that was underway for long are written again.
 */

/** A sighting has 2^SIGHTING words: a double, the time in ns, and then uint32. */
export const SIGHTING = 2;
export const AT = 0;
/** The row of its contents. */
export const CONTENTS = 2;
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

/**
 * Contents have 2^ROW words and begin with those that a packet's row begins with (packet-row.ts); MACs are
 * ids of `link.macs`. What ICMP says beside its header stands in a row of its own, of `icmp`.
 */
export const ROW = 5;
/** -1: no fragment. */
export const FRAGMENT = 21;
/** A double: which frame of all that were made. */
export const SERIAL = 11;
export const SOURCE_MAC = 24;
export const DESTINATION_MAC = 25;
export const ETHERTYPE = 26;
export const LENGTH = 27;
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
    rows: new Uint32Array(0),
    reals: new Float64Array(0),
    icmp: new Uint32Array(0),
    described: 0,
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
  ring.rows = new Uint32Array(room << ROW);
  ring.reals = new Float64Array(ring.rows.buffer);
  ring.icmp = new Uint32Array(room << ICMP_ROW);
  // nothing that was described before the ring was laid is there any more
  ring.described = (ring.described + Math.max(room, ring.room)) | 0;
  ring.room = room;
}

/** Where a frame was seen: leaving an interface, arriving at one, or ending underway. */
export const SEEN_OUT = 0;
export const SEEN_IN = 1;
export const SEEN_LOST = 2;

/**
 * Writes a sighting into the ring's next row; there must be room for one.
 * @param contents the row of what the frame says
 * @param seen as SEEN has it
 */
export function writeSighting(
  ring: FrameRing,
  sim: { readonly now: number },
  contents: number,
  seen: number,
): void {
  const row = ring.written & (ring.places - 1);
  ring.written++;
  ring.times[(row << (SIGHTING - 1)) | AT] = sim.now;
  const { sightings } = ring;
  sightings[(row << SIGHTING) | CONTENTS] = contents;
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
 * Whether a frame's contents have been written over, or would be while one of the next `capacity` sightings
 * names them.
 */
export function isStale(ring: FrameRing, frames: FramePool, f: FrameId): boolean {
  return ((ring.described - frames.rows[(f << FRAME) | DESCRIBED]!) | 0) > ring.room - ring.capacity;
}

/** The row of a frame's contents, which are not stale. */
export function contentsOf(ring: FrameRing, frames: FramePool, f: FrameId): number {
  return frames.rows[(f << FRAME) | DESCRIBED]! & (ring.room - 1);
}

/** Writes what a frame of the network says. @returns the row */
export function describe(net: Network, ring: FrameRing, f: FrameId): number {
  const { rows } = ring;
  const pool = net.link!.frames;
  const from = f << FRAME;
  const row = ring.described & (ring.room - 1);
  ring.described = (ring.described + 1) | 0;
  const o = row << ROW;
  const p = pool.rows[from | CARRIED]!;
  if (p < 0) describeArp(ring, row, arpFields(pool, f));
  else describePacket(net, ring, row, p);
  ring.reals[(row << (ROW - 1)) | SERIAL] = pool.reals[(f << FRAME_REALS) | FRAME_SERIAL]!;
  rows[o | SOURCE_MAC] = pool.rows[from | FROM_MAC]!;
  rows[o | DESTINATION_MAC] = pool.rows[from | TO_MAC]!;
  rows[o | LENGTH] = pool.rows[from | BYTES]!;
  return row;
}

/** The same in the network's own ring, where the frame finds it again. */
export function describeForRing(net: Network, f: FrameId): number {
  const { ring, frames } = net.link!;
  frames.rows[(f << FRAME) | DESCRIBED] = ring.described;
  return describe(net, ring, f);
}

/** Quicker than a loop. */
function copyEight(from: Uint32Array, at: number, to: Uint32Array, o: number): void {
  to[o] = from[at]!;
  to[o | 1] = from[at | 1]!;
  to[o | 2] = from[at | 2]!;
  to[o | 3] = from[at | 3]!;
  to[o | 4] = from[at | 4]!;
  to[o | 5] = from[at | 5]!;
  to[o | 6] = from[at | 6]!;
  to[o | 7] = from[at | 7]!;
}

function describePacket(net: Network, { rows, icmp }: FrameRing, row: number, p: number): void {
  const pool = net.packets;
  const [from, o] = [p << PACKET, row << ROW];
  copyEight(pool.rows, from, rows, o);
  copyEight(pool.rows, from | 8, rows, o | 8);
  copyEight(pool.rows, from | 16, rows, o | 16);
  rows[o | ETHERTYPE] = ETHERTYPE_IPV4;
  rows[o | FRAGMENT] = fragmentOf(net, p)?.offset ?? -1;
  if (pool.rows[from | PROTOCOL] !== PROTO_ICMP) return;
  const to = row << ICMP_ROW;
  for (let i = 0; i < ICMP_WORDS; i++) icmp[to | i] = pool.icmp[(p << ICMP) | i]!;
  icmp[to | QUOTED_TTL] = pool.rows[from | INNER_TTL]!;
  icmp[to | QUOTED_SEQ] = pool.rows[from | INNER_SEQ]!;
}

function describeArp({ rows, reals }: FrameRing, row: number, arp: ArpFields): void {
  const o = row << ROW;
  reals[(row << (ROW - 1)) | JOURNEY] = 0;
  rows[o | ETHERTYPE] = ETHERTYPE_ARP;
  rows[o | OPERATION] = arp.operation;
  rows[o | SENDER_MAC] = arp.senderMac;
  rows[o | SENDER_ADDRESS] = arp.senderAddress;
  rows[o | TARGET_MAC] = arp.targetMac;
  rows[o | TARGET_ADDRESS] = arp.targetAddress;
}
