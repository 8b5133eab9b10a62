import type { Simulation } from '@lvscope/des';
import type { Network, NetInterface } from '../state.ts';
import { BANDWIDTH, LIMIT, OUTWARDS, WIRE_REALS } from './wires.ts';

/**
 * What an Ethernet frame adds to an IP packet on the wire: header, FCS, preamble and the gap between
 * frames.
 */
export const FRAME_OVERHEAD_BYTES = 38;

/** Of a queue in its wire's row: the work at BACKLOG_AT, ns; when that was. */
const BACKLOG = 0;
const BACKLOG_AT = 1;
/** Running mean of a packet's time on the wire, ns: it turns the queue's length in packets into time. */
const MEAN_PACKET = 2;

/**
 * The sending queue, as work that drains with time: a packet waits for what is before it. A packet that
 * comes to a later hop out of order of time waits for the work there is.
 * @param bytes of IP (or ARP) in all packets together
 * @returns when the last bit has left, -1 when the queue was full
 */
export function enqueueBytes(
  net: Network,
  nic: NetInterface,
  bitsPerSecond: number,
  bytes: number,
  packets: number,
  at: number,
): number {
  const { reals } = net.wires;
  const q = (nic.id << WIRE_REALS) + OUTWARDS;
  const workNs = workOf(bytes + FRAME_OVERHEAD_BYTES * packets, bitsPerSecond);
  drain(reals, q, at - reals[q + BACKLOG_AT]!);
  const limit = net.segments[nic.segment]!.queuePackets;
  const wait = join(reals, q, limit, workNs, workNs / packets);
  return wait < 0 ? -1 : at + wait;
}

/**
 * The same for one frame now, as a span, in either queue of a wire that is worked out.
 * @param queue OUTWARDS or INWARDS
 * @returns nanoseconds until its last bit has left, -1 when the queue was full
 */
export function enqueueFrame(
  reals: Float64Array,
  interfaceId: number,
  queue: number,
  bytes: number,
  sim: Simulation,
): number {
  const r = interfaceId << WIRE_REALS;
  const bitsPerSecond = reals[r | BANDWIDTH]!;
  if (bitsPerSecond === 0) return 0;
  const workNs = workOf(bytes + FRAME_OVERHEAD_BYTES, bitsPerSecond);
  drain(reals, r + queue, sim.now - reals[r + queue + BACKLOG_AT]!);
  return join(reals, r + queue, reals[r | LIMIT]!, workNs, workNs);
}

function workOf(bytes: number, bitsPerSecond: number): number {
  return Math.ceil((bytes * 8e9) / bitsPerSecond);
}

/**
 * The work that is left after so much time. Spans, not times: they are small integers, which no call has to
 * put on the heap.
 * @param q where the queue's numbers begin
 * @param passed ns since the work was looked at last; before that nothing drains
 */
function drain(reals: Float64Array, q: number, passed: number): void {
  if (passed <= 0) return;
  reals[q + BACKLOG_AT] = reals[q + BACKLOG_AT]! + passed;
  const backlog = reals[q + BACKLOG]!;
  reals[q + BACKLOG] = backlog > passed ? backlog - passed : 0;
}

/**
 * @param each work of one packet; `workNs`: of all
 * @returns ns until the work is done, -1: full
 */
function join(reals: Float64Array, q: number, limit: number, workNs: number, each: number): number {
  const waiting = reals[q + BACKLOG]!;
  const mean = reals[q + MEAN_PACKET]!;
  if (waiting > limit * (mean === 0 ? each : mean)) return -1;
  reals[q + MEAN_PACKET] = mean === 0 ? each : Math.floor((mean * 7 + each) / 8);
  reals[q + BACKLOG] = waiting + workNs;
  return waiting + workNs;
}

/** Packets that wait in an interface's sending queue. */
export function waitingPackets(net: Network, nic: NetInterface, now: number): number {
  const { reals } = net.wires;
  const q = (nic.id << WIRE_REALS) + OUTWARDS;
  const backlogNs = Math.max(0, reals[q + BACKLOG]! - (now - reals[q + BACKLOG_AT]!));
  return reals[q + MEAN_PACKET]! > 0 ? Math.floor(0.5 + backlogNs / reals[q + MEAN_PACKET]!) : 0;
}
