import { type Ipv4, PROTO_ICMP } from '@lvscope/inet';
import * as packet from '../packet-row.ts';
import { OPTION_LINUX } from '../packets.ts';
import type { Network } from '../state.ts';
import { OPTION_FRAGMENT, OPTION_MAY_FRAGMENT } from './fragments.ts';
import { layNotes } from './frame-notes.ts';
import * as row from './frame-row.ts';
import { layRows } from './frame-row.ts';
import { arpFields, forgetSightings } from './frames.ts';
import * as frameRow from './state.ts';
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, FRAME_ENDS } from './state.ts';
import type { FrameEnd, FrameId, FramePool, FrameRing } from './state.ts';

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
  /** Of the (outer) header. */
  readonly ttl: number;
  /** Of the packet in a tunnel; without one the same. */
  readonly innerTtl: number;
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
  /** That a redirect names, else 0. */
  readonly icmpGateway: Ipv4;
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
  layRows(ring, capacity);
  forgetSightings(net.link);
  layNotes(ring);
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
  const { ring, macs, frames: pool } = net.link;
  const oldest = Math.max(0, ring.written - ring.capacity);
  const from = Math.max(query.from ?? 0, oldest);
  const order = inOrder(pool, ring, from);
  const frames: FrameRecord[] = [];
  let index = from;
  for (; index < ring.written && frames.length < (query.limit ?? Number.POSITIVE_INFINITY); index++) {
    const one = sightingOf(pool, order[index - from]!, index);
    if (query.interfaceId !== undefined && one.seen >>> row.NIC_SHIFT !== query.interfaceId) continue;
    frames.push(decode(ring, pool, macs, one));
  }
  return { frames, next: index, lost: Math.max(0, oldest - (query.from ?? oldest)) };
}

/** From a number on, which frame each sighting is of, doubled; and one more where it is the frame's last. */
function inOrder({ rows, size }: FramePool, ring: FrameRing, from: number): Int32Array {
  const count = ring.written - from;
  const order = new Int32Array(count);
  const note = (index: number, which: number): void => {
    const back = (ring.written - index) | 0;
    if (back > 0 && back <= count) order[count - back] = which;
  };
  for (let f = 0; count > 0 && f < size; f++) {
    const o = f << frameRow.FRAME;
    note(rows[o | frameRow.SENT_INDEX]!, 2 * f);
    if (rows[o | frameRow.LAST_SEEN] !== 0) note(rows[o | frameRow.LAST_INDEX]!, 2 * f + 1);
  }
  return order;
}

/** A frame as an interface saw it. */
interface Sighting {
  readonly index: number;
  /** ns */
  readonly at: number;
  readonly frame: FrameId;
  /** As LAST_SEEN has it; or SEEN_OUT and the interface. */
  readonly seen: number;
  /** Where what the packet says is to be found. */
  readonly contents: number;
}

/** @param which as `inOrder` has it */
function sightingOf({ rows, reals }: FramePool, which: number, index: number): Sighting {
  const frame = which >> 1;
  const [o, r] = [frame << frameRow.FRAME, frame << frameRow.FRAME_REALS];
  const contents = rows[o | frameRow.CONTENTS]!;
  return (which & 1) === 0
    ? {
        index,
        at: reals[r | frameRow.SENT_AT]!,
        frame,
        seen: row.SEEN_OUT | (rows[o | frameRow.SENDER]! << row.NIC_SHIFT),
        contents,
      }
    : { index, at: reals[r | frameRow.TIME]!, frame, seen: rows[o | frameRow.LAST_SEEN]!, contents };
}

const DIRECTIONS = ['out', 'in', 'lost'] as const;

export function decode(
  ring: FrameRing,
  pool: FramePool,
  macs: readonly number[],
  sighting: Sighting,
): FrameRecord {
  const { index, frame: f, seen } = sighting;
  const of = (field: number): number => pool.rows[(f << frameRow.FRAME) | field]!;
  const said = sighting.contents & (ring.room - 1);
  const at = (field: number): number =>
    field < row.MORE_FROM ? ring.rows[(said << row.ROW) | field]! : moreOf(ring, said, field);
  const real = (field: number): number => ring.reals[(said << (row.ROW - 1)) | field]!;
  const icmp = (field: number): number => ring.icmp[(said << row.ICMP_ROW) | field]!;
  const ip = of(frameRow.CARRIED) >= 0;
  const direction = seen & row.DIRECTION_BITS;
  const size = of(frameRow.SIZE);
  return {
    index,
    at: sighting.at,
    interfaceId: seen >>> row.NIC_SHIFT,
    direction: DIRECTIONS[direction] ?? 'lost',
    frame: pool.reals[(f << frameRow.FRAME_REALS) | frameRow.SERIAL]!,
    end: direction === row.SEEN_LOST ? FRAME_ENDS[(seen >>> row.END_SHIFT) & row.END_BITS] : undefined,
    journey: ip ? real(packet.JOURNEY) : 0,
    sourceMac: macs[of(frameRow.FROM_MAC)]!,
    destinationMac: macs[of(frameRow.TO_MAC)]!,
    ethertype: ip ? ETHERTYPE_IPV4 : ETHERTYPE_ARP,
    flooded: (size & frameRow.COPY_BIT) !== 0,
    arp: ip ? undefined : decodeArp(pool, macs, f),
    ip: ip ? decodeIp(at, size, real(packet.PAYLOAD), icmp) : undefined,
  };
}

