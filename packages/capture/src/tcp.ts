import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from '@lvscope/inet';
import type { IpRecord } from '@lvscope/net';
import { checksum, pseudoHeader } from './checksum.ts';
import { type CapturedFrame, type Context, PORTS_REUSED, RETRANSMISSION } from './frame.ts';
import { tcpPayload } from './payload.ts';
import { bytesField, endLayer, type Field, field, hex, layer, patch16, remark, type Sheet } from './sheet.ts';

/** The window scale that Linux offers with its default buffers (tcp_select_initial_window). */
const WINDOW_SCALE = 7;

/** What a segment says once its options and its conversation are taken into account. */
export interface Segment {
  readonly seq: number;
  readonly ack: number;
  /** The window as it counts, bytes, and as it stands in the header. */
  readonly window: number;
  readonly rawWindow: number;
  readonly optionBytes: number;
  /** Bytes of data. */
  readonly length: number;
  readonly timestamp: number;
  readonly echo: number;
}

/**
 * The timestamp option: milliseconds with an offset of its own for each connection and direction, as Linux
 * has since 4.10 (tcp_v4_init_ts_off). Not by address: NAT changes that and leaves the option alone.
 */
function timestampOf(context: Context, side: number, at: number): number {
  const offset = Math.imul(2 * context.stream + side, 0x9e3779b1) >>> 4;
  return (Math.floor(at / 1e6) + offset) >>> 0;
}

export function segmentOf(frame: CapturedFrame, ip: IpRecord): Segment {
  const { context } = frame;
  const optionBytes = Math.max(0, ip.headers - 40);
  const syn = (ip.flags & TCP_SYN) !== 0;
  const scaled = !syn && optionBytes >= 12;
  const rawWindow = Math.min(65535, scaled ? ip.window >>> WINDOW_SCALE : ip.window);
  const stamped = optionBytes >= 12;
  return {
    seq: context.seqBase < 0 ? ip.seq : (ip.seq - context.seqBase) >>> 0,
    ack: context.ackBase < 0 ? ip.ack : (ip.ack - context.ackBase) >>> 0,
    window: scaled ? rawWindow << WINDOW_SCALE : rawWindow,
    rawWindow,
    optionBytes,
    length: ip.payload,
    timestamp: stamped ? timestampOf(context, context.fromOpener, context.sentAt) : 0,
    echo: stamped && context.echoAt >= 0 ? timestampOf(context, 1 - context.fromOpener, context.echoAt) : 0,
  };
}

const FLAGS: readonly (readonly [number, string, string, string])[] = [
  [TCP_FIN, 'FIN', 'fin', 'Fin'],
  [TCP_SYN, 'SYN', 'syn', 'Syn'],
  [TCP_RST, 'RST', 'reset', 'Reset'],
  [TCP_PSH, 'PSH', 'push', 'Push'],
  [TCP_ACK, 'ACK', 'ack', 'Acknowledgment'],
];

/** `SYN, ACK` */
export function flagText(flags: number): string {
  const set = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, word]) => word);
  return set.length === 0 ? '<None>' : set.join(', ');
}

/** Wireshark's Info column of a segment. */
export function tcpInfo(frame: CapturedFrame, ip: IpRecord): string {
  const one = segmentOf(frame, ip);
  const words = [`${ip.sourcePort} → ${ip.destinationPort} [${flagText(ip.flags)}] Seq=${one.seq}`];
  if ((ip.flags & TCP_ACK) !== 0) words.push(`Ack=${one.ack}`);
  words.push(`Win=${one.window}`, `Len=${one.length}`);
  if (ip.mss > 0 && one.optionBytes >= 4) words.push(`MSS=${ip.mss}`);
  if (one.optionBytes >= 20) words.push('SACK_PERM');
  if (one.optionBytes >= 12) words.push(`TSval=${one.timestamp}`, `TSecr=${one.echo}`);
  if (one.optionBytes >= 20) words.push(`WS=${1 << WINDOW_SCALE}`);
  return noteText(frame.context.analysis) + words.join(' ');
}

function noteText(analysis: number): string {
  const reused = (analysis & PORTS_REUSED) !== 0 ? '[TCP Port numbers reused] ' : '';
  return reused + ((analysis & RETRANSMISSION) !== 0 ? '[TCP Retransmission] ' : '');
}

