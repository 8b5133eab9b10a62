import { PROTO_ICMP } from '@lvscope/inet';
import type { PacketPool } from '../packets.ts';
import type { NetWorld, Network } from '../state.ts';
import { fragmentOf } from './fragments.ts';
import type { FrameId, FrameRing } from './state.ts';

/*
 * The ring of frames has two kinds of rows. What a frame says does not change on its way, so it is written
 * once, when the frame leaves: its contents. Every interface that sees it adds a short sighting, which names
 * the contents. There is room for more contents than sightings, so that contents outlive what names them;
 * those of a frame that was underway for long are written again.
 */

/** A sighting: a double, the time in ns, and then uint32. */
export const SIGHTING = 6;
export const AT = 0;
/** The row of its contents. */
export const CONTENTS = 2;
export const NIC = 3;
/** The direction, and the bit COPY for a copy that a switch flooded. */
export const DIRECTION = 4;
export const COPY = 4;
/** Index into FRAME_ENDS, where it was lost. */
export const END = 5;

/**
 * Contents begin with two doubles; the words after them are uint32, MACs as ids of `link.macs`. What ICMP
 * says beside its header stands in a row of its own, of `icmp`.
 */
export const ROW = 26;
/** Doubles: journey, which frame of all that were made. */
export const JOURNEY = 0;
export const SERIAL = 1;
export const SOURCE_MAC = 4;
export const DESTINATION_MAC = 5;
export const ETHERTYPE = 6;
/** Of IPv4. */
export const PROTOCOL = 7;
export const SOURCE = 8;
export const SOURCE_PORT = 9;
export const DESTINATION = 10;
export const DESTINATION_PORT = 11;
export const FLAGS = 12;
export const SEQ = 13;
export const ACK = 14;
export const PAYLOAD = 15;
/** In the low byte the outermost header's; above it that of the packet in a tunnel. */
export const TTL = 16;
export const LENGTH = 17;
export const OPTIONS = 18;
export const OUTER_SOURCE = 19;
export const OUTER_DESTINATION = 20;
export const MARK = 21;
/** -1: no fragment. */
export const FRAGMENT = 22;
export const HEADERS = 23;
export const WINDOW = 24;
export const MSS = 25;
/** Of ARP, in the same places. */
export const OPERATION = 7;
export const SENDER_MAC = 8;
export const SENDER_ADDRESS = 9;
export const TARGET_MAC = 10;
export const TARGET_ADDRESS = 11;

export const ICMP_ROW = 14;
export const ICMP_TYPE = 0;
export const ICMP_CODE = 1;
export const ICMP_MTU = 2;
/** What it quotes, or of an echo its id (source port) and number. */
export const INNER_PROTOCOL = 3;
export const INNER_SOURCE = 4;
export const INNER_SOURCE_PORT = 5;
export const INNER_DESTINATION = 6;
export const INNER_DESTINATION_PORT = 7;
export const INNER_FLAGS = 8;
export const INNER_TTL = 9;
export const INNER_LENGTH = 10;
export const INNER_HEADERS = 11;
export const INNER_OPTIONS = 12;
export const INNER_SEQ = 13;

/** A ring without room, and without frames. */
export function createFrameRing(): FrameRing {
  const ring: FrameRing = {
    capacity: 0,
    sightings: new Uint32Array(0),
    times: new Float64Array(0),
    written: 0,
    next: 0,
    room: 0,
    rows: new Uint32Array(0),
    reals: new Float64Array(0),
    icmp: new Uint32Array(0),
    nextContents: 0,
    described: 0,
    notes: new Float64Array(0),
    words: [],
    noted: 0,
  };
  return ring;
}

/** Makes room for so many frames, and forgets what was kept. */
export function layRows(ring: FrameRing, capacity: number): void {
  const sightings = new ArrayBuffer(capacity * SIGHTING * 4);
  ring.capacity = capacity;
  ring.sightings = new Uint32Array(sightings);
  ring.times = new Float64Array(sightings);
  ring.written = 0;
  ring.next = 0;
  const room = capacity + (capacity >> 2);
  const contents = new ArrayBuffer(room * ROW * 4);
  ring.rows = new Uint32Array(contents);
  ring.reals = new Float64Array(contents);
  ring.icmp = new Uint32Array(room * ICMP_ROW);
  // nothing that was described before the ring was laid is there any more
  ring.described = (ring.described + Math.max(room, ring.room)) | 0;
  ring.room = room;
  ring.nextContents = 0;
}

/** Where a frame was seen: leaving an interface, arriving at one, or ending underway. */
export const SEEN_OUT = 0;
export const SEEN_IN = 1;
export const SEEN_LOST = 2;

/**
 * Writes a sighting of a frame into the ring's next row; there must be room for one.
 * @param contents the row of what the frame says
 */
