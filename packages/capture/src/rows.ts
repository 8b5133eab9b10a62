import { type Ipv4, PROTO_ICMP } from '@lvscope/inet';
import type { FrameEnd, FrameRecord, IpRecord, QuotedRecord } from '@lvscope/net';
import type { CapturedFrame, Context } from './frame.ts';
import { REDIRECT } from './icmp.ts';

/**
 * A frame as a row of numbers, so that many go from the worker to the page in one buffer. The order of the
 * columns is this file's own business.
 */
export const ROW_WIDTH = 60;

/** Columns that drawing reads without making objects. */
export const COLUMN = {
  index: 0,
  at: 1,
  interfaceId: 2,
  /** 0 out, 1 in, 2 lost */
  direction: 3,
  frame: 4,
  journey: 5,
  sourceMac: 6,
  destinationMac: 7,
  ethertype: 8,
  flooded: 9,
  end: 10,
  arpOperation: 11,
  protocol: 16,
  source: 17,
  sourcePort: 18,
  destination: 19,
  destinationPort: 20,
  flags: 21,
  payload: 24,
  length: 26,
  icmpType: 31,
  outerDestination: 35,
  quotedProtocol: 40,
  quotedSource: 41,
  quotedSourcePort: 42,
  fromOpener: 56,
} as const;

const CONTEXT = 50;

const DIRECTIONS = ['out', 'in', 'lost'] as const;

/** The ends that a lost frame may have had; place 0 = it was not lost. */
const ENDS: readonly (FrameEnd | undefined)[] = [
  undefined,
  'delivered',
  'other-host',
  'link-loss',
  'queue-full',
  'no-port',
  'same-port',
  'interface-down',
  'host-down',
];

/** Writes a frame into a row that begins at `o`. */
export function packRow(rows: Float64Array, o: number, { record, context }: CapturedFrame): void {
  const { arp, ip } = record;
  rows[o] = record.index;
  rows[o + 1] = record.at;
  rows[o + 2] = record.interfaceId;
  rows[o + 3] = DIRECTIONS.indexOf(record.direction);
  rows[o + 4] = record.frame;
  rows[o + 5] = record.journey;
  rows[o + 6] = record.sourceMac;
  rows[o + 7] = record.destinationMac;
  rows[o + 8] = record.ethertype;
  rows[o + 9] = record.flooded ? 1 : 0;
  rows[o + 10] = Math.max(0, ENDS.indexOf(record.end));
  rows[o + 11] = arp?.operation ?? 0;
  rows[o + 12] = arp?.senderMac ?? 0;
  rows[o + 13] = arp?.senderAddress ?? 0;
  rows[o + 14] = arp?.targetMac ?? 0;
  rows[o + 15] = arp?.targetAddress ?? 0;
  if (ip === undefined) rows[o + COLUMN.protocol] = -1;
  else packIp(rows, o + COLUMN.protocol, ip);
  packContext(rows, o + CONTEXT, context);
}

function packContext(rows: Float64Array, o: number, context: Context): void {
  rows[o] = context.sentAt;
  rows[o + 1] = context.echoAt;
  rows[o + 2] = context.seqBase;
  rows[o + 3] = context.ackBase;
  rows[o + 4] = context.analysis;
  rows[o + 5] = context.stream;
  rows[o + 6] = context.fromOpener;
}

