import { cancelTimer } from '@lvscope/des';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '@lvscope/inet';
import { leaveQueue } from './accept-queue.ts';
import { challengeAckAllowed, challengeAllowed } from './challenge.ts';
import { deliver } from './deliver.ts';
import { FLAGS, PACKET, PACKET_REALS, PAYLOAD, SEQ } from './packet-row.ts';
import {
  CLOSE_WAIT,
  CLOSING,
  ESTABLISHED,
  FIN_WAIT1,
  FIN_WAIT2,
  FLAG_ACK_PENDING,
  FLAG_DUPLICATE,
  FLAG_FIN_QUEUED,
  FLAG_ORPHAN,
  FLAG_READ_CLOSED,
  FLAG_RECEIVE_SHUT,
  LAST_ACK,
  type SocketTable,
  TIME_WAIT,
} from './socket-table.ts';
import type { Host, NetHooks, NetWorld, PacketId, SocketId } from './state.ts';
import { processAck } from './tcp-ack.ts';
import { acknowledge, type AckWish, MAX_QUICK_ACKS, PING_PONG, queueData } from './tcp-data.ts';
import { endSocket, enterTimeWait, orphanFinWait2, setState, TIME_WAIT_NS } from './tcp-end.ts';
import { pushData, sendAck, sendReset } from './tcp-output.ts';

export type SegmentOutcome = 'done' | 'bad-segment';

/**
 * A segment for a synchronised connection, from ESTABLISHED to LAST_ACK (tcp_rcv_established,
 * tcp_rcv_state_process). The packet stays the caller's.
 */
export function segmentInput(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  s: SocketId,
  p: PacketId,
): SegmentOutcome {
  const t = world.net.sockets;
  const flags = world.net.packets.rows[(p << PACKET) | FLAGS]!;
  if ((flags & (TCP_ACK | TCP_RST | TCP_SYN)) === 0) return 'bad-segment';
  const checked = validate(world, hooks, s, p, flags);
  if (checked !== 'go-on') return checked;
  const generation = t.generation[s]!;
  const ack = processAck(world, hooks, s, p);
  if (ack === 'too-old' || ack === 'unsent') {
    // ESTABLISHED passes over an ACK of what was never sent in silence; the closing states challenge it.
    const challenge = ack === 'too-old' || t.state[s] !== ESTABLISHED;
    if (challenge && challengeAckAllowed(world, s)) sendAck(world, hooks, s);
    return 'bad-segment';
  }
  if (ack === 'new' && finAcknowledged(world, s) && !afterFinAck(world, hooks, host, s, p)) return 'done';
  if (lateData(world, hooks, host, s, p)) return 'done';
  let wish: AckWish = 'none';
  const hadFin = (t.flags[s]! & FLAG_READ_CLOSED) !== 0;
  if (!hadFin) wish = queueData(world, hooks, s, p);
  else if (repeats(world, s, p)) {
    noteRepeat(t, s);
    wish = 'now';
  }
  if (!hadFin && (t.flags[s]! & FLAG_READ_CLOSED) !== 0) wish = finReceived(world, hooks, s, wish);
  if (t.generation[s] !== generation || t.state[s] === TIME_WAIT) return 'done';
  if (wish !== 'none') t.flags[s] = t.flags[s]! | FLAG_ACK_PENDING;
  pushData(world, hooks, s);
  // What has just been sent may have carried the ACK.
  if (wish !== 'none' && (t.flags[s]! & FLAG_ACK_PENDING) !== 0) acknowledge(world, hooks, s, wish);
  const drained = ack === 'new' && t.sndUna[s] === t.sndEnd[s];
  deliver(world, hooks, s);
  if (drained && t.generation[s] === generation && (t.flags[s]! & FLAG_ORPHAN) === 0) {
    if (t.state[s] === ESTABLISHED || t.state[s] === CLOSE_WAIT) hooks.drained?.(world, s);
  }
  return 'done';
}

/** Whether a segment brings data, or a FIN, from before what is expected next. */
function repeats(world: NetWorld, s: SocketId, p: PacketId): boolean {
  const pool = world.net.packets;
  const occupies =
    pool.reals[(p << PACKET_REALS) | PAYLOAD]! > 0 || (pool.rows[(p << PACKET) | FLAGS]! & TCP_FIN) !== 0;
  return occupies && ((pool.rows[(p << PACKET) | SEQ]! - world.net.sockets.rcvNxt[s]!) | 0) < 0;
}

/** Something came again: the next ACK names it (D-SACK), and the next ones do not wait. */
function noteRepeat(t: SocketTable, s: SocketId): void {
  t.flags[s] = t.flags[s]! | FLAG_DUPLICATE;
  t.quickAcks[s] = MAX_QUICK_ACKS;
}

