import { TCP_FIN, TCP_PSH } from '@lvscope/inet';
import { clonePacket, type PacketPool, segmentPayload } from './packets.ts';
import type { PacketId } from './state.ts';

/** The packets from..to - 1 of a train as a train of their own. */
export function slicePacket(pool: PacketPool, packet: PacketId, from: number, to: number): PacketId {
  const piece = clonePacket(pool, packet);
  const unit = segmentPayload(pool, packet);
  const start = from * unit;
  const last = to === pool.count[packet];
  const end = last ? pool.payload[packet]! : to * unit;
  pool.seq[piece] = pool.seq[packet]! + start;
  pool.payload[piece] = end - start;
  pool.count[piece] = to - from;
  const step = pool.pushStep[packet]!;
  if (step > 0 && (from % step !== 0 || to - from <= step)) pool.pushStep[piece] = 0;
  if (!last) {
    // FIN stands on the last one, PSH also on the last of each burst
    const pushed = step > 0 && to % step === 0;
    pool.flags[piece] = (pool.flags[packet]! & ~(TCP_FIN | TCP_PSH)) | (pushed ? TCP_PSH : 0);
  }
  if (pool.payload[packet] === 0) {
    // A train of ACKs: the last one carries the number that counts.
    pool.seq[piece] = pool.seq[packet]!;
    pool.ack[piece] = pool.ack[packet]! - (pool.count[packet]! - to) * pool.unit[packet]!;
  }
  return piece;
}
