import { armTimer, isArmed, type SimTime } from '@lvscope/des';
import { TCP_FIN } from '@lvscope/inet';
import { COUNT, FLAGS, PACKET, PACKET_REALS, PAYLOAD, SEQ, UNIT } from './packet-row.ts';
import {
  FLAG_ACK_PENDING,
  FLAG_DUPLICATE,
  FLAG_FIN_OUT_OF_ORDER,
  FLAG_READ_CLOSED,
  RANGES,
  type SocketTable,
} from './socket-table.ts';
import { armSocketTimer } from './socket-timer.ts';
import type { NetHooks, NetWorld, PacketId, SocketId } from './state.ts';
import { sendAck } from './tcp-output.ts';

/** TCP_DELACK_MIN and TCP_ATO_MIN: 40 ms. */
const DELAYED_ACK_NS = 40e6;
/** TCP_MAX_QUICKACKS: that many segments are acknowledged at once at the start. */
export const MAX_QUICK_ACKS = 16;
/** TCP_PINGPONG_THRESH: turns of a conversation before ACKs wait for data. */
export const PING_PONG = 3;

/** What the payload asks for: nothing, an ACK now, or an ACK by and by. */
export type AckWish = 'none' | 'now' | 'later';

/**
 * tcp_data_queue(): takes the bytes that are in order, keeps some that are not, and notes the FIN. What the
 * application may read is in `unread`, and FLAG_READ_CLOSED says that the end has come.
 */
export function queueData(world: NetWorld, hooks: NetHooks, s: SocketId, p: PacketId): AckWish {
  const t = world.net.sockets;
  const pool = world.net.packets;
  const seq = pool.rows[(p << PACKET) | SEQ]!;
  const payload = pool.reals[(p << PACKET_REALS) | PAYLOAD]!;
  const fin = (pool.rows[(p << PACKET) | FLAGS]! & TCP_FIN) !== 0;
  if (payload === 0 && !fin) return 'none';
  const dataEnd = (seq + payload) >>> 0;
  const end = fin ? (dataEnd + 1) >>> 0 : dataEnd;
  const next = t.rcvNxt[s]!;
  if (((end - next) | 0) <= 0) {
    // Nothing new: sent again because an ACK was lost. Answer it at once, and the next ones too.
    t.quickAcks[s] = MAX_QUICK_ACKS;
    if (payload > 0) t.flags[s] = t.flags[s]! | FLAG_DUPLICATE;
    return 'now';
  }
  const edge = (t.rcvWup[s]! + t.rcvWnd[s]!) >>> 0;
  if (((seq - edge) | 0) >= 0 || (payload > 0 && edge === next)) return 'now';
  if (((seq - next) | 0) > 0) {
    keepRange(t, s, seq, dataEnd, fin);
    // a duplicate ACK for each segment out of order
    sendAck(world, hooks, s, pool.rows[(p << PACKET) | COUNT]);
    return 'none';
  }
  const filled = t.rangeCount[s]! > 0;
  take(t, s, dataEnd);
  if (fin) t.rcvNxt[s] = (t.rcvNxt[s]! + 1) >>> 0;
  if (fin) t.flags[s] = t.flags[s]! | FLAG_READ_CLOSED;
  else if (filled) joinRanges(t, s);
  if (payload > 0) noteData(world, s);
  if (filled) return 'now';
  return acknowledgeTrain(world, hooks, s, p);
}

function take(t: SocketTable, s: SocketId, end: number): void {
  const bytes = (end - t.rcvNxt[s]!) | 0;
  if (bytes <= 0) return;
  t.rcvNxt[s] = end;
  t.unread[s] = t.unread[s]! + bytes;
  // The receive buffer follows what a round trip brings (tcp_rcv_space_adjust): twice of all that has come.
  t.rcvSpace[s] = Math.min(0x7fffffff, t.rcvSpace[s]! + 2 * bytes);
}

/** First data starts the quick ACKs (tcp_event_data_recv). */
function noteData(world: NetWorld, s: SocketId): void {
  const t = world.net.sockets;
  if (t.lastReceivedAt[s]! < 0) t.quickAcks[s] = MAX_QUICK_ACKS;
  t.lastReceivedAt[s] = world.sim.now;
}

/**
 * How a train in order is acknowledged: each segment at once while quick ACKs are left, and all the others by
 * one ACK when the application reads them: before, the window would not grow by it (__tcp_ack_snd_check,
 * tcp_cleanup_rbuf).
 */
