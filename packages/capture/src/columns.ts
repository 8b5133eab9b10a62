import { PROTO_ICMP, PROTO_IPIP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import type { IpRecord } from '@lvscope/net';
import { arpInfo } from './arp.ts';
import { frameLength, isFragment, isTunnelled } from './dissect.ts';
import { macText } from './ethernet.ts';
import { type CapturedFrame, PROTO_VRRP } from './frame.ts';
import { icmpInfo } from './icmp.ts';
import { protocolText, quad } from './ip.ts';
import { hex } from './sheet.ts';
import { tcpInfo } from './tcp.ts';
import { udpInfo } from './udp.ts';
import { vrrpInfo } from './vrrp.ts';

/** Wireshark's columns of a frame; its number and its time are the reader's. */
export interface Columns {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  /** Bytes. */
  readonly length: number;
  readonly info: string;
}

export function columns(frame: CapturedFrame): Columns {
  const { record } = frame;
  const length = frameLength(frame);
  const { ip, arp } = record;
  if (ip === undefined) {
    return {
      source: macText(record.sourceMac),
      destination: macText(record.destinationMac),
      protocol: arp === undefined ? hex(record.ethertype, 4) : 'ARP',
      length,
      info: arp === undefined ? '' : arpInfo(arp),
    };
  }
  // of a tunnel's fragment only the outer header can be read; of a whole packet Wireshark shows the inner one
  const outer = isTunnelled(ip) && isFragment(ip);
  return {
    source: quad(outer ? ip.outerSource : ip.source),
    destination: quad(outer ? ip.outerDestination : ip.destination),
    length,
    ...(isFragment(ip) ? fragment(ip) : transport(frame, ip)),
  };
}

type Words = Pick<Columns, 'protocol' | 'info'>;

function fragment(ip: IpRecord): Words {
  const protocol = isTunnelled(ip) ? PROTO_IPIP : ip.protocol;
  const [name = '', number = ''] = protocolText(protocol).replace(/[()]/g, '').split(' ');
  return {
    protocol: 'IPv4',
    info: `Fragmented IP protocol (proto=${name} ${number}, off=${ip.fragmentOffset})`,
  };
}

function transport(frame: CapturedFrame, ip: IpRecord): Words {
  switch (ip.protocol) {
    case PROTO_TCP:
      return { protocol: 'TCP', info: tcpInfo(frame, ip) };
    case PROTO_UDP:
      return { protocol: 'UDP', info: udpInfo(ip) };
    case PROTO_ICMP:
      return { protocol: 'ICMP', info: icmpInfo(ip) };
    case PROTO_VRRP:
      return { protocol: 'VRRP', info: vrrpInfo(frame.message) };
    default:
      return { protocol: 'IPv4', info: protocolText(ip.protocol) };
  }
}
