import { type Ipv4, PROTO_ICMP, PROTO_TCP } from '@lvscope/inet';
import {
  ACK,
  COUNT,
  DESTINATION,
  DESTINATION_PORT,
  FLAGS,
  HEADERS,
  ICMP,
  ICMP_WORDS,
  IN_USE,
  JOURNEY,
  MARK,
  MSS,
  NEXT,
  NONE_FREE,
  OPTIONS,
  OUTER_DESTINATION,
  OUTER_SOURCE,
  PACKET,
  PACKET_REALS,
  PACKET_WORDS,
  PAYLOAD,
  PROTOCOL,
  PUSH_STEP,
  SEQ,
  SHOWN,
  SOURCE,
  SOURCE_PORT,
  TTL,
  UNIT,
  WINDOW,
} from './packet-row.ts';
import type { PacketId } from './state.ts';

/**
 * IP packets in flight, a row each (packet-row.ts). One id is one packet or a train of `count` packets that
 * follow each other back to back: the payload is the sum over the train, all but the last are of equal size.
 */
export interface PacketPool {
  /** Rows that there are. */
  size: number;
  live: number;
  /** First free row, NONE_FREE where none is. */
  free: number;
  /** Two views of the same rows. */
  rows: Uint32Array;
  reals: Float64Array;
  /** What ICMP says beside its header. */
  icmp: Uint32Array;
}

export const OPTION_DF = 1;
export const OPTION_RAW = 2;
/** The SYN carried what Linux offers: timestamps, SACK, window scale. */
export const OPTION_LINUX = 4;

export function createPacketPool(): PacketPool {
  return {
    size: 0,
    live: 0,
    free: NONE_FREE,
    rows: new Uint32Array(0),
    reals: new Float64Array(0),
    icmp: new Uint32Array(0),
  };
}

/** Rows at first: seldom are more packets underway, and V8 compiles anew what has seen a pool grow. */
const FEWEST = 1024;

function grow(pool: PacketPool): void {
  const size = Math.max(FEWEST, pool.size * 2);
  const rows = new Uint32Array(size << PACKET);
  rows.set(pool.rows);
  pool.rows = rows;
  pool.reals = new Float64Array(rows.buffer);
  const icmp = new Uint32Array(size << ICMP);
  icmp.set(pool.icmp);
  pool.icmp = icmp;
  for (let i = size - 1; i >= pool.size; i--) {
    rows[(i << PACKET) | NEXT] = pool.free;
    pool.free = i;
  }
  pool.size = size;
}

/** A packet with these addresses; everything else is what a lone segment without data has. */
export function allocatePacket(
  pool: PacketPool,
  protocol: number,
  source: number,
  sourcePort: number,
  destination: number,
  destinationPort: number,
): PacketId {
  if (pool.free === NONE_FREE) grow(pool);
  const p = pool.free;
  const { rows } = pool;
  const o = p << PACKET;
  pool.free = rows[o | NEXT]! | 0;
  rows[o | NEXT] = IN_USE;
  pool.live++;
  rows[o | PROTOCOL] = protocol;
  rows[o | SOURCE] = source;
  rows[o | SOURCE_PORT] = sourcePort;
  rows[o | DESTINATION] = destination;
  rows[o | DESTINATION_PORT] = destinationPort;
  rows[o | FLAGS] = 0;
  rows[o | TTL] = 64;
  rows[o | HEADERS] = protocol === PROTO_TCP ? 52 : 28;
  rows[o | OPTIONS] = OPTION_DF;
  rows[o | SEQ] = 0;
  rows[o | ACK] = 0;
  rows[o | WINDOW] = 0;
  rows[o | MSS] = 0;
  pool.reals[(p << PACKET_REALS) | PAYLOAD] = 0;
  pool.reals[(p << PACKET_REALS) | JOURNEY] = 0;
  rows[o | UNIT] = 0;
  rows[o | COUNT] = 1;
  rows[o | PUSH_STEP] = 0;
  rows[o | MARK] = 0;
  rows[o | SHOWN] = 0;
  rows[o | OUTER_SOURCE] = 0;
  rows[o | OUTER_DESTINATION] = 0;
  return p;
}

