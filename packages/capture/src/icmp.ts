import type { IpRecord } from '@lvscope/net';
import { formatIpv4, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { checksum } from './checksum.ts';
import { writeIp } from './ip.ts';
import { echoPayload } from './payload.ts';
import {
  append,
  bytesField,
  createSheet,
  endLayer,
  field,
  hex,
  layer,
  patch16,
  type Sheet,
} from './sheet.ts';

export const ECHO_REPLY = 0;
const UNREACHABLE = 3;
export const REDIRECT = 5;
export const ECHO_REQUEST = 8;
const TIME_EXCEEDED = 11;

const TYPES: ReadonlyMap<number, string> = new Map([
  [ECHO_REPLY, 'Echo (ping) reply'],
  [UNREACHABLE, 'Destination unreachable'],
  [REDIRECT, 'Redirect'],
  [ECHO_REQUEST, 'Echo (ping) request'],
  [TIME_EXCEEDED, 'Time-to-live exceeded'],
]);

const UNREACHABLE_CODES = [
  'Network unreachable',
  'Host unreachable',
  'Protocol unreachable',
  'Port unreachable',
  'Fragmentation needed',
  'Source route failed',
] as const;

const REDIRECT_CODES = ['Redirect for network', 'Redirect for host'] as const;

function codeText(type: number, code: number): string | undefined {
  if (type === UNREACHABLE) return UNREACHABLE_CODES[code] ?? `code ${code}`;
  if (type === REDIRECT) return REDIRECT_CODES[code] ?? `code ${code}`;
  if (type === TIME_EXCEEDED) {
    return code === 0 ? 'Time to live exceeded in transit' : 'Fragment reassembly time exceeded';
  }
  return undefined;
}

const isEcho = (ip: IpRecord): boolean => ip.icmpType === ECHO_REQUEST || ip.icmpType === ECHO_REPLY;

/** Wireshark's Info column of an ICMP packet. */
export function icmpInfo(ip: IpRecord): string {
  const type = TYPES.get(ip.icmpType) ?? `Type ${ip.icmpType}`;
  if (isEcho(ip)) {
    const { sequence, id } = echoOf(ip);
    const swapped = ((sequence & 255) << 8) | (sequence >>> 8);
    return `${type}  id=${hex(id, 4)}, seq=${sequence}/${swapped}, ttl=${ip.ttl}`;
  }
  const code = codeText(ip.icmpType, ip.icmpCode);
  if (ip.icmpType === REDIRECT) return `Redirect             (${code ?? ''})`;
  return code === undefined ? type : `${type} (${code})`;
}

function echoOf(ip: IpRecord): { readonly id: number; readonly sequence: number } {
  return { id: ip.echoId & 0xffff, sequence: ip.echoNumber & 0xffff };
}

/** @param id of the packet that an error quotes */
export function writeIcmp(sheet: Sheet, ip: IpRecord, id: number): void {
  const begin = sheet.bytes.length;
  layer(sheet, 'icmp', 'Internet Control Message Protocol');
  const typeText = `${ip.icmpType} (${TYPES.get(ip.icmpType) ?? 'unknown'})`;
  field(sheet, 1, ip.icmpType, 'icmp.type', 'Type', typeText);
  const code = codeText(ip.icmpType, ip.icmpCode);
  const codeWords = code === undefined ? String(ip.icmpCode) : `${ip.icmpCode} (${code})`;
  field(sheet, 1, ip.icmpCode, 'icmp.code', 'Code', codeWords);
  const sumAt = sheet.bytes.length;
  field(sheet, 2, 0, 'icmp.checksum', 'Checksum');
  if (isEcho(ip)) writeEcho(sheet, ip);
  else writeError(sheet, ip, id);
  const sum = checksum(sheet.bytes, begin, sheet.bytes.length);
  patch16(sheet, sumAt, sum, `${hex(sum, 4)} [correct]`);
}

function writeEcho(sheet: Sheet, ip: IpRecord): void {
  const { id, sequence } = echoOf(ip);
  field(sheet, 2, id, 'icmp.ident', 'Identifier', `${id} (${hex(id, 4)})`);
  field(sheet, 2, sequence, 'icmp.seq', 'Sequence Number', `${sequence} (${hex(sequence, 4)})`);
  endLayer(sheet);
  if (ip.payload === 0) return;
  layer(sheet, 'data', `Data (${ip.payload} bytes)`);
  bytesField(sheet, echoPayload(ip.payload), 'data.data', 'Data', `${ip.payload} bytes`);
  endLayer(sheet);
}

/** Header of the packet in question, with as much of it as the error has room for. */
function writeError(sheet: Sheet, ip: IpRecord, id: number): void {
  if (ip.icmpType === UNREACHABLE && ip.icmpCode === 4) {
    field(sheet, 2, 0, 'icmp.unused', 'Unused', '0000');
    field(sheet, 2, ip.icmpMtu, 'icmp.mtu', 'MTU of next hop');
  } else if (ip.icmpType === REDIRECT) {
    field(sheet, 4, ip.icmpGateway, 'icmp.redir_gw', 'Gateway Address', formatIpv4(ip.icmpGateway));
  } else field(sheet, 4, 0, 'icmp.unused', 'Unused', '00000000');
  const quoted = createSheet();
  writeQuoted(quoted, ip, id);
  const room = Math.max(0, ip.payload);
  quoted.bytes.length = Math.min(quoted.bytes.length, room);
  while (quoted.bytes.length < room) quoted.bytes.push(0);
  append(sheet, quoted);
}

function writeQuoted(sheet: Sheet, ip: IpRecord, id: number): void {
  const { quoted } = ip;
  if (quoted === undefined) return;
  const header = { id, ttl: quoted.ttl, moreFragments: false, fragmentOffset: 0 };
  if (ip.outerDestination !== 0) {
    writeIp(sheet, {
      ...header,
      source: ip.outerSource,
      destination: ip.outerDestination,
      protocol: 4,
      totalLength: quoted.length + 20,
      dontFragment: quoted.dontFragment,
    });
  }
  const { source, destination, protocol, dontFragment, length: totalLength } = quoted;
  writeIp(sheet, { ...header, source, destination, protocol, totalLength, dontFragment });
  if (protocol !== PROTO_TCP && protocol !== PROTO_UDP) return;
  const name = protocol === PROTO_TCP ? 'tcp' : 'udp';
  const words = protocol === PROTO_TCP ? 'Transmission Control Protocol' : 'User Datagram Protocol';
  const { sourcePort, destinationPort } = quoted;
  layer(sheet, name, `${words}, Src Port: ${sourcePort}, Dst Port: ${destinationPort}`);
  field(sheet, 2, sourcePort, `${name}.srcport`, 'Source Port');
  field(sheet, 2, destinationPort, `${name}.dstport`, 'Destination Port');
  if (protocol === PROTO_TCP) writeQuotedTcp(sheet, quoted.seq, quoted.flags, quoted.headers);
  else {
    field(sheet, 2, Math.max(8, quoted.length - 20), 'udp.length', 'Length');
    field(sheet, 2, 0, 'udp.checksum', 'Checksum', '0x0000 [zero-value ignored]');
  }
  endLayer(sheet);
}

function writeQuotedTcp(sheet: Sheet, seq: number, flags: number, headers: number): void {
  field(sheet, 4, seq, 'tcp.seq', 'Sequence Number');
  field(sheet, 4, 0, 'tcp.ack', 'Acknowledgment Number');
  const size = Math.max(20, headers - 20);
  field(sheet, 1, (size / 4) << 4, 'tcp.hdr_len', 'Header Length', `${size} bytes`);
  field(sheet, 1, flags, 'tcp.flags', 'Flags', hex(flags, 3));
  field(sheet, 2, 0, 'tcp.window_size_value', 'Window');
  field(sheet, 4, 0, 'tcp.checksum', 'Checksum, Urgent Pointer', 'as quoted');
  const options = size - 20;
  if (options > 0) {
    bytesField(
      sheet,
      Array.from({ length: options }, () => 1),
      'tcp.options',
      'Options',
      `(${options} bytes)`,
    );
  }
}
