import { cancelTimer, isArmed, TICK_NS } from '@lvscope/des';
import { PROTO_TCP, TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from '@lvscope/inet';
import { output } from './output.ts';
import { allocatePacket, OPTION_DF, OPTION_LINUX } from './packets.ts';
import {
  FLAG_ACK_PENDING,
  FLAG_FIN_QUEUED,
  FLAG_LINUX_PEER,
  FLAG_NODELAY,
  FLAG_RTT_TIMED,
} from './socket-table.ts';
import { armSocketTimer } from './socket-timer.ts';
import type { Host, NetHooks, NetWorld, PacketId, SocketId } from './state.ts';

/** tcp_min_rto and tcp_max_rto (include/net/tcp.h). */
const RTO_MIN_NS = 200e6;
export const RTO_MAX_NS = 120e9;
/** TCP_TIMEOUT_FALLBACK: where the handshake gave no round-trip sample, being sent again (RFC 6298, 5.7). */
const RTO_UNMEASURED_NS = 3e9;

/** The window that a Linux socket offers at first, and the most that it grows to (tcp_rmem). */
export const INITIAL_WINDOW = 64240;
const MAX_WINDOW = 6291456;

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

/** The next probe of a closed window: each waits twice as long, and the time-out itself stays. */
export function armProbe(world: NetWorld, s: SocketId): void {
  const wait = doubled(rtoNs(world, s), world.net.sockets.retries[s]!);
  armSocketTimer(world, world.net.retransmitBank, s, wait);
}

/**
 * How many bytes from rcvNxt on the socket takes now. It follows the sender, as receive buffer tuning does.
 */
export function windowOf(world: NetWorld, s: SocketId): number {
  const t = world.net.sockets;
  const most = (t.flags[s]! & FLAG_LINUX_PEER) !== 0 ? Math.max(65535, t.rcvSpace[s]!) : 65535;
  return Math.max(0, Math.min(most, MAX_WINDOW) - t.unread[s]!);
}

/** Sends one segment (or train) of the socket, with the ACK that is due. */
function emit(
  world: NetWorld,
  hooks: NetHooks,
  s: SocketId,
  flags: number,
  seq: number,
  payload: number,
  unit: number,
  count: number,
): void {
  const { net, sim } = world;
  const t = net.sockets;
  const pool = net.packets;
  const p = allocatePacket(
    pool,
    PROTO_TCP,
    t.localAddress[s]!,
    t.localPort[s]!,
    t.remoteAddress[s]!,
    t.remotePort[s]!,
  );
  const host = net.hosts[t.host[s]!]!;
  pool.ttl[p] = host.sysctl.ip_default_ttl;
  pool.flags[p] = flags;
  pool.seq[p] = seq;
  pool.payload[p] = payload;
  pool.unit[p] = unit;
  pool.count[p] = count;
  if ((flags & TCP_SYN) !== 0) {
    // A SYN-ACK offers only what the SYN did: to a bare SYN the MSS alone.
    const full = (flags & TCP_ACK) === 0 || (t.flags[s]! & FLAG_LINUX_PEER) !== 0;
    pool.headers[p] = full ? 60 : 44;
    pool.options[p] = full ? OPTION_DF | OPTION_LINUX : OPTION_DF;
    pool.mss[p] = 1460;
  } else {
    pool.headers[p] = (t.flags[s]! & FLAG_LINUX_PEER) !== 0 ? 52 : 40;
  }
  if ((flags & TCP_ACK) !== 0) {
    pool.ack[p] = t.rcvNxt[s]!;
    t.rcvWup[s] = t.rcvNxt[s]!;
    t.rcvWnd[s] = windowOf(world, s);
    if ((t.flags[s]! & FLAG_ACK_PENDING) !== 0) {
      t.flags[s] = t.flags[s]! & ~FLAG_ACK_PENDING;
      cancelTimer(sim, net.delayedAckBank, s);
    }
    if (t.quickAcks[s]! > 0) t.quickAcks[s] = Math.max(0, t.quickAcks[s]! - count);
  }
  pool.window[p] = (flags & TCP_SYN) !== 0 ? INITIAL_WINDOW : t.rcvWnd[s]!;
  output(world, hooks, host, p);
}

/** A pure ACK, or a train of them: the last one acknowledges all, the ones before step by step. */
export function sendAck(world: NetWorld, hooks: NetHooks, s: SocketId, count = 1, step = 0): void {
  emit(world, hooks, s, TCP_ACK, world.net.sockets.sndNxt[s]!, 0, step, count);
}

export function sendSyn(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  emit(world, hooks, s, TCP_SYN, world.net.sockets.sndUna[s]!, 0, 0, 1);
}

export function sendSynAck(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  emit(world, hooks, s, TCP_SYN | TCP_ACK, world.net.sockets.sndUna[s]!, 0, 0, 1);
}

/** The RST of a socket that is being aborted (tcp_send_active_reset). */
export function sendActiveReset(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  emit(world, hooks, s, TCP_RST | TCP_ACK, world.net.sockets.sndNxt[s]!, 0, 0, 1);
}

/**
 * A probe of a closed window: one byte of the past, which the other side answers with an ACK
 * (tcp_xmit_probe_skb).
 */
export function sendProbe(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  emit(world, hooks, s, TCP_ACK, world.net.sockets.sndUna[s]! - 1, 0, 0, 1);
}

/** The first unacknowledged segment once more. */
export function resendFirst(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const t = world.net.sockets;
  const una = t.sndUna[s]!;
  const data = Math.min((t.sndEnd[s]! - una) >>> 0, t.mss[s]!);
  t.flags[s] = t.flags[s]! & ~FLAG_RTT_TIMED;
  if (data > 0) {
    const last = (una + data) >>> 0 === t.sndEnd[s];
    const fin = last && (t.flags[s] & FLAG_FIN_QUEUED) !== 0 && t.sndMax[s] === finEnd(t.sndEnd[s]!);
    emit(world, hooks, s, TCP_ACK | (last ? TCP_PSH : 0) | (fin ? TCP_FIN : 0), una, data, 0, 1);
  } else if ((t.flags[s] & FLAG_FIN_QUEUED) !== 0) {
    emit(world, hooks, s, TCP_FIN | TCP_ACK, una, 0, 0, 1);
  }
}

const finEnd = (sndEnd: number): number => (sndEnd + 1) >>> 0;

/** Bytes in flight, a FIN counting as one. */
export function inFlight(world: NetWorld, s: SocketId): number {
  const t = world.net.sockets;
  return (t.sndNxt[s]! - t.sndUna[s]!) >>> 0;
}

/**
 * Sends what the congestion window, the other side's window and Nagle's rule (in Minshall's form: only a
 * small segment that is not acknowledged holds the next small one back) allow; one train for all of it.
 */
export function pushData(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const { net, sim } = world;
  const t = net.sockets;
  const mss = t.mss[s]!;
  const flight = inFlight(world, s);
  const nxt = t.sndNxt[s]!;
  if ((t.flags[s]! & FLAG_FIN_QUEUED) !== 0 && nxt === finEnd(t.sndEnd[s]!)) return;
  // What is sent again keeps to itself: new data follows in segments of its own.
  const again = ((nxt - t.sndMax[s]!) | 0) < 0 && ((t.sndMax[s]! - t.sndEnd[s]!) | 0) < 0;
  const left = ((again ? t.sndMax[s]! : t.sndEnd[s]!) - nxt) >>> 0;
  const queuedFin = !again && (t.flags[s]! & FLAG_FIN_QUEUED) !== 0;
  // The congestion window counts segments, also small ones; a last segment with FIN need not fit
  // (tcp_cwnd_test).
  const last = queuedFin && left <= mss;
  const segments = last ? 1 : Math.floor(t.cwnd[s]!) - Math.ceil(flight / mss);
  const window = Math.min(segments * mss, t.sndWnd[s]! - flight);
  let n = Math.min(left, Math.max(0, window));
  if (n < left) {
    // Silly window avoidance: whole segments only, unless nothing is on its way that would open the window
    // further.
    const whole = n - (n % mss);
    if (whole > 0 || flight > 0) n = whole;
  } else if (!queuedFin && (t.flags[s]! & FLAG_NODELAY) === 0) {
    const smallUnacked = ((t.sndSmall[s]! - t.sndUna[s]!) | 0) > 0;
    if (smallUnacked && flight > 0) n -= n % mss;
  }
  const all = n === left;
  const fin = queuedFin && all;
  if (n === 0 && !fin) {
    if (left > 0 && flight === 0) armRetransmit(world, s); // the window is closed: probe it
    return;
  }
  if (!isArmed(sim, net.retransmitBank, s) || flight === 0) armRetransmit(world, s);
  const end = (nxt + n) >>> 0;
  if (n % mss !== 0) t.sndSmall[s] = end;
  t.sndNxt[s] = fin ? finEnd(end) : end;
  if (((t.sndNxt[s] - t.sndMax[s]!) | 0) > 0) {
    // Only what is sent for the first time can be timed (Karn).
    if ((t.flags[s]! & FLAG_RTT_TIMED) === 0 && nxt === t.sndMax[s]) {
      t.flags[s] = t.flags[s]! | FLAG_RTT_TIMED;
      t.timedSeq[s] = t.sndNxt[s]!;
      t.timedAt[s] = sim.now;
    }
    t.sndMax[s] = t.sndNxt[s]!;
  }
  if (n > 0) noteSending(world, s);
  const flags = TCP_ACK | (all && n > 0 ? TCP_PSH : 0) | (fin ? TCP_FIN : 0);
  // A FIN goes with the last data, Linux's tcp_send_fin puts it on the segment at the queue's tail.
  const count = Math.max(1, Math.ceil(n / mss));
  emit(world, hooks, s, flags, nxt, n, count > 1 ? mss : 0, count);
  if (again && all) pushData(world, hooks, s);
}

/**
 * Sending soon after receiving is conversation: after three such turns ACKs wait for data
 * (tcp_event_data_sent).
 */
function noteSending(world: NetWorld, s: SocketId): void {
  const t = world.net.sockets;
  const now = world.sim.now;
  if (t.lastSentAt[s]! < t.lastReceivedAt[s]! && now - t.lastReceivedAt[s]! < 40e6) {
    if (t.pingPong[s]! < 255) t.pingPong[s] = t.pingPong[s]! + 1;
  }
  t.lastSentAt[s] = now;
}

/**
 * The RST that answers a segment for which there is no socket (tcp_v4_send_reset). A RST is never answered.
 * The packet stays the caller's.
 */
export function sendReset(world: NetWorld, hooks: NetHooks, host: Host, packet: PacketId): void {
  const pool = world.net.packets;
  const flags = pool.flags[packet]!;
  if ((flags & TCP_RST) !== 0) return;
  const p = allocatePacket(
    pool,
    PROTO_TCP,
    pool.destination[packet]!,
    pool.destinationPort[packet]!,
    pool.source[packet]!,
    pool.sourcePort[packet]!,
  );
  pool.headers[p] = 40;
  pool.ttl[p] = host.sysctl.ip_default_ttl;
  if ((flags & TCP_ACK) !== 0) {
    pool.flags[p] = TCP_RST;
    pool.seq[p] = pool.ack[packet]!;
  } else {
    pool.flags[p] = TCP_RST | TCP_ACK;
    const syn = (flags & TCP_SYN) !== 0 ? 1 : 0;
    pool.ack[p] = pool.seq[packet]! + pool.payload[packet]! + syn + (flags & TCP_FIN);
  }
  output(world, hooks, host, p);
}
