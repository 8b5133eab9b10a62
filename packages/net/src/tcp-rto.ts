import { TICK_NS } from '@lvscope/des';
import {
  ESTABLISHED,
  FLAG_LINUX_PEER,
  FLAG_PROBE_ARMED,
  FLAG_PROBED,
  FLAG_RECOVERY,
  SYN_RECV,
  SYN_SENT,
} from './socket-table.ts';
import { armSocketTimer } from './socket-timer.ts';
import type { NetWorld, SocketId } from './state.ts';
import { segmentsInFlight } from './tcp-burst.ts';

/** tcp_min_rto and tcp_max_rto (include/net/tcp.h). */
const RTO_MIN_NS = 200e6;
export const RTO_MAX_NS = 120e9;
/** TCP_TIMEOUT_FALLBACK: where the handshake gave no round-trip sample, being sent again (RFC 6298, 5.7). */
const RTO_UNMEASURED_NS = 3e9;

/** TCP_RTO_MIN, which the peer of a lone segment may take for its delayed ACK. */
const DELAYED_ACK_NS = 200e6;
/** TCP_TIMEOUT_MIN: two ticks. */
const LEAST_NS = 2 * TICK_NS;

/**
 * The retransmission time-out with the backing off since the last round-trip sample (icsk_rto), ns: whole
 * ticks, and at most RTO_MAX_NS.
 */
export function rtoNs(world: NetWorld, s: SocketId): number {
  const t = world.net.sockets;
  if (t.srttUs[s] === 0) return doubled(RTO_UNMEASURED_NS, t.backoff[s]!);
  const estimate = (t.srttUs[s]! + Math.max(4 * t.rttvarUs[s]!, RTO_MIN_NS / 1000)) * 1000;
  return doubled(Math.ceil(estimate / TICK_NS) * TICK_NS, t.backoff[s]!);
}

function doubled(ns: number, times: number): number {
  let rto = ns;
  for (let i = 0; i < times && rto < RTO_MAX_NS; i++) rto *= 2;
  return Math.min(rto, RTO_MAX_NS);
}

export function armRetransmit(world: NetWorld, s: SocketId): void {
  armSocketTimer(world, world.net.retransmitBank, s, rtoNs(world, s));
}

/** Sends again as soon as a retransmission timer can (TCP_TIMEOUT_MIN). */
export function armRetransmitAtOnce(world: NetWorld, s: SocketId): void {
  armSocketTimer(world, world.net.retransmitBank, s, LEAST_NS);
}

/** The next probe of a closed window: each waits twice as long, and the time-out itself stays. */
export function armProbe(world: NetWorld, s: SocketId): void {
  const wait = doubled(rtoNs(world, s), world.net.sockets.retries[s]!);
  armSocketTimer(world, world.net.retransmitBank, s, wait);
}

/**
 * Arms the timer of what is in flight: first a tail loss probe after two round trips (RFC 8985; kernels with
 * net.ipv4.tcp_early_retrans 3), where SACK was agreed on; else the retransmission time-out.
 */
export function armLossTimer(world: NetWorld, s: SocketId): void {
  const { net } = world;
  const t = net.sockets;
  const flags = t.flags[s]!;
  const rto = rtoNs(world, s);
  const modern = net.hosts[t.host[s]!]!.kernel === '6.1' && (flags & FLAG_LINUX_PEER) !== 0;
  const calm = (flags & (FLAG_RECOVERY | FLAG_PROBED)) === 0 && t.retries[s] === 0 && t.srttUs[s]! > 0;
  const open = t.state[s] !== SYN_SENT && t.state[s] !== SYN_RECV && t.state[s]! >= ESTABLISHED;
  if (!modern || !calm || !open || t.sndMax[s] !== t.sndNxt[s]) {
    t.flags[s] = flags & ~FLAG_PROBE_ARMED;
    armSocketTimer(world, net.retransmitBank, s, rto);
    return;
  }
  t.flags[s] = flags | FLAG_PROBE_ARMED;
  const slack = segmentsInFlight(world, s) <= 1 ? DELAYED_ACK_NS : LEAST_NS;
  armSocketTimer(world, net.retransmitBank, s, Math.min(rto, 2000 * t.srttUs[s]! + slack));
}
