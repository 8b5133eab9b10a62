import { PROTO_ICMP, PROTO_IPIP, PROTO_TCP, PROTO_UDP, TCP_ACK, TCP_SYN } from '@lvscope/inet';
import type { IpRecord } from '@lvscope/net';
import { writeArp } from './arp.ts';
import { writeEthernet } from './ethernet.ts';
import { type CapturedFrame, PROTO_VRRP } from './frame.ts';
import { writeIcmp } from './icmp.ts';
import { writeIp } from './ip.ts';
import {
  append,
  bytesField,
  createSheet,
  endLayer,
  type Field,
  type Layer,
  layer,
  type Sheet,
} from './sheet.ts';
import { writeTcp } from './tcp.ts';
import { writeUdp } from './udp.ts';
import { writeVrrp } from './vrrp.ts';

/** A frame as bytes, and as the tree that explains them. */
export interface Dissection {
  readonly bytes: Uint8Array;
  readonly layers: readonly Layer[];
}

const IP_HEADER = 20;

/** True bytes of a frame, with its tree. */
export function dissect(frame: CapturedFrame): Dissection {
  const sheet = createSheet();
  const { record } = frame;
  writeEthernet(sheet, record);
  if (record.arp !== undefined) writeArp(sheet, record.arp);
  else if (record.ip !== undefined) writePacket(sheet, frame, record.ip);
  endLayer(sheet);
  return { bytes: Uint8Array.from(sheet.bytes), layers: sheet.layers };
}

/** Whether the packet travels in an IPIP packet; an ICMP error's outer addresses are those that it quotes. */
export function isTunnelled(ip: IpRecord): boolean {
  return ip.outerDestination !== 0 && ip.protocol !== PROTO_ICMP;
}

export function isFragment(ip: IpRecord): boolean {
  return ip.fragmentOffset >= 0;
}

/** Bytes of Ethernet frame, without its checksum. */
export function frameLength(frame: CapturedFrame): number {
  const { ip } = frame.record;
  return 14 + (ip === undefined ? 28 : ip.length);
}

/**
 * Identification of a packet: one for all its hops and pieces; Linux gives a SYN-ACK none
 * (ip_build_and_send_pkt).
 */
export function identificationOf(frame: CapturedFrame, ip: IpRecord, salt: number): number {
  if (salt === 0 && ip.protocol === PROTO_TCP && (ip.flags & (TCP_SYN | TCP_ACK)) === (TCP_SYN | TCP_ACK)) {
    return 0;
  }
  return Math.imul(frame.record.journey + salt, 0x9e3779b1) >>> 16;
}

function writePacket(sheet: Sheet, frame: CapturedFrame, ip: IpRecord): void {
  const content = createSheet();
  const tunnelled = isTunnelled(ip);
  const whole = ip.headers + ip.payload;
  if (tunnelled) {
    writeIp(content, {
      source: ip.source,
      destination: ip.destination,
      protocol: ip.protocol,
      ttl: ip.innerTtl,
      totalLength: whole,
      id: identificationOf(frame, ip, 0),
      dontFragment: ip.innerDontFragment,
      moreFragments: false,
      fragmentOffset: 0,
    });
  }
  writeTransport(content, frame, ip);
  const offset = Math.max(0, ip.fragmentOffset);
  const length = ip.length - IP_HEADER;
  writeIp(sheet, {
    source: tunnelled ? ip.outerSource : ip.source,
    destination: tunnelled ? ip.outerDestination : ip.destination,
    protocol: tunnelled ? PROTO_IPIP : ip.protocol,
    ttl: ip.ttl,
    totalLength: ip.length,
    id: identificationOf(frame, ip, tunnelled ? 1 : 0),
    dontFragment: ip.dontFragment,
    moreFragments: isFragment(ip) && offset + length < content.bytes.length,
    fragmentOffset: offset,
  });
  if (!isFragment(ip)) return append(sheet, content);
  const piece = content.bytes.slice(offset, offset + length);
  layer(sheet, 'data', `Data (${piece.length} bytes)`);
  bytesField(
    sheet,
    piece,
    'data.data',
    'Data',
    `bytes ${offset} to ${offset + piece.length - 1} of the packet`,
  );
  endLayer(sheet);
}

function writeTransport(sheet: Sheet, frame: CapturedFrame, ip: IpRecord): void {
  switch (ip.protocol) {
    case PROTO_TCP:
      return writeTcp(sheet, frame, ip);
    case PROTO_UDP:
      return writeUdp(sheet, ip, frame.message);
    case PROTO_ICMP:
      return writeIcmp(sheet, ip, Math.imul(frame.record.journey, 0x85ebca6b) >>> 16);
    case PROTO_VRRP:
      return frame.message === undefined ? writeOther(sheet, ip) : writeVrrp(sheet, frame.message);
    default:
      return writeOther(sheet, ip);
  }
}

/** A protocol that nobody here reads. */
function writeOther(sheet: Sheet, ip: IpRecord): void {
  const length = Math.max(0, ip.headers + ip.payload - IP_HEADER);
  layer(sheet, 'data', `Data (${length} bytes)`);
  bytesField(
    sheet,
    Array.from({ length }, () => 0),
    'data.data',
    'Data',
    `${length} bytes`,
  );
  endLayer(sheet);
}

/** Every field of a dissection with its parts, in order of the bytes. */
export function allFields({ layers }: Dissection): Field[] {
  return layers.flatMap((one) => one.fields.flatMap((each) => [each, ...each.children]));
}
