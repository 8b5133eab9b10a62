import { armTimer } from '@lvscope/des';
import { type Ipv4, PROTO_ICMP } from '@lvscope/inet';
import { OPTION_LINUX, type PacketPool } from '../packets.ts';
import type { NetWorld, Network } from '../state.ts';
import { fragmentOf, OPTION_FRAGMENT, OPTION_MAY_FRAGMENT, wireLength } from './fragments.ts';
import { ETHERTYPE_IPV4, FRAME_ENDS } from './state.ts';
import type { FrameEnd, FrameId, FrameWatch } from './state.ts';

/** Where a frame was seen: leaving an interface, arriving at one, or ending underway. */
export const SEEN_OUT = 0;
export const SEEN_IN = 1;
export const SEEN_LOST = 2;

const WIDTH = 43;

/** A frame as it was at an interface, decoded. */
export interface FrameRecord {
  /** Its place among all that were ever kept: a cursor for the next call. */
  readonly index: number;
  /** ns */
  readonly at: number;
  readonly interfaceId: number;
  readonly direction: 'out' | 'in' | 'lost';
  /** Which frame it is; the copies that a switch makes when it floods are the same one. */
  readonly frame: number;
  /** How it ended, where it was lost. */
  readonly end: FrameEnd | undefined;
  /** All frames of a packet's way from host to host, and of what a director made of it, have one journey. */
  readonly journey: number;
  /** 48-bit numbers. */
  readonly sourceMac: number;
  readonly destinationMac: number;
  readonly ethertype: number;
  /** A copy that a switch flooded. */
  readonly flooded: boolean;
  readonly arp:
    | {
        readonly operation: number;
        readonly senderMac: number;
        readonly senderAddress: Ipv4;
        readonly targetMac: number;
        readonly targetAddress: Ipv4;
      }
    | undefined;
  readonly ip: IpRecord | undefined;
}

export interface IpRecord {
  readonly protocol: number;
  readonly source: Ipv4;
  readonly sourcePort: number;
  readonly destination: Ipv4;
  readonly destinationPort: number;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  /** Bytes that the receiver offers, not scaled. */
  readonly window: number;
  /** MSS option of a SYN; 0: none. */
  readonly mss: number;
  /** A SYN with all that Linux offers: SACK, timestamps, window scale. */
  readonly linuxOptions: boolean;
  /** Bytes. */
  readonly payload: number;
  readonly ttl: number;
  /** Total length of the (outer) packet, bytes. */
  readonly length: number;
  /** Of the outer header. */
  readonly dontFragment: boolean;
  /** Of the packet in a tunnel. */
  readonly innerDontFragment: boolean;
  /** Bytes of a fragment's place in its packet; -1: no fragment. */
  readonly fragmentOffset: number;
  /** Bytes of IP and transport header of the packet (in a tunnel: of the inner one). */
  readonly headers: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly icmpMtu: number;
  /** Identifier and number of an echo. */
  readonly echoId: number;
  readonly echoNumber: number;
  /** IPIP: the outer addresses, else 0. Of an ICMP error: those that it quotes. */
  readonly outerSource: Ipv4;
  readonly outerDestination: Ipv4;
  readonly mark: number;
  /** What an ICMP error quotes. */
  readonly quoted: QuotedRecord | undefined;
}

export interface QuotedRecord {
  readonly protocol: number;
  readonly source: Ipv4;
  readonly sourcePort: number;
  readonly destination: Ipv4;
  readonly destinationPort: number;
  readonly flags: number;
  readonly seq: number;
  readonly ttl: number;
  /** Total length that the quoted header says, bytes, and bytes of IP and transport header. */
  readonly length: number;
  readonly headers: number;
  readonly dontFragment: boolean;
}

/** Keeps the last `capacity` frames seen at interfaces; 0 keeps none. What was kept before is forgotten. */
export function keepFrames(net: Network, capacity: number): void {
  if (net.link === undefined) return;
  const { ring } = net.link;
  ring.capacity = capacity;
  ring.rows = new Float64Array(capacity * WIDTH);
  ring.written = 0;
  ring.notes = [];
  ring.noted = 0;
}

