import { cancelTimer, isArmed } from '@lvscope/des';
import { PROTO_TCP, TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from '@lvscope/inet';
import { output } from './output.ts';
import {
  ACK,
  COUNT,
  FLAGS,
  HEADERS,
  INNER_SEQ,
  MSS,
  OPTIONS,
  PACKET,
  PACKET_REALS,
  PAYLOAD,
  PUSH_STEP,
  SEQ,
  TTL,
  UNIT,
  WINDOW,
} from './packet-row.ts';
import { mtuTowards } from './paths.ts';
import { allocatePacket, OPTION_DF, OPTION_LINUX } from './packets.ts';
import {
  FLAG_ACK_PENDING,
  FLAG_DUPLICATE,
  FLAG_FIN_QUEUED,
  FLAG_LINUX_PEER,
  FLAG_PAUSED,
  FLAG_QUEUED,
  FLAG_RTT_TIMED,
} from './socket-table.ts';
import type { Host, NetHooks, NetWorld, PacketId, SocketId } from './state.ts';
import { makeReset } from './tcp-reset.ts';
import { armLossTimer, armRetransmit } from './tcp-rto.ts';
import { clockShown } from './timestamps.ts';
import { autosize, burstSegments, inFlight, pieceRest, sendable } from './tcp-burst.ts';

/** The most that a Linux socket offers at first, whatever tcp_rmem says. */
export const INITIAL_WINDOW = 64240;

/** The window that a SYN offers: half the first receive buffer (tcp_adv_win_scale 1), in whole segments. */
export function firstWindow(host: Host): number {
  return Math.min(INITIAL_WINDOW, host.sysctl.tcp_rmem[1] >> 1);
}

/**
 * How many bytes from rcvNxt on the socket takes. It follows the sender, as receive buffer tuning does, up
 * to half of the largest buffer that tcp_rmem allows.
 */
export function windowOf(world: NetWorld, s: SocketId): number {
  const t = world.net.sockets;
  const [, first, largest] = world.net.hosts[t.host[s]!]!.sysctl.tcp_rmem;
  const begin = Math.min(65535, first >> 1);
  const most = (t.flags[s]! & FLAG_LINUX_PEER) !== 0 ? Math.max(begin, t.rcvSpace[s]!) : begin;
  // what an application that reads has not read yet, it will have by the time that the ACK is there
  const kept = (t.flags[s]! & (FLAG_PAUSED | FLAG_QUEUED)) === 0 ? 0 : t.unread[s]!;
  return Math.max(0, Math.min(most, Math.max(begin, largest >> 1)) - kept);
}

/**
 * IP and TCP header of a segment, bytes: 12 for timestamps where both sides offered them, and 4 with 8 for
 * each block of SACK: what is out of order, and the data that has come twice (RFC 2018, 2883).
 */
function headerBytes(t: NetWorld['net']['sockets'], s: SocketId): number {
  const flags = t.flags[s]!;
  if ((flags & FLAG_LINUX_PEER) === 0) return 40;
  const blocks = Math.min(3, t.rangeCount[s]! + ((flags & FLAG_DUPLICATE) !== 0 ? 1 : 0));
  return blocks === 0 ? 52 : 56 + 8 * blocks;
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
  pushStep = 0,
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
  pool.rows[(p << PACKET) | TTL] = host.sysctl.ip_default_ttl;
  pool.rows[(p << PACKET) | FLAGS] = flags;
  pool.rows[(p << PACKET) | SEQ] = seq;
  pool.reals[(p << PACKET_REALS) | PAYLOAD] = payload;
  pool.rows[(p << PACKET) | UNIT] = unit;
  pool.rows[(p << PACKET) | COUNT] = count;
  pool.rows[(p << PACKET) | PUSH_STEP] = pushStep;
  if ((flags & TCP_SYN) !== 0) {
    // A SYN-ACK offers only what the SYN did: to a bare SYN the MSS alone.
    const full = (flags & TCP_ACK) === 0 || (t.flags[s]! & FLAG_LINUX_PEER) !== 0;
    pool.rows[(p << PACKET) | HEADERS] = full ? 60 : 44;
    pool.rows[(p << PACKET) | OPTIONS] = full ? OPTION_DF | OPTION_LINUX : OPTION_DF;
    pool.rows[(p << PACKET) | INNER_SEQ] = full ? clockShown(world, host, s) : 0;
    pool.rows[(p << PACKET) | MSS] = Math.min(65495, mtuTowards(world, host, t.remoteAddress[s]!) - 40);
  } else {
    pool.rows[(p << PACKET) | HEADERS] = headerBytes(t, s);
    t.flags[s] = t.flags[s]! & ~FLAG_DUPLICATE;
  }
  if ((flags & TCP_ACK) !== 0) {
    pool.rows[(p << PACKET) | ACK] = t.rcvNxt[s]!;
    t.rcvWup[s] = t.rcvNxt[s]!;
    t.rcvWnd[s] = windowOf(world, s);
    if ((t.flags[s]! & FLAG_ACK_PENDING) !== 0) {
      t.flags[s] = t.flags[s]! & ~FLAG_ACK_PENDING;
      cancelTimer(sim, net.delayedAckBank, s);
    }
    if (t.quickAcks[s]! > 0) t.quickAcks[s] = Math.max(0, t.quickAcks[s]! - count);
  }
  pool.rows[(p << PACKET) | WINDOW] = (flags & TCP_SYN) !== 0 ? firstWindow(host) : t.rcvWnd[s]!;
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

/** The last segment that was sent once more, with its FIN. */
export function resendLast(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const t = world.net.sockets;
  const una = t.sndUna[s]!;
  const fin = (t.flags[s]! & FLAG_FIN_QUEUED) !== 0 && t.sndMax[s] === finEnd(t.sndEnd[s]!);
  const end = fin ? t.sndEnd[s]! : t.sndMax[s]!;
  const data = ((end - una) | 0) > 0 ? (end - una) >>> 0 : 0;
  const bytes = data === 0 ? 0 : data % t.mss[s]! || t.mss[s]!;
  t.flags[s] = t.flags[s]! & ~FLAG_RTT_TIMED;
  const pushed = bytes > 0 && end === t.sndEnd[s];
  const flags = TCP_ACK | (pushed ? TCP_PSH : 0) | (fin ? TCP_FIN : 0);
  if (bytes > 0 || fin) emit(world, hooks, s, flags, end - bytes, bytes, 0, 1);
}

const finEnd = (sndEnd: number): number => (sndEnd + 1) >>> 0;

/**
 * Sends what may leave now (see `sendable`), as one train. What is sent again keeps to itself: new data
 * follows in segments of its own.
 */
export function pushData(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const t = world.net.sockets;
  const nxt = t.sndNxt[s]!;
  if ((t.flags[s]! & FLAG_FIN_QUEUED) !== 0 && nxt === finEnd(t.sndEnd[s]!)) return;
  const again = ((nxt - t.sndMax[s]!) | 0) < 0 && ((t.sndMax[s]! - t.sndEnd[s]!) | 0) < 0;
  const pieces = again ? t.pieces.get(s) : undefined;
  let left = ((again ? t.sndMax[s]! : t.sndEnd[s]!) - nxt) >>> 0;
  if (pieces !== undefined && ((pieces.end - nxt) | 0) > 0) left = Math.min(left, pieceRest(pieces, nxt));
  const burst = again ? autosize(world, s) : burstSegments(world, s);
  const n = sendable(world, s, left, burst, again);
  const all = n === left;
  const fin = !again && (t.flags[s]! & FLAG_FIN_QUEUED) !== 0 && all;
  if (n === 0 && !fin) {
    if (left > 0 && inFlight(world, s) === 0) armRetransmit(world, s); // the window is closed: probe it
    return;
  }
  noteSent(world, s, n, fin);
  // of what is sent again the end of a write is known by its short segment: a full window is of whole ones
  const endsWrite = all && (!again || n % t.mss[s]! !== 0 || (nxt + n) >>> 0 === t.sndEnd[s]);
  sendTrain(world, hooks, s, nxt, n, burst, endsWrite, fin);
  if (again && all) pushData(world, hooks, s);
}

/**
 * The probe timer's try at data that the window would let go (tcp_write_wakeup): one segment, with PSH. The
 * rest waits for its acknowledgement.
 */
export function wakeUp(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const t = world.net.sockets;
  const nxt = t.sndNxt[s]!;
  const left = (t.sndEnd[s]! - nxt) >>> 0;
  const n = Math.min(left, t.mss[s]!, t.sndWnd[s]!);
  const fin = n === left && (t.flags[s]! & FLAG_FIN_QUEUED) !== 0;
  if (n === 0 && !fin) return;
  noteSent(world, s, n, fin);
  emit(world, hooks, s, TCP_ACK | TCP_PSH | (fin ? TCP_FIN : 0), nxt, n, 0, 1);
}

/** The numbers and clocks of a socket that sends `n` bytes from sndNxt on. */
function noteSent(world: NetWorld, s: SocketId, n: number, fin: boolean): void {
  const { net, sim } = world;
  const t = net.sockets;
  const nxt = t.sndNxt[s]!;
  const idle = !isArmed(sim, net.retransmitBank, s) || inFlight(world, s) === 0;
  const end = (nxt + n) >>> 0;
  if (n % t.mss[s]! !== 0) t.sndSmall[s] = end;
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
  if (idle) armLossTimer(world, s);
  if (n > 0) noteSending(world, s);
}

/**
 * One train of segments. PSH stands on the last segment of the data, and on the last one of each burst of
 * several. A FIN goes with the last data: tcp_send_fin puts it on the segment at the queue's tail.
 */
function sendTrain(
  world: NetWorld,
  hooks: NetHooks,
  s: SocketId,
  seq: number,
  bytes: number,
  burst: number,
  endsWrite: boolean,
  fin: boolean,
): void {
  const mss = world.net.sockets.mss[s]!;
  const count = Math.max(1, Math.ceil(bytes / mss));
  const pushed = bytes > 0 && (endsWrite || count % burst > 1 || (burst > 1 && count % burst === 0));
  const flags = TCP_ACK | (pushed ? TCP_PSH : 0) | (fin ? TCP_FIN : 0);
  const step = burst > 1 && burst < count ? burst : 0;
  emit(world, hooks, s, flags, seq, bytes, count > 1 ? mss : 0, count, step);
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

/** Sends what `makeReset` makes. The packet stays the caller's. */
export function sendReset(world: NetWorld, hooks: NetHooks, host: Host, packet: PacketId): void {
  const reset = makeReset(world, host, packet);
  if (reset >= 0) output(world, hooks, host, reset);
}
