import type { Simulation } from '@lvscope/des';
import type { SendQueue } from './state.ts';

/**
 * What an Ethernet frame adds to an IP packet on the wire: header, FCS, preamble and the gap between
 * frames.
 */
export const FRAME_OVERHEAD_BYTES = 38;

/**
 * The sending queue, as work that drains with time: a packet waits for what is before it. A packet that
 * comes to a later hop out of order of time waits for the work there is.
 * @param bytes of IP (or ARP) in all packets together
 * @returns when the last bit has left, -1 when the queue was full
 */
export function enqueueBytes(
  queue: SendQueue,
  bitsPerSecond: number,
  bytes: number,
  packets: number,
  at: number,
): number {
  const bits = (bytes + FRAME_OVERHEAD_BYTES * packets) * 8;
  const workNs = Math.ceil((bits * 1e9) / bitsPerSecond);
  const each = workNs / packets;
  let waiting = queue.backlogNs;
  if (at > queue.backlogAt) {
    waiting = Math.max(0, waiting - (at - queue.backlogAt));
    queue.backlogAt = at;
  }
  queue.backlogNs = waiting;
  if (waiting > queue.queuePackets * (queue.meanPacketNs || each)) return -1;
  queue.meanPacketNs = queue.meanPacketNs === 0 ? each : Math.floor((queue.meanPacketNs * 7 + each) / 8);
  queue.backlogNs = waiting + workNs;
  return at + waiting + workNs;
}

/**
 * The same for one frame now, as a span.
 * @returns nanoseconds until its last bit has left, -1 when the queue was full
 */
export function enqueueFrame(
  queue: SendQueue,
  bitsPerSecond: number,
  bytes: number,
  { now }: Simulation,
): number {
  const workNs = Math.ceil(((bytes + FRAME_OVERHEAD_BYTES) * 8e9) / bitsPerSecond);
  let waiting = queue.backlogNs;
  if (now > queue.backlogAt) {
    waiting = Math.max(0, waiting - (now - queue.backlogAt));
    queue.backlogAt = now;
  }
  queue.backlogNs = waiting;
  if (waiting > queue.queuePackets * (queue.meanPacketNs || workNs)) return -1;
  queue.meanPacketNs = queue.meanPacketNs === 0 ? workNs : Math.floor((queue.meanPacketNs * 7 + workNs) / 8);
  queue.backlogNs = waiting + workNs;
  return waiting + workNs;
}