/** tcp_validate_incoming(): sequence, RST and SYN (RFC 5961). */
function validate(
  world: NetWorld,
  hooks: NetHooks,
  s: SocketId,
  p: PacketId,
  flags: number,
): 'go-on' | SegmentOutcome {
  const t = world.net.sockets;
  const pool = world.net.packets;
  const seq = pool.rows[(p << PACKET) | SEQ]!;
  const syn = (flags & TCP_SYN) !== 0;
  const end = (seq + pool.reals[(p << PACKET_REALS) | PAYLOAD]! + (syn ? 1 : 0) + (flags & TCP_FIN)) >>> 0;
  const edge = (t.rcvWup[s]! + t.rcvWnd[s]!) >>> 0;
  const state = t.state[s]!;
  // A side that has answered a FIN accepts a RST from before the FIN, too (tcp_reset_check).
  const lateReset =
    seq === (t.rcvNxt[s]! - 1) >>> 0 && (state === CLOSE_WAIT || state === LAST_ACK || state === CLOSING);
  if (((end - t.rcvWup[s]!) | 0) < 0 || ((seq - edge) | 0) > 0) {
    if ((flags & TCP_RST) !== 0) {
      if (!lateReset) return 'bad-segment';
      resetReceived(world, hooks, s);
      return 'done';
    }
    const allowed = syn ? challengeAckAllowed(world, s) : challengeAllowed(world, s, p);
    if (!allowed) return 'bad-segment';
    if (!syn && repeats(world, s, p)) noteRepeat(t, s);
    sendAck(world, hooks, s);
    return 'bad-segment';
  }
  if ((flags & TCP_RST) !== 0) {
    if (seq === t.rcvNxt[s] || lateReset) {
      resetReceived(world, hooks, s);
      return 'done';
    }
    if (challengeAckAllowed(world, s)) sendAck(world, hooks, s);
    return 'bad-segment';
  }
  if (syn) {
    if (challengeAckAllowed(world, s)) sendAck(world, hooks, s);
    return 'bad-segment';
  }
  return 'go-on';
}

/** tcp_reset(). */
function resetReceived(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  leaveQueue(world, s);
  endSocket(world, hooks, s, 'reset');
}

function finAcknowledged(world: NetWorld, s: SocketId): boolean {
  const t = world.net.sockets;
  return (t.flags[s]! & FLAG_FIN_QUEUED) !== 0 && t.sndUna[s] === (t.sndEnd[s]! + 1) >>> 0;
}

/** Our FIN has been acknowledged. @returns whether the segment is to be looked at further */
function afterFinAck(world: NetWorld, hooks: NetHooks, host: Host, s: SocketId, p: PacketId): boolean {
  const t = world.net.sockets;
  switch (t.state[s]) {
    case FIN_WAIT1: {
      setState(world, s, FIN_WAIT2);
      if ((t.flags[s]! & FLAG_ORPHAN) === 0) return true;
      if (lateData(world, hooks, host, s, p)) return false;
      if ((world.net.packets.rows[(p << PACKET) | FLAGS]! & TCP_FIN) !== 0) return true;
      orphanFinWait2(world, hooks, s);
      return false;
    }
    case CLOSING:
      enterTimeWait(world, hooks, s, TIME_WAIT, TIME_WAIT_NS);
      return false;
    case LAST_ACK:
      endSocket(world, hooks, s, 'closed');
      return false;
    default:
      return true;
  }
}

/**
 * Data, or a FIN behind data that is missing, for an application that has closed the socket: nobody will read
 * it, so the connection is reset.
 */
function lateData(world: NetWorld, hooks: NetHooks, host: Host, s: SocketId, p: PacketId): boolean {
  const t = world.net.sockets;
  const pool = world.net.packets;
  const occupies =
    pool.reals[(p << PACKET_REALS) | PAYLOAD]! > 0 || (pool.rows[(p << PACKET) | FLAGS]! & TCP_FIN) !== 0;
  if ((t.flags[s]! & (FLAG_ORPHAN | FLAG_RECEIVE_SHUT)) === 0 || !occupies) return false;
  const end = (pool.rows[(p << PACKET) | SEQ]! + pool.reals[(p << PACKET_REALS) | PAYLOAD]!) >>> 0;
  if (((end - t.rcvNxt[s]!) | 0) <= 0) return false;
  sendReset(world, hooks, host, p);
  endSocket(world, hooks, s, 'reset');
  return true;
}

/** tcp_fin(): the other side's FIN is in order. @returns how to acknowledge it */
function finReceived(world: NetWorld, hooks: NetHooks, s: SocketId, wish: AckWish): AckWish {
  const t = world.net.sockets;
  switch (t.state[s]) {
    case ESTABLISHED:
      setState(world, s, CLOSE_WAIT);
      // The application will probably close as well: the ACK waits for its FIN
      // (inet_csk_enter_pingpong_mode).
      t.pingPong[s] = PING_PONG;
      return 'later';
    case FIN_WAIT1:
      sendAck(world, hooks, s);
      setState(world, s, CLOSING);
      return 'none';
    case FIN_WAIT2:
      cancelTimer(world.sim, world.net.delayedAckBank, s);
      sendAck(world, hooks, s);
      deliver(world, hooks, s);
      if (t.state[s] === FIN_WAIT2) enterTimeWait(world, hooks, s, TIME_WAIT, TIME_WAIT_NS);
      return 'none';
    default:
      return wish;
  }
}
