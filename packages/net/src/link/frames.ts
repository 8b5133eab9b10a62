import type { Network } from '../state.ts';
import { unseen } from './frame-row.ts';
import {
  ARP,
  ARP_OPERATION,
  ARP_SENDER,
  ARP_SENDER_MAC,
  ARP_TARGET,
  ARP_TARGET_MAC,
  BEHIND,
  BYTES_SHIFT,
  CARRIED,
  COPY_BIT,
  ENDED,
  FRAME,
  FRAME_REALS,
  FROM_MAC,
  LAST_INDEX,
  LAST_SEEN,
  SENDER,
  SENT_INDEX,
  SERIAL,
  SIZE,
  THROUGH,
  TO_MAC,
} from './state.ts';
import type { FrameId, FramePool, LinkLayer, MacId } from './state.ts';

/** Rows that there are at first. */
const FEWEST = 256;

/** Without a row: the first frame makes some. */
export function createFramePool(): FramePool {
  const [rows, reals, arp] = [new Int32Array(0), new Float64Array(0), new Int32Array(0)];
  return { size: 0, next: 0, passed: 0, roundBegan: 0, rows, reals, arp };
}

/** The new rows are taken next, so that the others are read for longer. */
function growFrames(link: LinkLayer): void {
  const { frames: pool, ring } = link;
  const size = Math.max(FEWEST, 2 * pool.size);
  const rows = new Int32Array(size << FRAME);
  rows.set(pool.rows);
  const arp = new Int32Array(size << ARP);
  arp.set(pool.arp);
  pool.rows = rows;
  pool.reals = new Float64Array(rows.buffer);
  pool.arp = arp;
  for (let f = pool.size; f < size; f++) {
    rows[(f << FRAME) | BEHIND] = ENDED;
    forgetRow(pool, f, unseen(ring));
  }
  pool.next = pool.size;
  pool.size = size;
  pool.passed = 0;
  pool.roundBegan = link.made;
}

function forgetRow({ rows }: FramePool, f: FrameId, index: number): void {
  rows[(f << FRAME) | SENT_INDEX] = index;
  rows[(f << FRAME) | LAST_INDEX] = index;
  rows[(f << FRAME) | LAST_SEEN] = 0;
}

/** No frame has been seen yet. */
export function forgetSightings({ frames: pool, ring }: LinkLayer): void {
  for (let f = 0; f < pool.size; f++) forgetRow(pool, f, unseen(ring));
}

/** Whether no frame that is underway and no sighting that is kept needs a row. */
export function isFree(link: LinkLayer, f: FrameId): boolean {
  const { frames, ring } = link;
  const { rows } = frames;
  const o = f << FRAME;
  return rows[o | BEHIND] === ENDED && ((ring.written - rows[o | LAST_INDEX]!) | 0) > ring.capacity;
}

/** There always is a row: whoever makes a frame need not look for room first. */
function takeRow(link: LinkLayer): FrameId {
  const pool = link.frames;
  if (!isFree(link, pool.next)) findRow(link);
  const f = pool.next;
  pool.next = (f + 1) & (pool.size - 1);
  return f;
}

/**
 * The next row is not free: those like it are passed by. When half as many have been as there are rows,
 * within a round, there are twice as many: so fewer are passed than taken.
 */
export function findRow(link: LinkLayer): void {
  const pool = link.frames;
  if (link.made - pool.roundBegan > pool.size) {
    pool.roundBegan = link.made;
    pool.passed = 0;
  }
  do {
    if (++pool.passed > pool.size >> 1) growFrames(link);
    else pool.next = (pool.next + 1) & (pool.size - 1);
  } while (!isFree(link, pool.next));
}

/**
 * A frame round a packet; round -1, ARP, its other fields are the caller's to fill in. Where a ring is kept
 * it has to be seen leaving (frame-row.ts).
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
  const f = takeRow(link);
  fillRow(link, f, source, destination, from, packet, size);
  return f;
}

/** The same in a row that has been taken. */
export function fillRow(
  link: LinkLayer,
  f: FrameId,
  source: MacId,
  destination: MacId,
  from: number,
  packet: number,
  size: number,
): void {
  const { rows, reals } = link.frames;
  const o = f << FRAME;
  link.made++;
  rows[o | BEHIND] = THROUGH;
  rows[o | FROM_MAC] = source;
  rows[o | TO_MAC] = destination;
  rows[o | CARRIED] = packet | 0;
  rows[o | SENDER] = from;
  rows[o | SIZE] = size;
  reals[(f << FRAME_REALS) | SERIAL] = link.made;
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
  forgetRow(link.frames, g, unseen(link.ring));
  rows[(g << FRAME) | CARRIED] = packet;
  rows[(g << FRAME) | SIZE] = rows[(g << FRAME) | SIZE]! | COPY_BIT;
  return g;
}

/** Frames that are underway. */
export function framesUnderway({ link }: Network): number {
  return link === undefined ? 0 : link.made - link.ended.reduce((sum, n) => sum + n, 0);
}

/**
 * The end of a frame; what it carried is the caller's. Ending one twice is a bug and throws.
 * @param end its place in FRAME_ENDS
 */
export function endFrame(link: LinkLayer, f: FrameId, end: number): void {
  const pool = link.frames;
  const { rows } = pool;
  if (rows[(f << FRAME) | BEHIND] === ENDED) throw new Error(`frame ${f} ended twice`);
  rows[(f << FRAME) | BEHIND] = ENDED;
  link.ended[end] = link.ended[end]! + 1;
}
