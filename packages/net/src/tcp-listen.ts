import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '@lvscope/inet';
import { acceptQueueFull, forgetRequest, queueChild } from './accept-queue.ts';
import { initialRtoNs, initialWindow } from './kernel-profile.ts';
import {
  ACK,
  DESTINATION,
  DESTINATION_PORT,
  FLAGS,
  HEADERS,
  MSS,
  OPTIONS,
  PACKET,
  SEQ,
  SOURCE,
  SOURCE_PORT,
  WINDOW,
} from './packet-row.ts';
import { OPTION_LINUX } from './packets.ts';
import { mtuTowards } from './paths.ts';
import { cookieSequence, initialSequence } from './sequence-numbers.ts';
import { allocateSocket, FLAG_LINUX_PEER, FLAG_NODELAY, hashSocket, SYN_RECV } from './socket-table.ts';
import { armSocketTimer } from './socket-timer.ts';
import type { Host, Listener, NetHooks, NetWorld, PacketId, SocketId } from './state.ts';
import { countState } from './tcp-end.ts';
import { isOlderThanPeer, notePeerClock } from './timestamps.ts';
import { firstWindow, sendReset, sendSynAck } from './tcp-output.ts';

/** Two minutes: how long a cookie counts after the last overflow (TCP_SYNCOOKIE_VALID). */
const COOKIE_VALID_NS = 120e9;
const MINUTE_NS = 60e9;

/**
 * What became of a segment: used up, or dropped for a reason; a number is the socket of a connection that
 * it has just established and that is still to process it.
 */
export type ListenOutcome =
  | SocketId
  | 'done'
  | 'no-listener'
  | 'listen-overflow'
  | 'syn-queue-full'
  | 'older-timestamp'
  | 'bad-segment';

/**
 * A segment for a listening socket (tcp_rcv_state_process in LISTEN, tcp_conn_request). The packet stays
 * the caller's.
 * @param isn the initial sequence number to answer with, where a TIME_WAIT socket has set it; -1: a fresh one
 */
export function listenInput(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  listener: Listener,
  p: PacketId,
  isn: number,
): ListenOutcome {
  const pool = world.net.packets;
  const flags = pool.rows[(p << PACKET) | FLAGS]!;
  if ((flags & TCP_RST) !== 0) return 'bad-segment';
  if ((flags & TCP_ACK) !== 0) {
    const child = acceptCookie(world, host, listener, p);
    if (child === 'no-listener') sendReset(world, hooks, host, p);
    return child;
  }
  if ((flags & TCP_SYN) === 0 || (flags & TCP_FIN) !== 0) return 'bad-segment';
  return connectionRequest(world, hooks, host, listener, p, isn);
}

function connectionRequest(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  listener: Listener,
  p: PacketId,
  isn: number,
): ListenOutcome {
  const { sysctl } = host;
  const queueFull = listener.halfOpen >= listener.backlog;
  const cookie = isn < 0 && (sysctl.tcp_syncookies === 2 || (queueFull && sysctl.tcp_syncookies !== 0));
  if (!cookie && isn < 0 && queueFull) return 'syn-queue-full';
  if (acceptQueueFull(listener)) {
    listener.overflows++;
    return 'listen-overflow';
  }
  if (!cookie && isn < 0 && isOlderThanPeer(world, host, p)) return 'older-timestamp';
  if (!cookie && sysctl.tcp_syncookies === 0) {
    // Without cookies the last quarter of the SYN backlog is for peers proven to be alive: nobody, here.
    const max = sysctl.tcp_max_syn_backlog;
    if (max - listener.halfOpen < max >> 2) return 'syn-queue-full';
  }
  const s = requestSocket(world, host, listener, p);
  const t = world.net.sockets;
  if (cookie) {
    const minute = Math.floor(world.sim.now / MINUTE_NS);
    setSendSequence(world, s, cookieOf(world, s, minute));
    listener.cookiesAt = world.sim.now;
    listener.cookiesSent++;
    sendSynAck(world, hooks, s);
    forgetRequest(world, hooks, s);
    return 'done';
  }
  const own = initialSequence(
    world,
    t.localAddress[s]!,
    t.localPort[s]!,
    t.remoteAddress[s]!,
    t.remotePort[s]!,
  );
  setSendSequence(world, s, isn >= 0 ? isn : own);
  const { sim, net } = world;
  armSocketTimer(world, net.retransmitBank, s, initialRtoNs(host.kernel));
  t.timedAt[s] = sim.now;
  sendSynAck(world, hooks, s);
  return 'done';
}