/** Writes a frame into the ring, where one is kept, and shows it to those who watch the interface. */
export function seeFrame(
  world: NetWorld,
  f: FrameId,
  nic: number,
  direction: number,
  at: number,
  end: FrameEnd = 'delivered',
): void {
  const { ring, watches } = world.net.link!;
  if (ring.capacity > 0) {
    const first = (ring.written % ring.capacity) * WIDTH;
    ring.written++;
    writeRow(world.net, { frame: f, nic, direction, at, end }, ring.rows, first);
  }
  if (watches.length === 0 || direction === SEEN_LOST) return;
  const row = new Float64Array(WIDTH);
  for (const watch of watches) {
    if (!watch.interfaces.includes(nic)) continue;
    writeRow(world.net, { frame: f, nic, direction, at, end }, row, 0);
    watch.frames.push(decode(row, 0, watch.seen++));
    armTimer(world.sim, watch.wakes.bank, watch.wakes.timer, world.sim.now);
  }
}

interface Sighting {
  readonly frame: FrameId;
  readonly nic: number;
  readonly direction: number;
  readonly at: number;
  readonly end: FrameEnd;
}

function writeRow(net: Network, seen: Sighting, rows: Float64Array, first: number): void {
  const { frame: f, nic, direction, at, end } = seen;
  const link = net.link!;
  const pool = link.frames;
  let o = first;
  const p = pool.packet[f]!;
  rows[o++] = at;
  rows[o++] = nic;
  rows[o++] = direction;
  rows[o++] = p >= 0 ? link.journeys[p]! : 0;
  rows[o++] = link.macs[pool.source[f]!]!;
  rows[o++] = link.macs[pool.destination[f]!]!;
  rows[o++] = pool.ethertype[f]!;
  rows[o++] = pool.copy[f]!;
  rows[first + 38] = pool.serial[f]!;
  rows[first + 39] = FRAME_ENDS.indexOf(end);
  if (p >= 0) {
    seePacket(net.packets, p, wireLength(net, p), rows, o);
    const fragment = fragmentOf(net, p);
    rows[first + 36] = fragment === undefined ? -1 : fragment.offset;
    return;
  }
  rows[o++] = pool.operation[f]!;
  rows[o++] = link.macs[pool.senderMac[f]!]!;
  rows[o++] = pool.senderAddress[f]!;
  rows[o++] = link.macs[pool.targetMac[f]!]!;
  rows[o++] = pool.targetAddress[f]!;
}

function seePacket(pool: PacketPool, p: number, length: number, rows: Float64Array, offset: number): void {
  let o = offset;
  rows[o++] = pool.protocol[p]!;
  rows[o++] = pool.source[p]!;
  rows[o++] = pool.sourcePort[p]!;
  rows[o++] = pool.destination[p]!;
  rows[o++] = pool.destinationPort[p]!;
  rows[o++] = pool.flags[p]!;
  rows[o++] = pool.seq[p]!;
  rows[o++] = pool.ack[p]!;
  rows[o++] = pool.payload[p]!;
  rows[o++] = pool.ttl[p]!;
  rows[o++] = length;
  rows[o++] = pool.options[p]!;
  rows[o++] = pool.icmpType[p]!;
  rows[o++] = pool.icmpCode[p]!;
  rows[o++] = pool.icmpMtu[p]!;
  rows[o++] = pool.outerSource[p]!;
  rows[o++] = pool.outerDestination[p]!;
  rows[o++] = pool.mark[p]!;
  rows[offset + 29] = pool.headers[p]!;
  rows[offset + 32] = pool.window[p]!;
  rows[offset + 33] = pool.mss[p]!;
  if (pool.protocol[p] !== PROTO_ICMP) return;
  rows[offset + 34] = pool.innerSeq[p]!;
  rows[o++] = pool.innerProtocol[p]!;
  rows[o++] = pool.innerSource[p]!;
  rows[o++] = pool.innerSourcePort[p]!;
  rows[o++] = pool.innerDestination[p]!;
  rows[o++] = pool.innerDestinationPort[p]!;
  rows[o++] = pool.innerFlags[p]!;
  rows[o++] = pool.innerTtl[p]!;
  rows[o++] = pool.innerLength[p]!;
  rows[o++] = pool.innerHeaders[p]!;
  rows[o++] = pool.innerOptions[p]!;
}

/** Shows all frames at some interfaces to their owner from now on, whose timer goes off at each. */
export function watchFrames(
  net: Network,
  interfaces: readonly number[],
  wakes: FrameWatch['wakes'],
): FrameWatch | undefined {
  if (net.link === undefined) return undefined;
  const watch: FrameWatch = { interfaces, wakes, seen: 0, frames: [] };
  net.link.watches.push(watch);
  return watch;
}

