import { PROTO_ICMP, PROTO_UDP, TCP_ACK, TCP_PSH } from '@lvscope/inet';
import { describe, expect, it } from 'vitest';
import { checksum } from './checksum.ts';
import { columns } from './columns.ts';
import { allFields, dissect } from './dissect.ts';
import { alone, type CapturedFrame } from './frame.ts';
import { packRow, ROW_WIDTH, unpackRow } from './rows.ts';
import { frame, ip, packet, question, RS2 } from './testing/records.ts';

const QUOTED = {
  protocol: PROTO_UDP,
  source: ip('10.1.0.10'),
  sourcePort: 700,
  destination: ip(RS2),
  destinationPort: 53,
  flags: 0,
  seq: 0,
  ttl: 61,
  length: 60,
  headers: 28,
  dontFragment: true,
};

const FRAMES: Readonly<Record<string, CapturedFrame>> = {
  syn: alone(frame(packet())),
  data: alone(frame(packet({ flags: TCP_ACK | TCP_PSH, headers: 52, payload: 250, mss: 0 }))),
  envelope: alone(frame(packet({ outerSource: ip('192.168.1.2'), outerDestination: ip(RS2) }))),
  udp: alone(frame(packet({ protocol: PROTO_UDP, headers: 28, payload: 33, destinationPort: 53 }))),
  echo: alone(
    frame(packet({ protocol: PROTO_ICMP, headers: 28, payload: 56, icmpType: 8, echoId: 5, echoNumber: 1 })),
  ),
  unreachable: alone(
    frame(
      packet({ protocol: PROTO_ICMP, headers: 28, payload: 60, icmpType: 3, icmpCode: 3, quoted: QUOTED }),
    ),
  ),
  arp: alone(question()),
};

const hexOf = (bytes: Uint8Array, from: number, to: number): string =>
  Array.from(bytes.slice(from, to), (byte) => byte.toString(16).padStart(2, '0')).join(' ');

describe('a frame', () => {
  it.each(Object.keys(FRAMES))('%s: is as long as it says, and every byte is some field’s', (name) => {
    const one = FRAMES[name]!;
    const { bytes, layers } = dissect(one);
    expect(bytes).toHaveLength(columns(one).length);
    const covered = new Uint8Array(bytes.length);
    for (const layer of layers) {
      for (const field of layer.fields) covered.fill(1, field.start, field.start + field.length);
    }
    const filled = name === 'unreachable' ? 32 : 0; // of what the error quotes, data without a name
    expect(covered.filter((byte) => byte === 0)).toHaveLength(filled);
    for (const field of allFields({ bytes, layers })) {
      expect(field.start + field.length).toBeLessThanOrEqual(bytes.length);
    }
  });

  it.each(Object.keys(FRAMES))('%s: comes out of a row of numbers as it went in', (name) => {
    const rows = new Float64Array(2 * ROW_WIDTH);
    packRow(rows, ROW_WIDTH, FRAMES[name]!);
    expect(unpackRow(rows, ROW_WIDTH)).toEqual(FRAMES[name]);
  });

  it('has a header checksum that a receiver finds right', () => {
    const { bytes } = dissect(FRAMES['syn']!);
    expect(checksum([...bytes], 14, 34)).toBe(0);
    expect(hexOf(bytes, 0, 16)).toBe('00 16 3e 00 00 06 00 16 3e 00 00 fe 08 00 45 00');
  });

  it('has an IPIP envelope of 20 bytes round the packet as it was', () => {
    const [plain, wrapped] = [dissect(FRAMES['syn']!), dissect(FRAMES['envelope']!)];
    expect(wrapped.bytes.length - plain.bytes.length).toBe(20);
    expect(hexOf(wrapped.bytes, 34, 94)).toBe(hexOf(plain.bytes, 14, 74));
    expect(wrapped.layers.map(({ name }) => name)).toEqual(['eth', 'ip', 'ip', 'tcp']);
  });

  it('is one of several pieces of the same packet when it is a fragment', () => {
    const whole = { protocol: PROTO_UDP, headers: 28, payload: 2000, dontFragment: false };
    const piece = (fragmentOffset: number, length: number): Uint8Array =>
      dissect(alone(frame(packet({ ...whole, fragmentOffset, length })))).bytes;
    const [first, last] = [piece(0, 1500), piece(1480, 548)];
    // the same identification, more fragments in the first, the place in the last
    expect(hexOf(first, 18, 22).slice(0, 5)).toBe(hexOf(last, 18, 22).slice(0, 5));
    expect([hexOf(first, 20, 22), hexOf(last, 20, 22)]).toEqual(['20 00', '00 b9']);
  });
});

it('is told in Wireshark’s words', () => {
  const info = (name: string): string => columns(FRAMES[name]!).info;
  expect(info('syn')).toMatch(
    /^41877 → 80 \[SYN\] Seq=1000 Win=64240 Len=0 MSS=1460 SACK_PERM TSval=\d+ TSecr=0 WS=128$/,
  );
  expect(info('arp')).toBe('Who has 192.168.1.6? Tell 192.168.1.1');
  expect(info('echo')).toBe('Echo (ping) request  id=0x0005, seq=1/256, ttl=63');
  expect(info('unreachable')).toBe('Destination unreachable (Port unreachable)');
});