const cookieOf = (world: NetWorld, s: SocketId, minute: number): number => {
  const t = world.net.sockets;
  return cookieSequence(
    world,
    t.localAddress[s]!,
    t.localPort[s]!,
    t.remoteAddress[s]!,
    t.remotePort[s]!,
    (t.rcvNxt[s]! - 1) >>> 0,
    minute,
  );
};

/** A half-open connection: a request sock in Linux, a socket in SYN_RECV with a listener here. */
function requestSocket(world: NetWorld, host: Host, listener: Listener, p: PacketId): SocketId {
  const t = world.net.sockets;
  const pool = world.net.packets;
  const s = allocateSocket(t);
  t.host[s] = host.id;
  t.localAddress[s] = pool.rows[(p << PACKET) | DESTINATION]!;
  t.localPort[s] = pool.rows[(p << PACKET) | DESTINATION_PORT]!;
  t.remoteAddress[s] = pool.rows[(p << PACKET) | SOURCE]!;
  t.remotePort[s] = pool.rows[(p << PACKET) | SOURCE_PORT]!;
  t.listener[s] = listener.id;
  t.app[s] = listener.app;
  t.flags[s] = FLAG_NODELAY;
  t.rcvNxt[s] = pool.rows[(p << PACKET) | SEQ]! + 1;
  t.rcvWup[s] = t.rcvNxt[s]!;
  t.rcvWnd[s] = firstWindow(host);
  t.sndWnd[s] = pool.rows[(p << PACKET) | WINDOW]!;
  t.maxWindow[s] = pool.rows[(p << PACKET) | WINDOW]!;
  t.mss[s] = Math.min(
    mtuTowards(world, host, pool.rows[(p << PACKET) | SOURCE]!) - 40,
    pool.rows[(p << PACKET) | MSS] || 536,
  );
  if ((pool.rows[(p << PACKET) | OPTIONS]! & OPTION_LINUX) !== 0) {
    t.flags[s] = t.flags[s] | FLAG_LINUX_PEER;
    t.mss[s] = t.mss[s] - 12;
  }
  notePeerClock(world, host, s, p);
  t.cwnd[s] = initialWindow(host.kernel);
  t.ssthresh[s] = 0x7fffffff;
  t.challengeAt[s] = -1e9;
  t.timedAt[s] = -1;
  t.retransmitSince[s] = -1;
  t.lastReceivedAt[s] = -1;
  countState(world, s, SYN_RECV);
  hashSocket(t, s);
  listener.halfOpen++;
  return s;
}

function setSendSequence(world: NetWorld, s: SocketId, isn: number): void {
  const t = world.net.sockets;
  t.sndUna[s] = isn;
  t.sndNxt[s] = isn + 1;
  t.sndMax[s] = isn + 1;
  t.sndEnd[s] = isn + 1;
  t.sndSmall[s] = isn + 1;
}

/** tcp_get_cookie_sock(): the final ACK of a handshake that was answered with a cookie. */
function acceptCookie(
  world: NetWorld,
  host: Host,
  listener: Listener,
  p: PacketId,
): SocketId | 'no-listener' | 'listen-overflow' {
  const pool = world.net.packets;
  const { now } = world.sim;
  if (listener.cookiesAt < 0 || now - listener.cookiesAt > COOKIE_VALID_NS) return 'no-listener';
  const minute = Math.floor(now / MINUTE_NS);
  const isn = (pool.rows[(p << PACKET) | ACK]! - 1) >>> 0;
  const theirs = (pool.rows[(p << PACKET) | SEQ]! - 1) >>> 0;
  const made = (m: number): boolean =>
    cookieSequence(
      world,
      pool.rows[(p << PACKET) | DESTINATION]!,
      pool.rows[(p << PACKET) | DESTINATION_PORT]!,
      pool.rows[(p << PACKET) | SOURCE]!,
      pool.rows[(p << PACKET) | SOURCE_PORT]!,
      theirs,
      m,
    ) === isn;
  if (!made(minute) && !made(minute - 1)) return 'no-listener';
  if (acceptQueueFull(listener)) {
    listener.overflows++;
    return 'listen-overflow';
  }
  const s = requestSocket(world, host, listener, p);
  const t = world.net.sockets;
  t.rcvNxt[s] = pool.rows[(p << PACKET) | SEQ]!;
  t.rcvWup[s] = pool.rows[(p << PACKET) | SEQ]!;
  // The cookie's few bits keep the MSS; the timestamp says whether the rest was offered.
  const linux = pool.rows[(p << PACKET) | HEADERS]! >= 52;
  t.flags[s] = linux ? FLAG_NODELAY | FLAG_LINUX_PEER : FLAG_NODELAY;
  t.mss[s] = linux ? 1448 : 1460;
  setSendSequence(world, s, isn);
  queueChild(world, s, pool.rows[(p << PACKET) | WINDOW]!);
  return s;
}
