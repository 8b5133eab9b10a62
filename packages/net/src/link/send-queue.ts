import type { Network, NetInterface } from '../state.ts';
import { BYTE_TIME, LIMIT, OUTWARDS, WIRE_REALS } from './wires.ts';

/**
 * What an Ethernet frame adds to an IP packet on the wire: header, FCS, preamble and the gap between
 * frames.
 */
export const FRAME_OVERHEAD_BYTES = 38;

/** Of a queue in its wire's row: the work at BACKLOG_AT, ns; when that was. */
export const BACKLOG = 0;
export const BACKLOG_AT = 1;
/**
 * Running mean of the time on the wire of the packets that had to wait, ns: it turns the queue's length in
 * packets into time.
 */
const MEAN_PACKET = 2;

/**
 * How long packets take from their first bit to their last at an interface's bandwidth, ns; 0: no time.
 * @param bytes of IP (or ARP) in all packets together
 */
export function timeOnWire(reals: Float64Array, interfaceId: number, bytes: number, packets: number): number {
  const time = (bytes + FRAME_OVERHEAD_BYTES * packets) * reals[(interfaceId << WIRE_REALS) | BYTE_TIME]!;
  // up to the next nanosecond, but not for a rounding error; and never -0
  return time > 0 ? Math.ceil(time - 1e-6) : 0;
}

/**
 * The sending queue, as work that drains with time: a packet waits for what is before it. A packet that
 * comes to a later hop out of order of time waits for the work there is.
 * @param queue OUTWARDS or INWARDS
 * @param workNs their `timeOnWire`, and what each of them has of it
 * @param clock when they come; nothing drains before that
 * @returns nanoseconds until the last bit has left, -1 when the queue was full. A span and not a time: that
 * is a small integer, which no call has to put on the heap
 */
export function enqueue(
  reals: Float64Array,
  interfaceId: number,
  queue: number,
  workNs: number,
  each: number,
  clock: { readonly now: number },
): number {
  if (workNs === 0) return 0;
  const r = interfaceId << WIRE_REALS;
  const q = r + queue;
  const { now } = clock;
  let waiting = reals[q + BACKLOG]!;
  let since = reals[q + BACKLOG_AT]!;
  if (now > since) {
    waiting -= now - since;
    // Math.max would look for NaN and -0 first
    if (waiting < 0) waiting = 0;
    since = now;
  }
  if (waiting > 0) {
    const mean = reals[q + MEAN_PACKET]! || each;
    if (waiting > reals[r | LIMIT]! * mean) return -1;
    reals[q + MEAN_PACKET] = Math.floor((mean * 7 + each) / 8);
  }
  reals[q + BACKLOG] = waiting + workNs;
  reals[q + BACKLOG_AT] = since;
  return waiting + workNs;
}

/** Packets that wait in an interface's sending queue. */
export function waitingPackets(net: Network, nic: NetInterface, now: number): number {
  const { reals } = net.wires;
  const q = (nic.id << WIRE_REALS) + OUTWARDS;
  const backlogNs = Math.max(0, reals[q + BACKLOG]! - (now - reals[q + BACKLOG_AT]!));
  return reals[q + MEAN_PACKET]! > 0 ? Math.floor(0.5 + backlogNs / reals[q + MEAN_PACKET]!) : 0;
}
