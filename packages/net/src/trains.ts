import { TCP_FIN, TCP_PSH } from '@lvscope/inet';
import { ACK, COUNT, FLAGS, PACKET, PACKET_REALS, PAYLOAD, PUSH_STEP, SEQ, UNIT } from './packet-row.ts';
import { clonePacket, type PacketPool, segmentPayload } from './packets.ts';
import type { PacketId } from './state.ts';

/** The packets from..to - 1 of a train as a train of their own. */
export function slicePacket(pool: PacketPool, packet: PacketId, from: number, to: number): PacketId {
  const piece = clonePacket(pool, packet);
  const unit = segmentPayload(pool, packet);
  const start = from * unit;
  const last = to === pool.rows[(packet << PACKET) | COUNT];
  const end = last ? pool.reals[(packet << PACKET_REALS) | PAYLOAD]! : to * unit;
  pool.rows[(piece << PACKET) | SEQ] = pool.rows[(packet << PACKET) | SEQ]! + start;
  pool.reals[(piece << PACKET_REALS) | PAYLOAD] = end - start;
  pool.rows[(piece << PACKET) | COUNT] = to - from;
  const step = pool.rows[(packet << PACKET) | PUSH_STEP]!;
  if (step > 0 && (from % step !== 0 || to - from <= step)) pool.rows[(piece << PACKET) | PUSH_STEP] = 0;
  if (!last) {
    // FIN stands on the last one, PSH also on the last of each burst
    const pushed = step > 0 && to % step === 0;
    pool.rows[(piece << PACKET) | FLAGS] =
      (pool.rows[(packet << PACKET) | FLAGS]! & ~(TCP_FIN | TCP_PSH)) | (pushed ? TCP_PSH : 0);
  }
  if (pool.reals[(packet << PACKET_REALS) | PAYLOAD] === 0) {
    // A train of ACKs: the last one carries the number that counts.
    pool.rows[(piece << PACKET) | SEQ] = pool.rows[(packet << PACKET) | SEQ]!;
    pool.rows[(piece << PACKET) | ACK] =
      pool.rows[(packet << PACKET) | ACK]! -
      (pool.rows[(packet << PACKET) | COUNT]! - to) * pool.rows[(packet << PACKET) | UNIT]!;
  }
  return piece;
}
