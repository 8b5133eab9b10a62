import {
  ARP_REPLY,
  formatMac,
  type FrameRecord,
  framesSeen,
  hostNamed,
  type IpRecord,
} from '@lvscope/cluster';
import { formatIpv4, PROTO_ICMP, PROTO_IPIP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { text, type TraceStep } from '../trace.ts';
import { flagsText } from './replies.ts';
import type { Session } from './session.ts';

/** A recording of what passes an interface, under way. */
export interface Sniff {
  readonly interfaceId: number;
  /** Kinds of packets to keep (`arp`); all where empty. */
  readonly what: readonly string[];
  next: number;
}

export function startSniff(session: Session, step: TraceStep): void {
  const host = hostNamed(session.world, text(step, 'ns'));
  const device = text(step, 'dev') || 'eth0';
  const interfaceId = host?.interfaces.find(({ name }) => name === device)?.id ?? -1;
  const { what } = step;
  session.sniffs.set(text(step, 'name') || 's', {
    interfaceId,
    what: Array.isArray(what) ? what.map(String) : text(step, 'what').split(' ').filter(Boolean),
    next: framesSeen(session.world.net).next,
  });
}

/** What passed since the last report. */
export function takeSniffed(session: Session, step: TraceStep): object[] {
  const sniff = session.sniffs.get(text(step, 'name') || 's');
  if (!sniff) return [];
  const { frames, next } = framesSeen(session.world.net, {
    from: sniff.next,
    interfaceId: sniff.interfaceId,
  });
  sniff.next = next;
  const most = typeof step['max'] === 'number' ? step['max'] : 200;
  return frames
    .filter(({ direction }) => direction !== 'lost')
    .map(asRecorded)
    .filter(({ k }) => sniff.what.length === 0 || sniff.what.includes(String(k)))
    .slice(0, most);
}

/** The frame in the words of the recording. */
function asRecorded(frame: FrameRecord): Record<string, unknown> {
  const { arp, ip } = frame;
  const head = {
    dir: frame.direction,
    dmac: formatMac(frame.destinationMac),
    smac: formatMac(frame.sourceMac),
  };
  if (arp !== undefined) {
    return {
      ...head,
      k: 'arp',
      op: arp.operation === ARP_REPLY ? 'reply' : 'request',
      sha: formatMac(arp.senderMac),
      spa: formatIpv4(arp.senderAddress),
      tha: formatMac(arp.targetMac),
      tpa: formatIpv4(arp.targetAddress),
    };
  }
  return ip === undefined ? head : { ...head, ...ipWords(ip) };
}

function ipWords(ip: IpRecord): Record<string, unknown> {
  const tunnelled = ip.outerDestination !== 0 && ip.protocol !== PROTO_ICMP;
  if (tunnelled) {
    const inner = { ...ip, outerDestination: 0 as typeof ip.outerDestination, length: ip.length - 20 };
    return {
      sip: formatIpv4(ip.outerSource),
      dip: formatIpv4(ip.outerDestination),
      len: ip.length,
      ttl: ip.ttl,
      ...(ip.dontFragment && { df: true }),
      k: 'ipip',
      inner: ipWords(inner),
    };
  }
  return {
    sip: formatIpv4(ip.source),
    dip: formatIpv4(ip.destination),
    len: ip.length,
    ttl: ip.ttl,
    ...(ip.dontFragment && { df: true }),
    ...payloadWords(ip),
  };
}

function payloadWords(ip: IpRecord): Record<string, unknown> {
  switch (ip.protocol) {
    case PROTO_TCP: {
      const { sourcePort: sport, destinationPort: dport, payload: data } = ip;
      return { k: 'tcp', sport, dport, flags: flagsText(ip.flags), data };
    }
    case PROTO_UDP:
      return { k: 'udp', sport: ip.sourcePort, dport: ip.destinationPort, data: ip.payload };
    case PROTO_ICMP: {
      const mtu = ip.icmpType === 3 && ip.icmpCode === 4 ? { mtu: ip.icmpMtu } : {};
      return { k: 'icmp', type: ip.icmpType, code: ip.icmpCode, ...mtu };
    }
    case PROTO_IPIP:
    default:
      return { k: `ip${ip.protocol}` };
  }
}
