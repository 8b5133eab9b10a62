import {
  ARP_REPLY,
  type FrameRecord,
  framesSeen,
  hostNamed,
  type IpRecord,
  type QuotedRecord,
} from '@lvscope/cluster';
import { formatIpv4, PROTO_ICMP, PROTO_IPIP, PROTO_TCP, PROTO_UDP, formatMac } from '@lvscope/inet';
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
  const head = {
    sip: formatIpv4(tunnelled ? ip.outerSource : ip.source),
    dip: formatIpv4(tunnelled ? ip.outerDestination : ip.destination),
    len: ip.length,
    ttl: ip.ttl,
    ...(ip.dontFragment && { df: true }),
  };
  if (ip.fragmentOffset > 0) return { ...head, k: 'frag' };
  // of a first fragment, as much of the data as is in it; of UDP, what its header says
  const within = ip.length - ip.headers - (tunnelled ? 20 : 0);
  const data = ip.protocol === PROTO_UDP ? ip.payload : Math.min(ip.payload, within);
  if (!tunnelled) return { ...head, ...payloadWords({ ...ip, payload: data }) };
  const inner = {
    sip: formatIpv4(ip.source),
    dip: formatIpv4(ip.destination),
    len: ip.headers + ip.payload,
    ttl: ip.innerTtl,
    ...(ip.innerDontFragment && { df: true }),
    ...payloadWords({ ...ip, payload: data }),
  };
  return { ...head, k: 'ipip', inner };
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
      const inner = ip.quoted === undefined ? {} : { inner: quotedWords(ip, ip.quoted) };
      const gw = ip.icmpType === 5 ? { gw: formatIpv4(ip.icmpGateway) } : {};
      return { k: 'icmp', type: ip.icmpType, code: ip.icmpCode, ...mtu, ...gw, ...inner };
    }
    case PROTO_IPIP:
    default:
      return { k: `ip${ip.protocol}` };
  }
}

/** Of an ICMP error: the headers that it quotes, and how much of the data fitted in. */
function quotedWords(ip: IpRecord, quoted: QuotedRecord): Record<string, unknown> {
  const head = {
    sip: formatIpv4(quoted.source),
    dip: formatIpv4(quoted.destination),
    len: quoted.length,
    ttl: quoted.ttl,
    ...(quoted.dontFragment && { df: true }),
  };
  const { sourcePort: sport, destinationPort: dport } = quoted;
  if (quoted.protocol === PROTO_UDP) return { ...head, k: 'udp', sport, dport, data: quoted.length - 28 };
  const outerBytes = ip.outerDestination === 0 ? 0 : 20;
  const data = Math.min(quoted.length - quoted.headers, ip.payload - outerBytes - quoted.headers);
  const words = { ...head, k: 'tcp', sport, dport, flags: flagsText(quoted.flags), data };
  if (ip.outerDestination === 0) return words;
  const { outerSource, outerDestination } = ip;
  const outer = { sip: formatIpv4(outerSource), dip: formatIpv4(outerDestination), len: quoted.length + 20 };
  return { ...outer, ttl: quoted.ttl, ...(quoted.dontFragment && { df: true }), k: 'ipip', inner: words };
}
