import { type Ipv4, PROTO_ICMP } from '@lvscope/inet';
import { OPTION_LINUX } from '../packets.ts';
import type { Network } from '../state.ts';
import { OPTION_FRAGMENT, OPTION_MAY_FRAGMENT } from './fragments.ts';
import { layNotes } from './frame-notes.ts';
import * as row from './frame-row.ts';
import { layRows } from './frame-row.ts';
import { ETHERTYPE_IPV4, FRAME_ENDS } from './state.ts';
import type { FrameEnd, FrameRing } from './state.ts';

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
  const { ring, macs } = net.link;
  const oldest = Math.max(0, ring.written - ring.capacity);
  const from = Math.max(query.from ?? 0, oldest);
  const frames: FrameRecord[] = [];
  let index = from;
  for (; index < ring.written && frames.length < (query.limit ?? Number.POSITIVE_INFINITY); index++) {
    const o = (index % ring.capacity) * row.SIGHTING;
    if (query.interfaceId !== undefined && ring.sightings[o + row.NIC] !== query.interfaceId) continue;
    frames.push(decode(ring, macs, index));
  }
  return { frames, next: index, lost: Math.max(0, oldest - (query.from ?? oldest)) };
}

const DIRECTIONS = ['out', 'in', 'lost'] as const;

/** The row of that index, which must be there. */
export function decode(ring: FrameRing, macs: readonly number[], index: number): FrameRecord {
  const place = index % ring.capacity;
  const seen = (field: number): number => ring.sightings[place * row.SIGHTING + field]!;
  const contents = seen(row.CONTENTS);
  const at = (field: number): number => ring.rows[contents * row.ROW + field]!;
  const real = (field: number): number => ring.reals[contents * (row.ROW / 2) + field]!;
  const icmp = (field: number): number => ring.icmp[contents * row.ICMP_ROW + field]!;
  const ip = at(row.ETHERTYPE) === ETHERTYPE_IPV4;
  const direction = seen(row.DIRECTION) & (row.COPY - 1);
  return {
    index,
    at: ring.times[place * (row.SIGHTING / 2) + row.AT]!,
    interfaceId: seen(row.NIC),
    direction: DIRECTIONS[direction] ?? 'lost',
    frame: real(row.SERIAL),
    end: direction === row.SEEN_LOST ? FRAME_ENDS[seen(row.END)] : undefined,
    journey: real(row.JOURNEY),
    sourceMac: macs[at(row.SOURCE_MAC)]!,
    destinationMac: macs[at(row.DESTINATION_MAC)]!,
    ethertype: at(row.ETHERTYPE),
    flooded: (seen(row.DIRECTION) & row.COPY) !== 0,
    arp: ip
      ? undefined
      : {
          operation: at(row.OPERATION),
          senderMac: macs[at(row.SENDER_MAC)]!,
          senderAddress: at(row.SENDER_ADDRESS) as Ipv4,
          targetMac: macs[at(row.TARGET_MAC)]!,
          targetAddress: at(row.TARGET_ADDRESS) as Ipv4,
        },
    ip: ip ? decodeIp(at, icmp) : undefined,
  };
}

type Field = (field: number) => number;

function decodeIp(at: Field, icmp: Field): IpRecord {
  const isIcmp = at(row.PROTOCOL) === PROTO_ICMP;
  const type = isIcmp ? icmp(row.ICMP_TYPE) : 0;
  const options = at(row.OPTIONS);
  return {
    protocol: at(row.PROTOCOL),
    source: at(row.SOURCE) as Ipv4,
    sourcePort: at(row.SOURCE_PORT),
    destination: at(row.DESTINATION) as Ipv4,
    destinationPort: at(row.DESTINATION_PORT),
    flags: at(row.FLAGS),
    seq: at(row.SEQ),
    ack: at(row.ACK),
    window: at(row.WINDOW),
    mss: at(row.MSS),
    linuxOptions: (options & OPTION_LINUX) !== 0,
    payload: at(row.PAYLOAD),
    ttl: at(row.TTL) & 0xff,
    innerTtl: (isIcmp || at(row.OUTER_DESTINATION) === 0 ? at(row.TTL) : at(row.TTL) >>> 8) & 0xff,
    length: at(row.LENGTH),
    dontFragment: (options & 1) !== 0 && (options & (OPTION_FRAGMENT | OPTION_MAY_FRAGMENT)) === 0,
    innerDontFragment: (options & 1) !== 0,
    fragmentOffset: at(row.FRAGMENT) | 0,
    headers: at(row.HEADERS),
    icmpType: type,
    icmpCode: isIcmp ? icmp(row.ICMP_CODE) : 0,
    icmpMtu: isIcmp ? icmp(row.ICMP_MTU) : 0,
    icmpGateway: (type === REDIRECT ? at(row.ACK) : 0) as Ipv4,
    echoId: isIcmp ? icmp(row.INNER_SOURCE_PORT) : 0,
    echoNumber: isIcmp ? icmp(row.INNER_DESTINATION_PORT) : 0,
    outerSource: at(row.OUTER_SOURCE) as Ipv4,
    outerDestination: at(row.OUTER_DESTINATION) as Ipv4,
    mark: at(row.MARK),
    quoted: isIcmp && type !== ECHO_REQUEST && type !== ECHO_REPLY ? decodeQuoted(icmp) : undefined,
  };
}

const ECHO_REPLY = 0;
const REDIRECT = 5;
const ECHO_REQUEST = 8;

function decodeQuoted(icmp: Field): QuotedRecord {
  return {
    protocol: icmp(row.INNER_PROTOCOL),
    source: icmp(row.INNER_SOURCE) as Ipv4,
    sourcePort: icmp(row.INNER_SOURCE_PORT),
    destination: icmp(row.INNER_DESTINATION) as Ipv4,
    destinationPort: icmp(row.INNER_DESTINATION_PORT),
    flags: icmp(row.INNER_FLAGS),
    seq: icmp(row.INNER_SEQ),
    ttl: icmp(row.INNER_TTL),
    length: icmp(row.INNER_LENGTH),
    headers: icmp(row.INNER_HEADERS),
    dontFragment: (icmp(row.INNER_OPTIONS) & 1) !== 0,
  };
}
