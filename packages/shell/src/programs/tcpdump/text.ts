import { ARP_REPLY } from '@lvscope/cluster';
import type { FrameRecord, IpRecord, QuotedRecord } from '@lvscope/cluster';
import { alone, frameLength, identificationOf, isTunnelled, segmentOf } from '@lvscope/capture';
import type { CapturedFrame } from '@lvscope/capture';
import { formatIpv4, formatMac, PROTO_ICMP, PROTO_IPIP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';

/** How lines are written. */
export interface Style {
  /** `-e`: the Ethernet header. */
  readonly ether: boolean;
  readonly verbose: boolean;
  /** `-q` */
  readonly quick: boolean;
  /** `-S` */
  readonly absolute: boolean;
  readonly time: 'clock' | 'none' | 'seconds' | 'delta';
  /** Name of the interface, with `-i any`. */
  readonly device: string | undefined;
}

const PROTO_VRRP = 112;
/** Ports whose contents tcpdump takes for HTTP. */
const HTTP_PORTS = new Set([80, 8080, 3128]);

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** The clock of the simulated hosts stands at midnight when the run begins. */
export function clockOf(ns: number): string {
  const us = Math.floor(ns / 1e3);
  const seconds = Math.floor(us / 1e6);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  return `${pad(hours, 2)}:${pad(minutes, 2)}:${pad(seconds % 60, 2)}.${pad(us % 1e6, 6)}`;
}

/** A frame as tcpdump 4.99 prints it, with `-nn`. @param before when the line before was, ns */
export function frameLine(frame: CapturedFrame, style: Style, before: number): string {
  const { record } = frame;
  const time = timeOf(record.at, style, before);
  const device = style.device === undefined ? '' : deviceOf(record, style.device);
  const { ip, arp } = record;
  if (arp !== undefined) {
    const kind = style.verbose ? 'ARP, Ethernet (len 6), IPv4 (len 4), ' : 'ARP, ';
    const head = style.ether ? `${etherOf(frame)}: ` : kind;
    return `${time}${device}${head}${arpText(record)}\n`;
  }
  if (ip === undefined) return '';
  const head = style.ether ? `${etherOf(frame)}: ` : 'IP ';
  return `${time}${device}${head}${ipText(frame, ip, style)}\n`;
}

function timeOf(at: number, { time }: Style, before: number): string {
  if (time === 'none') return '';
  if (time === 'seconds') return `${Math.floor(at / 1e9)}.${pad(Math.floor((at % 1e9) / 1e3), 6)} `;
  return time === 'delta' ? ` ${clockOf(before < 0 ? 0 : at - before)} ` : `${clockOf(at)} `;
}

function deviceOf({ direction, destinationMac }: FrameRecord, name: string): string {
  const way = direction === 'out' ? 'Out' : destinationMac === 0xffffffffffff ? 'B' : 'In';
  return `${name.padEnd(5)} ${way.padEnd(3)} `;
}

function etherOf(frame: CapturedFrame): string {
  const { sourceMac, destinationMac, arp } = frame.record;
  const type = arp === undefined ? 'IPv4 (0x0800)' : 'ARP (0x0806)';
  const macs = `${formatMac(sourceMac)} > ${formatMac(destinationMac)}`;
  return `${macs}, ethertype ${type}, length ${frameLength(frame)}`;
}

function arpText({ arp }: FrameRecord): string {
  if (arp === undefined) return '';
  const { operation, senderMac, senderAddress, targetMac, targetAddress } = arp;
  const sender = formatIpv4(senderAddress);
  if (operation === ARP_REPLY) return `Reply ${sender} is-at ${formatMac(senderMac)}, length 28`;
  const known = targetMac === 0 ? '' : ` (${formatMac(targetMac)})`;
  return `Request who-has ${formatIpv4(targetAddress)}${known} tell ${sender}, length 28`;
}

const addresses = (source: Ipv4, destination: Ipv4): string =>
  `${formatIpv4(source)} > ${formatIpv4(destination)}`;

function ipText(frame: CapturedFrame, ip: IpRecord, style: Style): string {
  if (!isTunnelled(ip)) {
    const head = style.verbose ? `${headerText(frame, ip, ip.protocol, ip.length, false)}\n    ` : '';
    return `${head}${transportText(frame, ip, style)}`;
  }
  const outer = style.verbose ? `${headerText(frame, ip, PROTO_IPIP, ip.length, false)}\n    ` : '';
  const inner = style.verbose
    ? `IP ${headerText(frame, ip, ip.protocol, ip.length - 20, true)}\n    `
    : style.ether
      ? ''
      : 'IP ';
  const ends = addresses(ip.outerSource, ip.outerDestination);
  return `${outer}${ends}: ${inner}${transportText(frame, ip, style)}`;
}

const PROTOCOLS: Readonly<Record<number, string>> = {
  [PROTO_ICMP]: 'ICMP',
  [PROTO_IPIP]: 'IPIP',
  [PROTO_TCP]: 'TCP',
  [PROTO_UDP]: 'UDP',
  [PROTO_VRRP]: 'VRRP',
};

function headerText(
  frame: CapturedFrame,
  ip: IpRecord,
  protocol: number,
  length: number,
  inner: boolean,
): string {
  const fragment = Math.max(0, ip.fragmentOffset);
  const whole = inner ? ip.innerDontFragment : ip.dontFragment;
  const flags = ip.fragmentOffset >= 0 && !inner ? '+' : whole ? 'DF' : 'none';
  const tos = protocol === PROTO_ICMP && ip.quoted !== undefined ? '0xc0' : '0x0';
  const name = `${PROTOCOLS[protocol] ?? 'unknown'} (${protocol})`;
  const id = identificationOf(frame, ip, inner || protocol !== PROTO_IPIP ? 0 : 1);
  const place = `offset ${fragment}, flags [${flags}]`;
  const ttl = inner ? ip.innerTtl : ip.ttl;
  return `(tos ${tos}, ttl ${ttl}, id ${id}, ${place}, proto ${name}, length ${length})`;
}

function transportText(frame: CapturedFrame, ip: IpRecord, style: Style): string {
  if (ip.fragmentOffset > 0) {
    return `${addresses(ip.source, ip.destination)}: ${fragmentName(ip)}`;
  }
  switch (ip.protocol) {
    case PROTO_TCP:
      return tcpText(frame, ip, style);
    case PROTO_UDP:
      return `${endsOf(ip)}: UDP, length ${ip.payload}`;
    case PROTO_ICMP:
      return `${addresses(ip.source, ip.destination)}: ICMP ${icmpText(ip)}`;
    case PROTO_VRRP:
      return `${addresses(ip.source, ip.destination)}: ${vrrpText(frame, ip)}`;
    default:
      return `${addresses(ip.source, ip.destination)}:  ip-proto-${ip.protocol} ${ip.length - 20}`;
  }
}

/** print-vrrp.c: of version 2 the kind of authentication and seconds, of version 3 centiseconds. */
function vrrpText({ message }: CapturedFrame, ip: IpRecord): string {
  const length = `length ${ip.length - 20}`;
  if (message === undefined) return `VRRPv2, Advertisement, ${length}`;
  const at = (i: number): number => message[i] ?? 0;
  const version = at(0) >>> 4;
  const head = `VRRPv${version}, Advertisement, vrid ${at(1)}, prio ${at(2)}`;
  if (version === 2) return `${head}, authtype none, intvl ${at(5)}s, ${length}`;
  return `${head}, intvl ${((at(4) & 15) << 8) | at(5)}cs, ${length}`;
}

const fragmentName = (ip: IpRecord): string => `ip-proto-${ip.protocol}`;

const endsOf = (ip: IpRecord): string =>
  `${formatIpv4(ip.source)}.${ip.sourcePort} > ${formatIpv4(ip.destination)}.${ip.destinationPort}`;

const FLAGS: readonly (readonly [bit: number, letter: string])[] = [
  [1, 'F'],
  [2, 'S'],
  [4, 'R'],
  [8, 'P'],
  [16, '.'],
];

function tcpText(frame: CapturedFrame, ip: IpRecord, style: Style): string {
  if (style.quick) return `${endsOf(ip)}: tcp ${ip.payload}`;
  const letters = FLAGS.filter(([bit]) => (ip.flags & bit) !== 0).map(([, letter]) => letter);
  const syn = (ip.flags & 2) !== 0;
  const one = segmentOf(frame, ip);
  const first = syn || style.absolute;
  const seq = first ? ip.seq : one.seq;
  const words = [`Flags [${letters.join('') || 'none'}]`];
  if (ip.payload > 0) words.push(`seq ${seq}:${(seq + ip.payload) >>> 0}`);
  else if ((ip.flags & 7) !== 0) words.push(`seq ${seq}`);
  if ((ip.flags & 16) !== 0) words.push(`ack ${first ? ip.ack : one.ack}`);
  words.push(`win ${one.rawWindow}`);
  const options = optionsOf(ip, one.optionBytes, one.timestamp, one.echo);
  if (options !== '') words.push(`options [${options}]`);
  words.push(`length ${ip.payload}`);
  const http = HTTP_PORTS.has(ip.sourcePort) || HTTP_PORTS.has(ip.destinationPort);
  return `${endsOf(ip)}: ${words.join(', ')}${http && ip.payload > 0 ? ': HTTP' : ''}`;
}

function optionsOf(ip: IpRecord, bytes: number, timestamp: number, echo: number): string {
  const stamp = `TS val ${timestamp} ecr ${echo}`;
  if ((ip.flags & 2) === 0) return bytes >= 12 ? `nop,nop,${stamp}` : '';
  if (bytes >= 20) return `mss ${ip.mss},sackOK,${stamp},nop,wscale 7`;
  return bytes >= 4 ? `mss ${ip.mss}` : '';
}

/** tcpdump print-icmp.c */
function icmpText(ip: IpRecord): string {
  const length = `length ${ip.length - 20}`;
  const { quoted } = ip;
  switch (ip.icmpType) {
    case 0:
    case 8: {
      const what = ip.icmpType === 8 ? 'request' : 'reply';
      return `echo ${what}, id ${ip.echoId}, seq ${ip.echoNumber}, ${length}`;
    }
    case 3:
      return `${unreachable(ip, quoted)}, ${length}`;
    case 5: {
      const to = quoted === undefined ? '' : formatIpv4(quoted.destination);
      const kind = ip.icmpCode === 1 ? 'host' : 'net';
      return `redirect ${to} to ${kind} ${formatIpv4(ip.icmpGateway)}, ${length}`;
    }
    case 11:
      return `${ip.icmpCode === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded'}, ${length}`;
    default:
      return `type-#${ip.icmpType}, ${length}`;
  }
}

function unreachable(ip: IpRecord, quoted: QuotedRecord | undefined): string {
  const to = quoted === undefined ? '' : formatIpv4(quoted.destination);
  switch (ip.icmpCode) {
    case 0:
      return `net ${to} unreachable`;
    case 1:
      return `host ${to} unreachable`;
    case 2:
      return `${to} protocol ${quoted?.protocol ?? 0} unreachable`;
    case 3: {
      const name = { [PROTO_TCP]: 'tcp', [PROTO_UDP]: 'udp' }[quoted?.protocol ?? 0] ?? 'protocol';
      return `${to} ${name} port ${quoted?.destinationPort ?? 0} unreachable`;
    }
    case 4:
      return `${to} unreachable - need to frag (mtu ${ip.icmpMtu})`;
    case 13:
      return `host ${to} unreachable - admin prohibited filter`;
    default:
      return `#${ip.icmpCode} ${to} unreachable`;
  }
}

/** A frame of which nothing but itself is known. */
export const lengthOf = (record: FrameRecord): number => frameLength(alone(record));
