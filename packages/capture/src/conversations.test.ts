import { TCP_ACK, TCP_PSH, TCP_SYN } from '@lvscope/inet';
import type { FrameRecord, IpRecord } from '@lvscope/net';
import { expect, it } from 'vitest';
import { columns } from './columns.ts';
import { createConversations, follow } from './conversations.ts';
import { frame, ip, packet, RS2 } from './testing/records.ts';

const BACK = {
  source: ip('192.168.1.6'),
  sourcePort: 80,
  destination: ip('10.1.0.10'),
  destinationPort: 41877,
};

let journeys = 0;

/** A packet of its own, 10 ms after the one before. */
function sent(more: Partial<IpRecord>, again: Partial<FrameRecord> = {}): FrameRecord {
  journeys++;
  return frame(packet({ headers: 40, mss: 0, flags: TCP_ACK, ...more }), {
    journey: journeys,
    at: journeys * 1e7,
    ...again,
  });
}

function told(records: readonly FrameRecord[]): string[] {
  const conversations = createConversations();
  return records.map((record) => columns(follow(conversations, record)).info);
}

const SYN = { flags: TCP_SYN, seq: 1000 };
const SYN_ACK = { ...BACK, flags: TCP_SYN | TCP_ACK, seq: 5000, ack: 1001 };
const ASKS = { flags: TCP_ACK | TCP_PSH, seq: 1001, ack: 5001, payload: 250 };

it('numbers count from the handshake on, in both directions', () => {
  expect(told([sent(SYN), sent(SYN_ACK), sent(ASKS)])).toEqual([
    '41877 → 80 [SYN] Seq=0 Win=64240 Len=0',
    '80 → 41877 [SYN, ACK] Seq=0 Ack=1 Win=64240 Len=0',
    '41877 → 80 [PSH, ACK] Seq=1 Ack=1 Win=64240 Len=250',
  ]);
});

it('a segment is a retransmission when it is sent again, not when the next hop passes it on', () => {
  const first = sent(SYN);
  const next = { ...first, interfaceId: 2, frame: 2 };
  const words = told([first, next, sent(SYN)]);
  expect(words.map((text) => text.includes('[TCP Retransmission]'))).toEqual([false, false, true]);
});

it('a SYN with another number on the same ports is another connection', () => {
  expect(told([sent(SYN), sent(SYN_ACK), sent({ ...SYN, seq: 777_000 })])[2]).toBe(
    '[TCP Port numbers reused] 41877 → 80 [SYN] Seq=0 Win=64240 Len=0',
  );
});

it('what NAT rewrote is still the same conversation', () => {
  const there = sent(SYN);
  const rewritten = { ...there, frame: 2, ip: packet({ ...there.ip, destination: ip(RS2) }) };
  const answer = sent({ ...SYN_ACK, source: ip(RS2) });
  expect(told([there, rewritten, answer])[2]).toBe('80 → 41877 [SYN, ACK] Seq=0 Ack=1 Win=64240 Len=0');
});
