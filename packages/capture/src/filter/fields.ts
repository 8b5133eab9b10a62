import { PROTO_ICMP, PROTO_TCP, PROTO_UDP, TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from '@lvscope/inet';
import type { FrameRecord, IpRecord } from '@lvscope/net';
import { frameLength, isFragment, isTunnelled } from '../dissect.ts';
import { type CapturedFrame, PORTS_REUSED, PROTO_VRRP, RETRANSMISSION } from '../frame.ts';
import { segmentOf } from '../tcp.ts';

/** What a field is compared with. */
export type ValueKind = 'number' | 'ipv4' | 'mac' | 'none';

/** A field of the display filter: its values in a frame, none where the frame has no such field. */
export interface FilterField {
  readonly kind: ValueKind;
  readonly values: (frame: CapturedFrame) => readonly number[];
}

const NONE: readonly number[] = [];
const THERE: readonly number[] = [1];

const there = (yes: boolean): readonly number[] => (yes ? THERE : NONE);

type OfIp = (ip: IpRecord, frame: CapturedFrame) => readonly number[];

const ofIp =
  (values: OfIp) =>
  (frame: CapturedFrame): readonly number[] =>
    frame.record.ip === undefined ? NONE : values(frame.record.ip, frame);

/** Headers behind the first fragment, and in the first one, are not read. */
const ofTransport = (protocol: number, values: OfIp): FilterField['values'] =>
  ofIp((ip, frame) => (ip.protocol === protocol && !isFragment(ip) ? values(ip, frame) : NONE));

const ofTcp = (values: OfIp): FilterField['values'] => ofTransport(PROTO_TCP, values);

const ofArp =
  (values: (arp: NonNullable<FrameRecord['arp']>) => readonly number[]) =>
  ({ record }: CapturedFrame): readonly number[] =>
    record.arp === undefined ? NONE : values(record.arp);

const number = (values: FilterField['values']): FilterField => ({ kind: 'number', values });
const address = (values: FilterField['values']): FilterField => ({ kind: 'ipv4', values });
const mac = (values: FilterField['values']): FilterField => ({ kind: 'mac', values });
const protocol = (values: FilterField['values']): FilterField => ({ kind: 'none', values });

const flag = (bit: number): FilterField => number(ofTcp((ip) => [(ip.flags & bit) !== 0 ? 1 : 0]));
const analysis = (bit: number): FilterField =>
  protocol(ofTcp((_, { context }) => there((context.analysis & bit) !== 0)));

/** Outer and inner header of a tunnel both count, as in Wireshark. */
const sources: OfIp = (ip) => (isTunnelled(ip) ? [ip.outerSource, ip.source] : [ip.source]);
const destinations: OfIp = (ip) =>
  isTunnelled(ip) ? [ip.outerDestination, ip.destination] : [ip.destination];

/** The fields that the filter knows, by Wireshark's names. */
export const FIELDS: ReadonlyMap<string, FilterField> = new Map<string, FilterField>([
  ['frame', protocol(() => THERE)],
  ['frame.number', number(({ record }) => [record.index + 1])],
  ['frame.len', number((frame) => [frameLength(frame)])],
  ['eth', protocol(() => THERE)],
  ['eth.addr', mac(({ record }) => [record.sourceMac, record.destinationMac])],
  ['eth.src', mac(({ record }) => [record.sourceMac])],
  ['eth.dst', mac(({ record }) => [record.destinationMac])],
  ['eth.type', number(({ record }) => [record.ethertype])],
  ['arp', protocol(ofArp(() => THERE))],
  ['arp.opcode', number(ofArp((arp) => [arp.operation]))],
  ['arp.src.hw_mac', mac(ofArp((arp) => [arp.senderMac]))],
  ['arp.dst.hw_mac', mac(ofArp((arp) => [arp.targetMac]))],
  ['arp.src.proto_ipv4', address(ofArp((arp) => [arp.senderAddress]))],
  ['arp.dst.proto_ipv4', address(ofArp((arp) => [arp.targetAddress]))],
  ['arp.isgratuitous', protocol(ofArp((arp) => there(arp.senderAddress === arp.targetAddress)))],
  ['ip', protocol(ofIp(() => THERE))],
  ['ip.addr', address(ofIp((ip, frame) => [...sources(ip, frame), ...destinations(ip, frame)]))],
  ['ip.src', address(ofIp(sources))],
  ['ip.dst', address(ofIp(destinations))],
  ['ip.ttl', number(ofIp((ip) => [ip.ttl]))],
  ['ip.len', number(ofIp((ip) => (isTunnelled(ip) ? [ip.length, ip.length - 20] : [ip.length])))],
  ['ip.proto', number(ofIp((ip) => (isTunnelled(ip) ? [4, ip.protocol] : [ip.protocol])))],
  ['ip.flags.df', number(ofIp((ip) => [ip.dontFragment ? 1 : 0]))],
  ['ip.frag_offset', number(ofIp((ip) => [Math.max(0, ip.fragmentOffset)]))],
  ['icmp', protocol(ofTransport(PROTO_ICMP, () => THERE))],
  ['icmp.type', number(ofTransport(PROTO_ICMP, (ip) => [ip.icmpType]))],
  ['icmp.code', number(ofTransport(PROTO_ICMP, (ip) => [ip.icmpCode]))],
  ['vrrp', protocol(ofTransport(PROTO_VRRP, () => THERE))],
  ['udp', protocol(ofTransport(PROTO_UDP, () => THERE))],
  ['udp.port', number(ofTransport(PROTO_UDP, (ip) => [ip.sourcePort, ip.destinationPort]))],
  ['udp.srcport', number(ofTransport(PROTO_UDP, (ip) => [ip.sourcePort]))],
  ['udp.dstport', number(ofTransport(PROTO_UDP, (ip) => [ip.destinationPort]))],
  ['tcp', protocol(ofTcp(() => THERE))],
  ['tcp.port', number(ofTcp((ip) => [ip.sourcePort, ip.destinationPort]))],
  ['tcp.srcport', number(ofTcp((ip) => [ip.sourcePort]))],
  ['tcp.dstport', number(ofTcp((ip) => [ip.destinationPort]))],
  ['tcp.stream', number(ofTcp((_, { context }) => [context.stream]))],
  ['tcp.seq', number(ofTcp((ip, frame) => [segmentOf(frame, ip).seq]))],
  ['tcp.ack', number(ofTcp((ip, frame) => [segmentOf(frame, ip).ack]))],
  ['tcp.len', number(ofTcp((ip) => [ip.payload]))],
  ['tcp.window_size', number(ofTcp((ip, frame) => [segmentOf(frame, ip).window]))],
  ['tcp.flags', number(ofTcp((ip) => [ip.flags]))],
  ['tcp.flags.fin', flag(TCP_FIN)],
  ['tcp.flags.syn', flag(TCP_SYN)],
  ['tcp.flags.reset', flag(TCP_RST)],
  ['tcp.flags.push', flag(TCP_PSH)],
  ['tcp.flags.ack', flag(TCP_ACK)],
  ['tcp.analysis.retransmission', analysis(RETRANSMISSION)],
  ['tcp.analysis.reused_ports', analysis(PORTS_REUSED)],
]);