function acknowledgeTrain(world: NetWorld, hooks: NetHooks, s: SocketId, p: PacketId): AckWish {
  const t = world.net.sockets;
  const pool = world.net.packets;
  const count = pool.rows[(p << PACKET) | COUNT]!;
  const talking = t.pingPong[s]! >= PING_PONG;
  if (count === 1) {
    if (pool.reals[(p << PACKET_REALS) | PAYLOAD] === 0) return 'later';
    const owed =
      (t.flags[s]! & FLAG_ACK_PENDING) !== 0 && pool.reals[(p << PACKET_REALS) | PAYLOAD]! >= t.mss[s]!;
    return talking && !owed ? 'later' : 'now';
  }
  const unit = pool.rows[(p << PACKET) | UNIT]!;
  const quick = talking ? 0 : Math.min(count, t.quickAcks[s]!);
  sendAck(world, hooks, s, quick < count ? quick + 1 : count, unit);
  return 'none';
}

/** Carries the wish out. */
export function acknowledge(world: NetWorld, hooks: NetHooks, s: SocketId, wish: AckWish): void {
  const { net, sim } = world;
  const t = net.sockets;
  if (wish === 'now') {
    sendAck(world, hooks, s);
  } else if (wish === 'later') {
    t.flags[s] = t.flags[s]! | FLAG_ACK_PENDING;
    if (!isArmed(sim, net.delayedAckBank, s)) {
      // before any data the kernel has no idea of the sender's pace: the next tick (tcp_send_delayed_ack,
      // ato 0)
      if (t.lastReceivedAt[s]! < 0) armSocketTimer(world, net.delayedAckBank, s, 0);
      else armTimer(sim, net.delayedAckBank, s, (sim.now + DELAYED_ACK_NS) as SimTime);
    }
  }
}

/**
 * Keeps a range that is not in order yet; when there are too many, the newest is forgotten: it will be sent
 * again.
 */
function keepRange(t: SocketTable, s: SocketId, start: number, end: number, fin: boolean): void {
  const at = s * RANGES;
  let from = start;
  let to = end;
  let kept = 0;
  const count = t.rangeCount[s]!;
  for (let i = 0; i < count; i++) {
    const a = t.rangeStart[at + i]!;
    const b = t.rangeEnd[at + i]!;
    const apart = ((a - to) | 0) > 0 || ((from - b) | 0) > 0;
    if (apart) {
      t.rangeStart[at + kept] = a;
      t.rangeEnd[at + kept] = b;
      kept++;
    } else {
      if (((a - from) | 0) < 0) from = a;
      if (((b - to) | 0) > 0) to = b;
    }
  }
  if (kept < RANGES) {
    t.rangeStart[at + kept] = from;
    t.rangeEnd[at + kept] = to;
    kept++;
    if (fin) {
      t.flags[s] = t.flags[s]! | FLAG_FIN_OUT_OF_ORDER;
      t.finSeq[s] = end;
    }
  }
  t.rangeCount[s] = kept;
}

/** A hole was filled: what follows it is in order now. */
function joinRanges(t: SocketTable, s: SocketId): void {
  const at = s * RANGES;
  for (let i = 0; i < t.rangeCount[s]!; ) {
    if (((t.rangeStart[at + i]! - t.rcvNxt[s]!) | 0) > 0) {
      i++;
      continue;
    }
    const overlaps = ((t.rangeStart[at + i]! - t.rcvNxt[s]!) | 0) < 0;
    if (overlaps) t.flags[s] = t.flags[s]! | FLAG_DUPLICATE;
    take(t, s, t.rangeEnd[at + i]!);
    const last = t.rangeCount[s]! - 1;
    t.rangeStart[at + i] = t.rangeStart[at + last]!;
    t.rangeEnd[at + i] = t.rangeEnd[at + last]!;
    t.rangeCount[s] = last;
    i = 0;
  }
  if ((t.flags[s]! & FLAG_FIN_OUT_OF_ORDER) !== 0 && t.finSeq[s] === t.rcvNxt[s]) {
    t.flags[s] = (t.flags[s]! & ~FLAG_FIN_OUT_OF_ORDER) | FLAG_READ_CLOSED;
    t.rcvNxt[s] = (t.rcvNxt[s]! + 1) >>> 0;
  }
}
