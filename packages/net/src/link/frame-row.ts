import { PROTO_ICMP } from '@lvscope/inet';
import type { PacketPool } from '../packets.ts';
import type { NetWorld } from '../state.ts';
import { fragmentOf } from './fragments.ts';
import { FRAME_ENDS } from './state.ts';
import type { FrameEnd, FrameId, FrameRing } from './state.ts';

/*
 * A row of the ring of frames: two lines of a processor's cache, written for every frame at every interface.
 * It begins with three doubles; the words after them are uint32, MACs as ids of `link.macs`. What ICMP says
 * beside its header stands in a row of its own, of `icmp`.
 */
export const ROW = 32;
/** Doubles: ns, journey, which frame of all that were made. */
export const AT = 0;
export const JOURNEY = 1;
export const SERIAL = 2;
export const NIC = 6;
export const DIRECTION = 7;
export const SOURCE_MAC = 8;
export const DESTINATION_MAC = 9;
export const ETHERTYPE = 10;
export const COPY = 11;
/** Index into FRAME_ENDS, where it was lost. */
export const END = 12;
/** Of IPv4. */
export const PROTOCOL = 13;
export const SOURCE = 14;
export const SOURCE_PORT = 15;
export const DESTINATION = 16;
export const DESTINATION_PORT = 17;
export const FLAGS = 18;
export const SEQ = 19;
export const ACK = 20;
export const PAYLOAD = 21;
/** In the low byte the outermost header's; above it that of the packet in a tunnel. */
export const TTL = 22;
export const LENGTH = 23;
export const OPTIONS = 24;
export const OUTER_SOURCE = 25;
export const OUTER_DESTINATION = 26;
export const MARK = 27;
/** -1: no fragment. */
export const FRAGMENT = 28;
export const HEADERS = 29;
export const WINDOW = 30;
export const MSS = 31;
/** Of ARP, in the same places. */
export const OPERATION = 13;
export const SENDER_MAC = 14;
export const SENDER_ADDRESS = 15;
export const TARGET_MAC = 16;
export const TARGET_ADDRESS = 17;

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
    rows: new Uint32Array(0),
    reals: new Float64Array(0),
    icmp: new Uint32Array(0),
    written: 0,
    notes: new Float64Array(0),
    words: [],
    noted: 0,
  };
  return ring;
}

/** Makes room for so many frames, and forgets what was kept. */
export function layRows(ring: FrameRing, capacity: number): void {
  const buffer = new ArrayBuffer(capacity * ROW * 4);
  ring.capacity = capacity;
  ring.rows = new Uint32Array(buffer);
  ring.reals = new Float64Array(buffer);
  ring.icmp = new Uint32Array(capacity * ICMP_ROW);
  ring.written = 0;
}

/** Where a frame was seen: leaving an interface, arriving at one, or ending underway. */
export const SEEN_OUT = 0;
export const SEEN_IN = 1;
export const SEEN_LOST = 2;

/** Writes how a frame is now into the ring's next row; there must be room for one. */
export function writeRow(
  { net, sim }: NetWorld,
  ring: FrameRing,
  f: FrameId,
  nic: number,
  direction: number,
  end: FrameEnd,
): void {
  const link = net.link!;
  const { rows, reals } = ring;
  const pool = link.frames;
  const row = ring.written++ % ring.capacity;
  const o = row * ROW;
  const p = pool.packet[f]!;
  reals[row * (ROW / 2) + AT] = sim.now;
  reals[row * (ROW / 2) + JOURNEY] = p >= 0 ? link.journeys[p]! : 0;
  reals[row * (ROW / 2) + SERIAL] = pool.serial[f]!;
  rows[o + NIC] = nic;
  rows[o + DIRECTION] = direction;
  rows[o + SOURCE_MAC] = pool.source[f]!;
  rows[o + DESTINATION_MAC] = pool.destination[f]!;
  rows[o + ETHERTYPE] = pool.ethertype[f]!;
  rows[o + COPY] = pool.copy[f]!;
  rows[o + END] = direction === SEEN_LOST ? FRAME_ENDS.indexOf(end) : 0;
  if (p >= 0) {
    const fragment = fragmentOf(net, p);
    rows[o + FRAGMENT] = fragment === undefined ? -1 : fragment.offset;
    seePacket(net.packets, p, pool.bytes[f]!, rows, o);
    if (net.packets.protocol[p] === PROTO_ICMP) seeIcmp(net.packets, p, ring.icmp, row * ICMP_ROW);
    return;
  }
  rows[o + OPERATION] = pool.operation[f]!;
  rows[o + SENDER_MAC] = pool.senderMac[f]!;
  rows[o + SENDER_ADDRESS] = pool.senderAddress[f]!;
  rows[o + TARGET_MAC] = pool.targetMac[f]!;
  rows[o + TARGET_ADDRESS] = pool.targetAddress[f]!;
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