/** A word that few packets have. */
function moreOf({ rows, more }: FrameRing, said: number, field: number): number {
  if (rows[(said << row.ROW) | row.MORE] === 1)
    return more[(said << row.MORE_ROW) | (field - row.MORE_FROM)]!;
  return field === row.FRAGMENT ? -1 : 0;
}

function decodeArp(pool: FramePool, macs: readonly number[], f: FrameId): FrameRecord['arp'] {
  const arp = arpFields(pool, f);
  return {
    operation: arp.operation,
    senderMac: macs[arp.senderMac]!,
    senderAddress: arp.senderAddress as Ipv4,
    targetMac: macs[arp.targetMac]!,
    targetAddress: arp.targetAddress as Ipv4,
  };
}

type Field = (field: number) => number;

function decodeIp(at: Field, size: number, payload: number, icmp: Field): IpRecord {
  const isIcmp = at(packet.PROTOCOL) === PROTO_ICMP;
  const type = isIcmp ? icmp(packet.ICMP_TYPE) : 0;
  const options = at(packet.OPTIONS);
  const ttl = size & frameRow.TTL_BITS;
  return {
    protocol: at(packet.PROTOCOL),
    source: at(packet.SOURCE) as Ipv4,
    sourcePort: at(packet.SOURCE_PORT),
    destination: at(packet.DESTINATION) as Ipv4,
    destinationPort: at(packet.DESTINATION_PORT),
    flags: at(packet.FLAGS),
    seq: at(packet.SEQ),
    ack: at(packet.ACK),
    window: at(packet.WINDOW),
    mss: at(packet.MSS),
    linuxOptions: (options & OPTION_LINUX) !== 0,
    payload,
    ttl,
    innerTtl: isIcmp || at(packet.OUTER_DESTINATION) === 0 ? ttl : at(packet.INNER_TTL),
    length: size >>> frameRow.BYTES_SHIFT,
    dontFragment: (options & 1) !== 0 && (options & (OPTION_FRAGMENT | OPTION_MAY_FRAGMENT)) === 0,
    innerDontFragment: (options & 1) !== 0,
    fragmentOffset: at(row.FRAGMENT) | 0,
    headers: at(packet.HEADERS),
    icmpType: type,
    icmpCode: isIcmp ? icmp(packet.ICMP_CODE) : 0,
    icmpMtu: isIcmp ? icmp(packet.ICMP_MTU) : 0,
    icmpGateway: (type === REDIRECT ? at(packet.ACK) : 0) as Ipv4,
    echoId: isIcmp ? icmp(packet.INNER_SOURCE_PORT) : 0,
    echoNumber: isIcmp ? icmp(packet.INNER_DESTINATION_PORT) : 0,
    outerSource: at(packet.OUTER_SOURCE) as Ipv4,
    outerDestination: at(packet.OUTER_DESTINATION) as Ipv4,
    mark: at(packet.MARK),
    quoted: isIcmp && type !== ECHO_REQUEST && type !== ECHO_REPLY ? decodeQuoted(icmp) : undefined,
  };
}

const ECHO_REPLY = 0;
const REDIRECT = 5;
const ECHO_REQUEST = 8;

function decodeQuoted(icmp: Field): QuotedRecord {
  return {
    protocol: icmp(packet.INNER_PROTOCOL),
    source: icmp(packet.INNER_SOURCE) as Ipv4,
    sourcePort: icmp(packet.INNER_SOURCE_PORT),
    destination: icmp(packet.INNER_DESTINATION) as Ipv4,
    destinationPort: icmp(packet.INNER_DESTINATION_PORT),
    flags: icmp(packet.INNER_FLAGS),
    seq: icmp(row.QUOTED_SEQ),
    ttl: icmp(row.QUOTED_TTL),
    length: icmp(packet.INNER_LENGTH),
    headers: icmp(packet.INNER_HEADERS),
    dontFragment: (icmp(packet.INNER_OPTIONS) & 1) !== 0,
  };
}