/** A packet's columns, in the order of IpRecord; -1 in the last group: nothing is quoted. */
function packIp(rows: Float64Array, o: number, ip: IpRecord): void {
  rows[o] = ip.protocol;
  rows[o + 1] = ip.source;
  rows[o + 2] = ip.sourcePort;
  rows[o + 3] = ip.destination;
  rows[o + 4] = ip.destinationPort;
  rows[o + 5] = ip.flags;
  rows[o + 6] = ip.seq;
  rows[o + 7] = ip.ack;
  rows[o + 8] = ip.payload;
  rows[o + 9] = ip.ttl | (ip.innerTtl << 8);
  rows[o + 10] = ip.length;
  const { dontFragment, innerDontFragment, linuxOptions } = ip;
  rows[o + 11] = (dontFragment ? 1 : 0) | (innerDontFragment ? 2 : 0) | (linuxOptions ? 4 : 0);
  rows[o + 12] = ip.fragmentOffset;
  rows[o + 13] = ip.headers;
  rows[o + 14] = ip.mark;
  rows[o + 15] = ip.icmpType;
  rows[o + 16] = ip.icmpCode;
  rows[o + 17] = ip.icmpMtu;
  rows[o + 18] = ip.outerSource;
  rows[o + 19] = ip.outerDestination;
  rows[o + 20] = ip.window;
  rows[o + 21] = ip.mss;
  rows[o + 22] = ip.echoId;
  rows[o + 23] = ip.echoNumber;
  const { quoted } = ip;
  rows[o + 24] = quoted?.protocol ?? -1;
  if (quoted === undefined) return;
  rows[o + 25] = quoted.source;
  rows[o + 26] = quoted.sourcePort;
  rows[o + 27] = quoted.destination;
  rows[o + 28] = quoted.destinationPort;
  rows[o + 29] = quoted.flags;
  rows[o + 30] = quoted.seq;
  rows[o + 31] = quoted.ttl;
  rows[o + 32] = quoted.length;
  rows[o + 33] = quoted.headers * 2 + (quoted.dontFragment ? 1 : 0);
}

/** Reads the frame of the row that begins at `o`. */
export function unpackRow(rows: Float64Array, o: number): CapturedFrame {
  const at = (i: number): number => rows[o + i]!;
  const hasIp = at(COLUMN.protocol) >= 0;
  const record: FrameRecord = {
    index: at(0),
    at: at(1),
    interfaceId: at(2),
    direction: DIRECTIONS[at(3)] ?? 'lost',
    frame: at(4),
    end: ENDS[at(10)],
    journey: at(5),
    sourceMac: at(6),
    destinationMac: at(7),
    ethertype: at(8),
    flooded: at(9) === 1,
    arp: hasIp
      ? undefined
      : {
          operation: at(11),
          senderMac: at(12),
          senderAddress: at(13) as Ipv4,
          targetMac: at(14),
          targetAddress: at(15) as Ipv4,
        },
    ip: hasIp ? unpackIp((i) => at(COLUMN.protocol + i)) : undefined,
  };
  return { record, context: unpackContext((i) => at(CONTEXT + i)) };
}

function unpackContext(at: (i: number) => number): Context {
  return {
    sentAt: at(0),
    echoAt: at(1),
    seqBase: at(2),
    ackBase: at(3),
    analysis: at(4),
    stream: at(5),
    fromOpener: at(6),
  };
}

function unpackIp(at: (i: number) => number): IpRecord {
  return {
    protocol: at(0),
    source: at(1) as Ipv4,
    sourcePort: at(2),
    destination: at(3) as Ipv4,
    destinationPort: at(4),
    flags: at(5),
    seq: at(6),
    ack: at(7),
    payload: at(8),
    ttl: at(9) & 0xff,
    innerTtl: at(9) >>> 8,
    length: at(10),
    dontFragment: (at(11) & 1) !== 0,
    innerDontFragment: (at(11) & 2) !== 0,
    linuxOptions: (at(11) & 4) !== 0,
    fragmentOffset: at(12),
    headers: at(13),
    mark: at(14),
    icmpType: at(15),
    icmpCode: at(16),
    icmpMtu: at(17),
    // a redirect keeps its gateway where other packets have the acknowledgement number
    icmpGateway: (at(0) === PROTO_ICMP && at(15) === REDIRECT ? at(7) : 0) as Ipv4,
    outerSource: at(18) as Ipv4,
    outerDestination: at(19) as Ipv4,
    window: at(20),
    mss: at(21),
    echoId: at(22),
    echoNumber: at(23),
    quoted: at(24) < 0 ? undefined : unpackQuoted(at),
  };
}

function unpackQuoted(at: (i: number) => number): QuotedRecord {
  return {
    protocol: at(24),
    source: at(25) as Ipv4,
    sourcePort: at(26),
    destination: at(27) as Ipv4,
    destinationPort: at(28),
    flags: at(29),
    seq: at(30),
    ttl: at(31),
    length: at(32),
    headers: Math.floor(at(33) / 2),
    dontFragment: at(33) % 2 === 1,
  };
}