/** Gives the packet back. Freeing one twice is a bug and throws. */
export function freePacket(pool: PacketPool, p: PacketId): void {
  const { rows } = pool;
  if (rows[(p << PACKET) | NEXT] !== IN_USE) throw new Error(`packet ${p} freed twice`);
  rows[(p << PACKET) | NEXT] = pool.free;
  pool.free = p;
  pool.live--;
}

/** A second packet with all that the first one says. */
export function clonePacket(pool: PacketPool, p: PacketId): PacketId {
  const q = allocatePacket(pool, 0, 0, 0, 0, 0);
  const { rows, icmp } = pool;
  const [from, to] = [p << PACKET, q << PACKET];
  for (let i = 0; i < PACKET_WORDS; i++) rows[to | i] = rows[from | i]!;
  if (rows[from | PROTOCOL] === PROTO_ICMP) {
    for (let i = 0; i < ICMP_WORDS; i++) icmp[(q << ICMP) | i] = icmp[(p << ICMP) | i]!;
  }
  return q;
}

/** To be called where a packet on its way is changed in anything but its TTL: it is not as it was shown. */
export function changePacket(pool: PacketPool, p: PacketId): void {
  pool.rows[(p << PACKET) | SHOWN] = 0;
}

/** Who sent a packet to whom, and its bytes of payload, as the program has it that reads it. */
export function readPacket(
  { rows, reals }: PacketPool,
  p: PacketId,
): { from: Ipv4; fromPort: number; to: Ipv4; toPort: number; bytes: number } {
  const o = p << PACKET;
  return {
    from: rows[o | SOURCE]! as Ipv4,
    fromPort: rows[o | SOURCE_PORT]!,
    to: rows[o | DESTINATION]! as Ipv4,
    toPort: rows[o | DESTINATION_PORT]!,
    bytes: reals[(p << PACKET_REALS) | PAYLOAD]!,
  };
}

/** Payload of the train's first (and largest) packet, bytes. */
export function segmentPayload(pool: PacketPool, p: PacketId): number {
  const payload = pool.reals[(p << PACKET_REALS) | PAYLOAD]!;
  return pool.rows[(p << PACKET) | COUNT] === 1 || payload === 0 ? payload : pool.rows[(p << PACKET) | UNIT]!;
}

/** IP total length of each packet of the train (of the largest), bytes; with the outer header of a tunnel. */
export function packetLength(pool: PacketPool, p: PacketId): number {
  return pool.rows[(p << PACKET) | HEADERS]! + segmentPayload(pool, p) + (tunnelled(pool, p) ? 20 : 0);
}

/** IP bytes of the whole train. */
export function trainBytes(pool: PacketPool, p: PacketId): number {
  const { rows } = pool;
  const o = p << PACKET;
  const headers = rows[o | HEADERS]! + (tunnelled(pool, p) ? 20 : 0);
  return headers * rows[o | COUNT]! + pool.reals[(p << PACKET_REALS) | PAYLOAD]!;
}

/**
 * Whether the packet travels inside an IPIP packet (an ICMP error's outer addresses are those that it
 * quotes).
 */
export function tunnelled({ rows }: PacketPool, p: PacketId): boolean {
  return rows[(p << PACKET) | OUTER_DESTINATION] !== 0 && rows[(p << PACKET) | PROTOCOL] !== PROTO_ICMP;
}

/** The address that routers route the packet by, as int32: a tunnel's outer one. */
export function routedTo(pool: PacketPool, p: PacketId): number {
  return pool.rows[(p << PACKET) | (tunnelled(pool, p) ? OUTER_DESTINATION : DESTINATION)]! | 0;
}