/** The segment of an IP packet; the data follow as a layer of their own. */
export function writeTcp(sheet: Sheet, frame: CapturedFrame, ip: IpRecord): void {
  const one = segmentOf(frame, ip);
  const begin = sheet.bytes.length;
  const relative = frame.context.seqBase >= 0 ? '    (relative sequence number)' : '';
  layer(
    sheet,
    'tcp',
    `Transmission Control Protocol, Src Port: ${ip.sourcePort}, Dst Port: ${ip.destinationPort}, ` +
      `Seq: ${one.seq}${(ip.flags & TCP_ACK) !== 0 ? `, Ack: ${one.ack}` : ''}, Len: ${one.length}`,
  );
  field(sheet, 2, ip.sourcePort, 'tcp.srcport', 'Source Port');
  field(sheet, 2, ip.destinationPort, 'tcp.dstport', 'Destination Port');
  field(sheet, 4, ip.seq, 'tcp.seq', 'Sequence Number', `${one.seq}${relative}`);
  const ack = (ip.flags & TCP_ACK) !== 0 ? ip.ack : 0;
  const ackText = frame.context.ackBase >= 0 ? `${one.ack}    (relative ack number)` : String(ack);
  field(sheet, 4, ack, 'tcp.ack', 'Acknowledgment Number', (ip.flags & TCP_ACK) !== 0 ? ackText : '0');
  writeFlags(sheet, ip.flags, 20 + one.optionBytes);
  const scaled = one.window === one.rawWindow ? [] : [scaledWindow(sheet, one)];
  field(sheet, 2, one.rawWindow, 'tcp.window_size_value', 'Window', String(one.rawWindow), scaled);
  const sumAt = sheet.bytes.length;
  field(sheet, 2, 0, 'tcp.checksum', 'Checksum');
  field(sheet, 2, 0, 'tcp.urgent_pointer', 'Urgent Pointer');
  if (one.optionBytes > 0) writeOptions(sheet, ip, one);
  endLayer(sheet);
  const place = one.seq - ((ip.flags & TCP_SYN) !== 0 ? 0 : 1);
  const toServer = frame.context.stream >= 0 ? frame.context.fromOpener === 1 : false;
  const data = tcpPayload(frame.context.seqBase < 0 ? -1 : place, ip.payload, toServer);
  if (data.length > 0) {
    layer(sheet, 'data', `Data (${data.length} bytes)`);
    bytesField(sheet, data, 'data.data', 'Data', `${data.length} bytes`);
    endLayer(sheet);
  }
  const length = sheet.bytes.length - begin;
  const sum = checksum(
    sheet.bytes,
    begin,
    sheet.bytes.length,
    pseudoHeader(ip.source, ip.destination, ip.protocol, length),
  );
  patch16(sheet, sumAt, sum, `${hex(sum, 4)} [correct]`);
}

function scaledWindow(sheet: Sheet, one: Segment): Field {
  return remark('tcp.window_size', 'Calculated window size', String(one.window), sheet.bytes.length, 2);
}

function writeFlags(sheet: Sheet, flags: number, headerBytes: number): void {
  const at = sheet.bytes.length;
  const children = FLAGS.toReversed().map(([bit, , name, label]) =>
    remark(`tcp.flags.${name}`, label, (flags & bit) !== 0 ? 'Set' : 'Not set', at + 1, 1),
  );
  field(sheet, 1, (headerBytes / 4) << 4, 'tcp.hdr_len', 'Header Length', `${headerBytes} bytes`);
  field(sheet, 1, flags, 'tcp.flags', 'Flags', `${hex(flags, 3)} (${flagText(flags)})`, children);
}

/** In the order in which Linux writes them (tcp_options_write). */
function writeOptions(sheet: Sheet, ip: IpRecord, one: Segment): void {
  const bytes: number[] = [];
  const children: Field[] = [];
  const at = sheet.bytes.length;
  const option = (name: string, label: string, text: string, content: readonly number[]): void => {
    children.push(remark(name, label, text, at + bytes.length, content.length));
    bytes.push(...content);
  };
  const nop = (): void => option('tcp.options.nop', 'TCP Option', 'No-Operation (NOP)', [1]);
  if ((ip.flags & TCP_SYN) !== 0 && one.optionBytes >= 4) {
    const mss = ip.mss;
    option('tcp.options.mss_val', 'TCP Option', `Maximum segment size: ${mss} bytes`, [
      2,
      4,
      mss >>> 8,
      mss & 255,
    ]);
  }
  if (one.optionBytes >= 20) option('tcp.options.sack_perm', 'TCP Option', 'SACK permitted', [4, 2]);
  if (one.optionBytes === 12) {
    nop();
    nop();
  }
  if (one.optionBytes >= 12) {
    const text = `Timestamps: TSval ${one.timestamp}, TSecr ${one.echo}`;
    option('tcp.options.timestamp', 'TCP Option', text, [8, 10, ...word(one.timestamp), ...word(one.echo)]);
  }
  if (one.optionBytes >= 20) {
    nop();
    const text = `Window scale: ${WINDOW_SCALE} (multiply by ${1 << WINDOW_SCALE})`;
    option('tcp.options.wscale', 'TCP Option', text, [3, 3, WINDOW_SCALE]);
  }
  while (bytes.length < one.optionBytes) nop();
  bytesField(sheet, bytes, 'tcp.options', 'Options', `(${bytes.length} bytes)`, children);
}

function word(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