export function writeSighting(
  { net, sim }: NetWorld,
  ring: FrameRing,
  f: FrameId,
  contents: number,
  nic: number,
  direction: number,
  end: number,
): void {
  const row = ring.next;
  ring.next = row + 1 === ring.capacity ? 0 : row + 1;
  ring.written++;
  ring.times[row * (SIGHTING / 2) + AT] = sim.now;
  const { sightings } = ring;
  const o = row * SIGHTING;
  sightings[o + CONTENTS] = contents;
  sightings[o + NIC] = nic;
  sightings[o + DIRECTION] = direction | (net.link!.frames.copy[f] === 1 ? COPY : 0);
  sightings[o + END] = end;
}

/**
 * The row of a frame's contents in the network's ring, written when it leaves, and again when they could be
 * written over while one of the next `capacity` sightings names them.
 */
export function contentsOf(net: Network, f: FrameId, direction: number): number {
  const { ring, frames: pool } = net.link!;
  const age = (ring.described - pool.described[f]!) | 0;
  if (direction !== SEEN_OUT && age <= ring.room - ring.capacity) return pool.contents[f]!;
  pool.described[f] = ring.described;
  ring.described = (ring.described + 1) | 0;
  const row = describe(net, ring, f);
  pool.contents[f] = row;
  return row;
}

/** Writes what a frame says. @returns the row */
export function describe(net: Network, ring: FrameRing, f: FrameId): number {
  const link = net.link!;
  const { rows, reals } = ring;
  const pool = link.frames;
  const row = ring.nextContents;
  ring.nextContents = row + 1 === ring.room ? 0 : row + 1;
  const o = row * ROW;
  const p = pool.packet[f]!;
  reals[row * (ROW / 2) + JOURNEY] = p >= 0 ? link.journeys[p]! : 0;
  reals[row * (ROW / 2) + SERIAL] = pool.serial[f]!;
  rows[o + SOURCE_MAC] = pool.source[f]!;
  rows[o + DESTINATION_MAC] = pool.destination[f]!;
  rows[o + ETHERTYPE] = pool.ethertype[f]!;
  if (p >= 0) {
    const fragment = fragmentOf(net, p);
    rows[o + FRAGMENT] = fragment === undefined ? -1 : fragment.offset;
    seePacket(net.packets, p, pool.bytes[f]!, rows, o);
    if (net.packets.protocol[p] === PROTO_ICMP) seeIcmp(net.packets, p, ring.icmp, row * ICMP_ROW);
    return row;
  }
  rows[o + OPERATION] = pool.operation[f]!;
  rows[o + SENDER_MAC] = pool.senderMac[f]!;
  rows[o + SENDER_ADDRESS] = pool.senderAddress[f]!;
  rows[o + TARGET_MAC] = pool.targetMac[f]!;
  rows[o + TARGET_ADDRESS] = pool.targetAddress[f]!;
  return row;
}

function seePacket(pool: PacketPool, p: number, length: number, rows: Uint32Array, o: number): void {
  rows[o + PROTOCOL] = pool.protocol[p]!;
  rows[o + SOURCE] = pool.source[p]!;
  rows[o + SOURCE_PORT] = pool.sourcePort[p]!;
  rows[o + DESTINATION] = pool.destination[p]!;
  rows[o + DESTINATION_PORT] = pool.destinationPort[p]!;
  rows[o + FLAGS] = pool.flags[p]!;
  rows[o + SEQ] = pool.seq[p]!;
  rows[o + ACK] = pool.ack[p]!;
  rows[o + PAYLOAD] = pool.payload[p]!;
  rows[o + TTL] = pool.ttl[p]! | (pool.innerTtl[p]! << 8);
  rows[o + LENGTH] = length;
  rows[o + OPTIONS] = pool.options[p]!;
  rows[o + OUTER_SOURCE] = pool.outerSource[p]!;
  rows[o + OUTER_DESTINATION] = pool.outerDestination[p]!;
  rows[o + MARK] = pool.mark[p]!;
  rows[o + HEADERS] = pool.headers[p]!;
  rows[o + WINDOW] = pool.window[p]!;
  rows[o + MSS] = pool.mss[p]!;
}

function seeIcmp(pool: PacketPool, p: number, icmp: Uint32Array, o: number): void {
  icmp[o + ICMP_TYPE] = pool.icmpType[p]!;
  icmp[o + ICMP_CODE] = pool.icmpCode[p]!;
  icmp[o + ICMP_MTU] = pool.icmpMtu[p]!;
  icmp[o + INNER_PROTOCOL] = pool.innerProtocol[p]!;
  icmp[o + INNER_SOURCE] = pool.innerSource[p]!;
  icmp[o + INNER_SOURCE_PORT] = pool.innerSourcePort[p]!;
  icmp[o + INNER_DESTINATION] = pool.innerDestination[p]!;
  icmp[o + INNER_DESTINATION_PORT] = pool.innerDestinationPort[p]!;
  icmp[o + INNER_FLAGS] = pool.innerFlags[p]!;
  icmp[o + INNER_TTL] = pool.innerTtl[p]!;
  icmp[o + INNER_LENGTH] = pool.innerLength[p]!;
  icmp[o + INNER_HEADERS] = pool.innerHeaders[p]!;
  icmp[o + INNER_OPTIONS] = pool.innerOptions[p]!;
  icmp[o + INNER_SEQ] = pool.innerSeq[p]!;
}
