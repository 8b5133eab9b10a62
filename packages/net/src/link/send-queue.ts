import type { Simulation } from '@lvscope/des';
import type { SendQueue } from './state.ts';

/**
 * What an Ethernet frame adds to an IP packet on the wire: header, FCS, preamble and the gap between
 * frames.
 */
export const FRAME_OVERHEAD_BYTES = 38;

export function createSendQueue(queuePackets: number): SendQueue {
  return { backlogNs: 0, backlogAt: 0, meanPacketNs: 0, queuePackets };
}

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
  const workNs = workOf(bytes + FRAME_OVERHEAD_BYTES * packets, bitsPerSecond);
  const passed = at - queue.backlogAt;
  if (passed > 0) queue.backlogAt = at;
  const wait = join(queue, passed, workNs, workNs / packets);
  return wait < 0 ? -1 : at + wait;
}

/**
 * The same for one frame now, as a span.
 * @returns nanoseconds until its last bit has left, -1 when the queue was full
 */
export function enqueueFrame(
  queue: SendQueue,
  bitsPerSecond: number,
  bytes: number,
  sim: Simulation,
): number {
  const workNs = workOf(bytes + FRAME_OVERHEAD_BYTES, bitsPerSecond);
  const passed = sim.now - queue.backlogAt;
  if (passed > 0) queue.backlogAt = sim.now;
  return join(queue, passed, workNs, workNs);
}

function workOf(bytes: number, bitsPerSecond: number): number {
  return Math.ceil((bytes * 8e9) / bitsPerSecond);
}

/**
 * Spans, not times: they are small integers, which no call has to put on the heap.
 * @param passed since the work was looked at last; before that nothing drains
 * @param each work of one packet; `workNs`: of all
 * @returns ns until the work is done, -1: full
 */
function join(queue: SendQueue, passed: number, workNs: number, each: number): number {
  const waiting = passed > 0 ? Math.max(0, queue.backlogNs - passed) : queue.backlogNs;
  queue.backlogNs = waiting;
  if (waiting > queue.queuePackets * (queue.meanPacketNs || each)) return -1;
  queue.meanPacketNs = queue.meanPacketNs === 0 ? each : Math.floor((queue.meanPacketNs * 7 + each) / 8);
  queue.backlogNs = waiting + workNs;
  return waiting + workNs;
}
