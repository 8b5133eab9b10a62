import {
  ARP,
  ARP_OPERATION,
  ARP_SENDER,
  ARP_SENDER_MAC,
  ARP_TARGET,
  ARP_TARGET_MAC,
  BYTES_SHIFT,
  CARRIED,
  COPY_BIT,
  FRAME,
  FRAME_REALS,
  FROM_MAC,
  NO_SENDER,
  SENDER,
  SERIAL,
  SIZE,
  TO_MAC,
} from './state.ts';
import type { FrameId, FramePool, LinkLayer, MacId } from './state.ts';

export function createFramePool(): FramePool {
  const [rows, reals, arp] = [new Int32Array(0), new Float64Array(0), new Int32Array(0)];
  const [times, behind] = [new Float64Array(0), new Int32Array(0)];
  const pool = { size: 0, live: 0, next: 0, kept: 0, rows, reals, arp, times, behind };
  growFrames(pool, 256);
  return pool;
}

/** The new rows are taken next, so that the others are read for longer. */
function growFrames(pool: FramePool, size: number): void {
  const rows = new Int32Array(size << FRAME);
  rows.set(pool.rows);
  const arp = new Int32Array(size << ARP);
  arp.set(pool.arp);
  pool.rows = rows;
  pool.reals = new Float64Array(rows.buffer);
  pool.arp = arp;
  const times = new Float64Array(size);
  times.set(pool.times);
  pool.times = times;
  const behind = new Int32Array(size);
  behind.set(pool.behind);
  pool.behind = behind;
  for (let f = pool.size; f < size; f++) rows[(f << FRAME) | SENDER] = NO_SENDER;
  pool.next = pool.size;
  pool.size = size;
}

/**
 * Rows that are left beside those that frames which have ended need. A sighting takes one row at most, for a
 * frame that is made or, where it has been underway for long, for one that ends; but a switch's copies are
 * seen only when they end. Between two turns of a row there are so many rows as the pool has but for those of
 * frames underway.
 */
function spareRows(pool: FramePool): number {
  return pool.size - pool.kept - 3 * pool.live;
}

/** Makes the pool keep frames that have ended for so many sightings. */
export function keepEnded(pool: FramePool, sightings: number): void {
  pool.kept = sightings;
  // as many again for frames that are underway for long
  while (pool.size < sightings + (sightings >> 2) || spareRows(pool) <= 0) growFrames(pool, 2 * pool.size);
}

function takeRow(pool: FramePool): FrameId {
  const { rows } = pool;
  const mask = pool.size - 1;
  let f = pool.next;
  while (rows[(f << FRAME) | SENDER]! >= 0) f = (f + 1) & mask;
  pool.next = (f + 1) & mask;
  return f;
}

/**
 * A frame round a packet; round -1, ARP, its other fields are the caller's to fill in.
 * @param size as SIZE has it
 */
export function makeFrame(
  link: LinkLayer,
  source: MacId,
  destination: MacId,
  from: number,
  packet: number,
  size: number,
): FrameId {
  const pool = link.frames;
  const f = takeRow(pool);
  const { rows } = pool;
  const o = f << FRAME;
  pool.live++;
  link.made++;
  rows[o | FROM_MAC] = source;
  rows[o | TO_MAC] = destination;
  rows[o | CARRIED] = packet;
  rows[o | SENDER] = from;
  rows[o | SIZE] = size;
  pool.reals[(f << FRAME_REALS) | SERIAL] = link.made;
  // there always is a row: whoever makes a frame need not look for room first
  if (spareRows(pool) <= 0) growFrames(pool, 2 * pool.size);
  return f;
}

/**
 * The row by which a sighting may name a frame that is just ending: its own, or a copy where so few rows are
 * taken before its turn that it could come too soon.
 */
export function rowToKeep(link: LinkLayer, f: FrameId): FrameId {
  const pool = link.frames;
  return ((f - pool.next) & (pool.size - 1)) >= pool.kept + 3 * pool.live ? f : copyToKeep(pool, f);
}

function copyToKeep(pool: FramePool, f: FrameId): FrameId {
  const copy = takeRow(pool);
  copyRow(pool, f, copy);
  pool.rows[(copy << FRAME) | SENDER] = NO_SENDER;
  return copy;
}

function copyRow({ rows, arp }: FramePool, from: FrameId, to: FrameId): void {
  rows.copyWithin(to << FRAME, from << FRAME, (from + 1) << FRAME);
  arp.copyWithin(to << ARP, from << ARP, (from + 1) << ARP);
}

/** Bytes of ARP for IPv4 over Ethernet, padded to the least frame. */
export const ARP_BYTES = 46;

/** ARP's own fields (RFC 826). */
export interface ArpFields {
  readonly operation: number;
  readonly senderMac: MacId;
  readonly senderAddress: number;
  readonly targetMac: MacId;
  readonly targetAddress: number;
}

export function arpFrame(
  link: LinkLayer,
  source: MacId,
  destination: MacId,
  from: number,
  arp: ArpFields,
): FrameId {
  const f = makeFrame(link, source, destination, from, -1, ARP_BYTES << BYTES_SHIFT);
  const fields = link.frames.arp;
  const o = f << ARP;
  fields[o | ARP_OPERATION] = arp.operation;
  fields[o | ARP_SENDER_MAC] = arp.senderMac;
  fields[o | ARP_SENDER] = arp.senderAddress;
  fields[o | ARP_TARGET_MAC] = arp.targetMac;
  fields[o | ARP_TARGET] = arp.targetAddress;
  return f;
}

/** What an ARP frame says. */
export function arpFields({ arp }: FramePool, f: FrameId): ArpFields {
  const o = f << ARP;
  return {
    operation: arp[o | ARP_OPERATION]!,
    senderMac: arp[o | ARP_SENDER_MAC]!,
    senderAddress: arp[o | ARP_SENDER]! >>> 0,
    targetMac: arp[o | ARP_TARGET_MAC]!,
    targetAddress: arp[o | ARP_TARGET]! >>> 0,
  };
}

/** A second frame with the same fields, round another packet (-1 for ARP). */
export function copyFrame(link: LinkLayer, f: FrameId, packet: number): FrameId {
  const g = makeFrame(link, 0, 0, 0, packet, 0);
  const { rows } = link.frames;
  copyRow(link.frames, f, g);
  rows[(g << FRAME) | CARRIED] = packet;
  rows[(g << FRAME) | SIZE] = rows[(g << FRAME) | SIZE]! | COPY_BIT;
  return g;
}

/**
 * The end of a frame; what it carried is the caller's. Ending one twice is a bug and throws.
 * @param end its place in FRAME_ENDS
 */
export function endFrame(link: LinkLayer, f: FrameId, end: number): void {
  const pool = link.frames;
  const { rows } = pool;
  if (rows[(f << FRAME) | SENDER]! < 0) throw new Error(`frame ${f} ended twice`);
  rows[(f << FRAME) | SENDER] = NO_SENDER;
  pool.live--;
  link.ended[end] = link.ended[end]! + 1;
}
