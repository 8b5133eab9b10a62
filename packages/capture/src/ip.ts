import {
  formatIpv4,
  type Ipv4,
  PROTO_ICMP,
  PROTO_IPIP,
  PROTO_SCTP,
  PROTO_TCP,
  PROTO_UDP,
} from '@lvscope/inet';
import { checksum } from './checksum.ts';
import { PROTO_VRRP } from './frame.ts';
import { endLayer, field, hex, layer, patch16, remark, type Sheet } from './sheet.ts';

/** An IPv4 header without options. */
export interface IpHeader {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly ttl: number;
  /** Bytes with the header. */
  readonly totalLength: number;
  readonly id: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** Bytes. */
  readonly fragmentOffset: number;
}

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [PROTO_ICMP, 'ICMP'],
  [PROTO_IPIP, 'IPIP'],
  [PROTO_TCP, 'TCP'],
  [PROTO_UDP, 'UDP'],
  [PROTO_VRRP, 'VRRP'],
  [PROTO_SCTP, 'SCTP'],
]);

export function protocolText(protocol: number): string {
  return `${PROTOCOLS.get(protocol) ?? 'Unknown'} (${protocol})`;
}

export function quad(address: number): string {
  return formatIpv4(address as Ipv4);
}

/** @param sumOf bytes whose checksum is right; a quoted header keeps that of the packet as it was */
export function writeIp(sheet: Sheet, ip: IpHeader): void {
  const begin = sheet.bytes.length;
  const [source, destination] = [quad(ip.source), quad(ip.destination)];
  layer(sheet, 'ip', `Internet Protocol Version 4, Src: ${source}, Dst: ${destination}`);
  field(sheet, 1, 0x45, 'ip.version', 'Version, Header Length', '4, 20 bytes (5)');
  field(sheet, 1, 0, 'ip.dsfield', 'Differentiated Services Field', '0x00 (DSCP: CS0, ECN: Not-ECT)');
  field(sheet, 2, ip.totalLength, 'ip.len', 'Total Length');
  field(sheet, 2, ip.id, 'ip.id', 'Identification', `${hex(ip.id, 4)} (${ip.id})`);
  writeFragment(sheet, ip);
  field(sheet, 1, ip.ttl, 'ip.ttl', 'Time to Live');
  field(sheet, 1, ip.protocol, 'ip.proto', 'Protocol', protocolText(ip.protocol));
  const sumAt = sheet.bytes.length;
  field(sheet, 2, 0, 'ip.checksum', 'Header Checksum');
  field(sheet, 4, ip.source, 'ip.src', 'Source Address', source);
  field(sheet, 4, ip.destination, 'ip.dst', 'Destination Address', destination);
  endLayer(sheet);
  const sum = checksum(sheet.bytes, begin, sheet.bytes.length);
  patch16(sheet, sumAt, sum, `${hex(sum, 4)} [correct]`);
}

function writeFragment(sheet: Sheet, ip: IpHeader): void {
  const bits = (ip.dontFragment ? 2 : 0) | (ip.moreFragments ? 1 : 0);
  const at = sheet.bytes.length;
  const words = [
    ...(ip.dontFragment ? ["Don't fragment"] : []),
    ...(ip.moreFragments ? ['More fragments'] : []),
  ];
  const children = [
    remark('ip.flags.df', "Don't fragment", ip.dontFragment ? 'Set' : 'Not set', at, 1),
    remark('ip.flags.mf', 'More fragments', ip.moreFragments ? 'Set' : 'Not set', at, 1),
    remark('ip.frag_offset', 'Fragment Offset', String(ip.fragmentOffset), at, 2),
  ];
  const text = `${hex(bits, 1)}${words.length > 0 ? `, ${words.join(', ')}` : ''}`;
  field(sheet, 2, bits * 0x2000 + ip.fragmentOffset / 8, 'ip.flags', 'Flags', text, children);
}