/** What was seen since the last call; it forgets what it hands out. */
export function takeFrames(watch: FrameWatch): FrameRecord[] {
  const { frames } = watch;
  watch.frames = [];
  return frames;
}

export function endWatch(net: Network, watch: FrameWatch): void {
  const watches = net.link?.watches ?? [];
  const at = watches.indexOf(watch);
  if (at >= 0) watches.splice(at, 1);
}

export interface FrameQuery {
  /** Rows from this index on (`next` of the last answer). */
  readonly from?: number;
  /** At most so many. */
  readonly limit?: number;
  readonly interfaceId?: number;
}

/** What the ring holds, in order of time. `lost`: rows between `from` and the oldest that is still there. */
export function framesSeen(
  net: Network,
  query: FrameQuery = {},
): { readonly frames: FrameRecord[]; readonly next: number; readonly lost: number } {
  if (net.link === undefined) return { frames: [], next: 0, lost: 0 };
  const { ring } = net.link;
  const oldest = Math.max(0, ring.written - ring.capacity);
  const from = Math.max(query.from ?? 0, oldest);
  const frames: FrameRecord[] = [];
  let index = from;
  for (; index < ring.written && frames.length < (query.limit ?? Number.POSITIVE_INFINITY); index++) {
    const o = (index % ring.capacity) * WIDTH;
    if (query.interfaceId !== undefined && ring.rows[o + 1] !== query.interfaceId) continue;
    frames.push(decode(ring.rows, o, index));
  }
  return { frames, next: index, lost: Math.max(0, oldest - (query.from ?? oldest)) };
}

const DIRECTIONS = ['out', 'in', 'lost'] as const;

function decode(rows: Float64Array, o: number, index: number): FrameRecord {
  const at = (i: number): number => rows[o + i]!;
  const ip = at(6) === ETHERTYPE_IPV4;
  return {
    index,
    at: at(0),
    interfaceId: at(1),
    direction: DIRECTIONS[at(2)] ?? 'lost',
    frame: at(38),
    end: at(2) === SEEN_LOST ? FRAME_ENDS[at(39)] : undefined,
    journey: at(3),
    sourceMac: at(4),
    destinationMac: at(5),
    ethertype: at(6),
    flooded: at(7) === 1,
    arp: ip
      ? undefined
      : {
          operation: at(8),
          senderMac: at(9),
          senderAddress: at(10) as Ipv4,
          targetMac: at(11),
          targetAddress: at(12) as Ipv4,
        },
    ip: ip ? decodeIp(at) : undefined,
  };
}

function decodeIp(at: (i: number) => number): IpRecord {
  const icmp = at(8) === PROTO_ICMP;
  return {
    protocol: at(8),
    source: at(9) as Ipv4,
    sourcePort: at(10),
    destination: at(11) as Ipv4,
    destinationPort: at(12),
    flags: at(13),
    seq: at(14),
    ack: at(15),
    window: at(40),
    mss: at(41),
    linuxOptions: (at(19) & OPTION_LINUX) !== 0,
    payload: at(16),
    ttl: at(17),
    length: at(18),
    dontFragment: (at(19) & 1) !== 0 && (at(19) & (OPTION_FRAGMENT | OPTION_MAY_FRAGMENT)) === 0,
    innerDontFragment: (at(19) & 1) !== 0,
    fragmentOffset: at(36),
    headers: at(37),
    icmpType: icmp ? at(20) : 0,
    icmpCode: icmp ? at(21) : 0,
    icmpMtu: icmp ? at(22) : 0,
    echoId: icmp ? at(28) : 0,
    echoNumber: icmp ? at(30) : 0,
    outerSource: at(23) as Ipv4,
    outerDestination: at(24) as Ipv4,
    mark: at(25),
    quoted: icmp && at(20) !== ECHO_REQUEST && at(20) !== ECHO_REPLY ? decodeQuoted(at) : undefined,
  };
}

const ECHO_REPLY = 0;
const ECHO_REQUEST = 8;

function decodeQuoted(at: (i: number) => number): QuotedRecord {
  return {
    protocol: at(26),
    source: at(27) as Ipv4,
    sourcePort: at(28),
    destination: at(29) as Ipv4,
    destinationPort: at(30),
    flags: at(31),
    seq: at(42),
    ttl: at(32),
    length: at(33),
    headers: at(34),
    dontFragment: (at(35) & 1) !== 0,
  };
}
