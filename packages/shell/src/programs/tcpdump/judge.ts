import { BROADCAST_MAC, ETHERTYPE_ARP, ETHERTYPE_IPV4 } from '@lvscope/cluster';
import type { FrameRecord } from '@lvscope/cluster';
import { isTunnelled } from '@lvscope/capture';
import { PROTO_ICMP, PROTO_IPIP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import type { Filter, Side } from './filter.ts';
import { lengthOf } from './text.ts';

/** The first octet's lowest bit marks a group address. */
const GROUP_BIT = 2 ** 40;

/** Whether a frame passes. What is in a tunnel is not looked at: filters see the outer header. */
export function passes(filter: Filter, frame: FrameRecord): boolean {
  const { ip } = frame;
  switch (filter.kind) {
    case 'all':
      return true;
    case 'and':
      return passes(filter.left, frame) && passes(filter.right, frame);
    case 'or':
      return passes(filter.left, frame) || passes(filter.right, frame);
    case 'not':
      return !passes(filter.inner, frame);
    case 'ethertype':
      return frame.ethertype === filter.ethertype;
    case 'protocol':
      return ip !== undefined && protocolOf(frame) === filter.protocol;
    case 'net': {
      const { within, side, network, mask } = filter;
      if (within === 'arp' && frame.ethertype !== ETHERTYPE_ARP) return false;
      if (within === 'ip' && frame.ethertype !== ETHERTYPE_IPV4) return false;
      const [source, destination] = ends(frame);
      return either(side, source, destination, (end) => (end & mask) >>> 0 === network);
    }
    case 'port': {
      const { side, protocol, from, to } = filter;
      const of = protocolOf(frame);
      if (ip === undefined || isTunnelled(ip) || (of !== PROTO_TCP && of !== PROTO_UDP)) return false;
      if (ip.fragmentOffset > 0 || (protocol !== undefined && protocol !== of)) return false;
      return either(side, ip.sourcePort, ip.destinationPort, (port) => port >= from && port <= to);
    }
    case 'ether':
      return either(filter.side, frame.sourceMac, frame.destinationMac, (mac) => mac === filter.mac);
    case 'broadcast':
      return frame.destinationMac === BROADCAST_MAC;
    case 'multicast':
      return Math.floor(frame.destinationMac / GROUP_BIT) % 2 === 1;
    case 'length': {
      const bytes = lengthOf(frame);
      return bytes >= filter.least && bytes <= filter.most;
    }
    case 'field':
      return judgeField(filter, frame);
  }
}

function either<T>(side: Side, source: T, destination: T, fits: (end: T) => boolean): boolean {
  return (side !== 'dst' && fits(source)) || (side !== 'src' && fits(destination));
}

function protocolOf({ ip }: FrameRecord): number {
  if (ip === undefined) return -1;
  return isTunnelled(ip) ? PROTO_IPIP : ip.protocol;
}

function ends({ arp, ip }: FrameRecord): readonly [number, number] {
  if (arp !== undefined) return [arp.senderAddress, arp.targetAddress];
  if (ip === undefined) return [-1, -1];
  return isTunnelled(ip) ? [ip.outerSource, ip.outerDestination] : [ip.source, ip.destination];
}

function judgeField(filter: Filter & { readonly kind: 'field' }, frame: FrameRecord): boolean {
  const { ip } = frame;
  const of = protocolOf(frame);
  if (ip === undefined) return false;
  if (filter.field === 'flags' && of !== PROTO_TCP) return false;
  if (filter.field === 'icmptype' && of !== PROTO_ICMP) return false;
  const value = { flags: ip.flags, icmptype: ip.icmpType, ttl: ip.ttl }[filter.field] & filter.mask;
  return (value === filter.value) === (filter.compare === '=');
}
