import { readTap, type TapRecord } from '@lvscope/cluster';
import {
  formatEndpoint,
  formatIpv4,
  PROTO_ICMP,
  PROTO_TCP,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
} from '@lvscope/inet';
import type { Session } from './session.ts';

const FLAG_LETTERS = 'FSRPAU';

export const flagsText = (flags: number): string =>
  FLAG_LETTERS.split('')
    .filter((_, bit) => (flags & (1 << bit)) !== 0)
    .join('');

export const flagsOfText = (text: string): number =>
  text.split('').reduce((flags, letter) => flags | (1 << FLAG_LETTERS.indexOf(letter)), 0);

/**
 * What came for hand-made clients since the last report; the reporting client's next ACK number follows it.
 */
export function takeReplies(session: Session, reporting: string): object[] {
  const records = readTap(session.tap);
  const raw = rawState(session, reporting);
  for (const record of records) {
    if (record.protocol !== PROTO_TCP || (record.flags & TCP_RST) !== 0) continue;
    if (formatEndpoint(record.destination, record.destinationPort) !== reporting) continue;
    raw.ack = (record.seq + record.payload + ((record.flags & (TCP_SYN | TCP_FIN)) !== 0 ? 1 : 0)) >>> 0;
  }
  return records.flatMap(repliesOf);
}

export function rawState(session: Session, source: string): { seq: number; ack: number } {
  const known = session.raws.get(source);
  if (known) return known;
  const fresh = { seq: 1000, ack: 0 };
  session.raws.set(source, fresh);
  return fresh;
}

/** A train counts as its segments. */
function repliesOf(record: TapRecord): object[] {
  const sip = formatIpv4(record.source);
  if (record.protocol === PROTO_ICMP) {
    const mtu = record.icmpType === 3 && record.icmpCode === 4 ? { mtu: record.icmpMtu } : {};
    const to = formatIpv4(record.destination);
    return [{ sip, k: 'icmp', type: record.icmpType, code: record.icmpCode, ...mtu, to }];
  }
  const to = formatEndpoint(record.destination, record.destinationPort);
  const k = record.protocol === PROTO_TCP ? 'tcp' : 'udp';
  let left = record.payload;
  return Array.from({ length: record.packets }, (_, i) => {
    const last = i === record.packets - 1;
    const data = last ? left : record.segmentPayload;
    left -= data;
    // the end of what was written is pushed, and closed, by the last segment alone
    const bits = last ? record.flags : record.flags & ~(TCP_PSH | TCP_FIN);
    const flags = k === 'tcp' ? { flags: flagsText(bits) } : {};
    return { sip, k, sport: record.sourcePort, ...flags, data, to };
  });
}
