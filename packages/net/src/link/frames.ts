import {
  ARP_OPERATION,
  ARP_SENDER,
  ARP_SENDER_MAC,
  ARP_TARGET,
  ARP_TARGET_MAC,
  BYTES,
  CARRIED,
  COPIED,
  FRAME,
  FRAME_IN_USE,
  FRAME_REALS,
  FRAME_WORDS,
  FROM_MAC,
  NEXT_FRAME,
  SENDER,
  SERIAL,
  TO_MAC,
} from './state.ts';
import type { FrameId, FramePool, LinkLayer, MacId } from './state.ts';

export function createFramePool(): FramePool {
  const pool = { size: 0, live: 0, free: -1, rows: new Int32Array(0), reals: new Float64Array(0) };
  growFrames(pool, 256);
  return pool;
}

function growFrames(pool: FramePool, size: number): void {
  const rows = new Int32Array(size << FRAME);
  rows.set(pool.rows);
  pool.rows = rows;
  pool.reals = new Float64Array(rows.buffer);
  for (let i = size - 1; i >= pool.size; i--) {
    rows[(i << FRAME) | NEXT_FRAME] = pool.free;
    pool.free = i;
  }
  pool.size = size;
}

/** A frame round a packet of so many bytes; round -1, ARP, its other fields are the caller's to fill in. */
export function makeFrame(
  link: LinkLayer,
  source: MacId,
  destination: MacId,
  from: number,
  packet: number,
  bytes: number,
): FrameId {
  const pool = link.frames;
  const f = pool.free;
  const { rows } = pool;
  const o = f << FRAME;
  pool.free = rows[o | NEXT_FRAME]!;
  rows[o | NEXT_FRAME] = FRAME_IN_USE;
  pool.live++;
  link.made++;
  rows[o | FROM_MAC] = source;
  rows[o | TO_MAC] = destination;
  rows[o | CARRIED] = packet;
  rows[o | SENDER] = from;
  rows[o | BYTES] = bytes;
  rows[o | COPIED] = 0;
  pool.reals[(f << FRAME_REALS) | SERIAL] = link.made;
  // a frame is always free: whoever makes one need not look for room first
  if (pool.free < 0) growFrames(pool, 2 * pool.size);
  return f;
}

/** Bytes of ARP for IPv4 over Ethernet, padded to the least frame. */
const ARP_BYTES = 46;

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
  const f = makeFrame(link, source, destination, from, -1, ARP_BYTES);
  const { rows } = link.frames;
  const o = f << FRAME;
  rows[o | ARP_OPERATION] = arp.operation;
  rows[o | ARP_SENDER_MAC] = arp.senderMac;
  rows[o | ARP_SENDER] = arp.senderAddress;
  rows[o | ARP_TARGET_MAC] = arp.targetMac;
  rows[o | ARP_TARGET] = arp.targetAddress;
  return f;
}

/** What an ARP frame says. */
export function arpFields({ rows }: FramePool, f: FrameId): ArpFields {
  const o = f << FRAME;
  return {
    operation: rows[o | ARP_OPERATION]!,
    senderMac: rows[o | ARP_SENDER_MAC]!,
    senderAddress: rows[o | ARP_SENDER]! >>> 0,
    targetMac: rows[o | ARP_TARGET_MAC]!,
    targetAddress: rows[o | ARP_TARGET]! >>> 0,
  };
}

/** A second frame with the same fields, round another packet (-1 for ARP). */
export function copyFrame(link: LinkLayer, f: FrameId, packet: number): FrameId {
  const g = makeFrame(link, 0, 0, 0, packet, 0);
  const { rows } = link.frames;
  const [from, to] = [f << FRAME, g << FRAME];
  for (let i = 0; i < FRAME_WORDS; i++) rows[to | i] = rows[from | i]!;
  rows[to | CARRIED] = packet;
  rows[to | COPIED] = 1;
  return g;
}

/**
 * The end of a frame; what it carried is the caller's. Ending one twice is a bug and throws.
 * @param end its place in FRAME_ENDS
 */
export function endFrame(link: LinkLayer, f: FrameId, end: number): void {
  const pool = link.frames;
  const { rows } = pool;
  if (rows[(f << FRAME) | NEXT_FRAME] !== FRAME_IN_USE) throw new Error(`frame ${f} ended twice`);
  rows[(f << FRAME) | NEXT_FRAME] = pool.free;
  pool.free = f;
  pool.live--;
  link.ended[end] = link.ended[end]! + 1;
}
