import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '@lvscope/inet';
import { acceptQueueFull, forgetRequest, queueChild } from './accept-queue.ts';
import { challengeAllowed } from './challenge.ts';
import { initialRtoNs } from './kernel-profile.ts';
import { ACK, FLAGS, PACKET, PACKET_REALS, PAYLOAD, SEQ, WINDOW } from './packet-row.ts';
import { armSocketTimer } from './socket-timer.ts';
import type { Host, NetHooks, NetWorld, PacketId, SocketId } from './state.ts';
import { sendAck, sendReset, sendSynAck } from './tcp-output.ts';

export type RequestOutcome = 'child' | 'listener' | 'done' | 'listen-overflow' | 'bad-segment';

/**
 * A segment for a half-open connection (tcp_check_req).
 * @returns 'child' when it completed the handshake: the socket is established and the segment is still to be
 *   processed by it; 'listener' when the listening socket is to look at it
 */
export function requestInput(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  s: SocketId,
  p: PacketId,
): RequestOutcome {
  const t = world.net.sockets;
  const pool = world.net.packets;
  const listener = world.net.listeners[t.listener[s]!]!;
  let flags = pool.rows[(p << PACKET) | FLAGS]! & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN);
  const seq = pool.rows[(p << PACKET) | SEQ]!;
  const theirIsn = (t.rcvNxt[s]! - 1) >>> 0;
  if (!listener.open) {
    forgetRequest(world, hooks, s);
    return 'listener';
  }
  if ((flags & (TCP_SYN | TCP_ACK | TCP_RST)) === TCP_SYN && seq === theirIsn) {
    if (!challengeAllowed(world, s, p)) return 'bad-segment';
    sendSynAck(world, hooks, s);
    const wait = Math.min(initialRtoNs(host.kernel) * 2 ** t.retries[s]!, 120e9);
    armSocketTimer(world, world.net.retransmitBank, s, wait);
    t.timedAt[s] = -1;
    return 'done';
  }
  if ((flags & TCP_ACK) !== 0 && pool.rows[(p << PACKET) | ACK] !== t.sndNxt[s]) return 'listener';
  const syn = (flags & TCP_SYN) !== 0 ? 1 : 0;
  const end = (seq + pool.reals[(p << PACKET_REALS) | PAYLOAD]! + syn + (flags & TCP_FIN)) >>> 0;
  if (!inWindow(seq, end, t.rcvNxt[s]!, (t.rcvNxt[s]! + t.rcvWnd[s]!) >>> 0)) {
    if ((flags & TCP_RST) === 0 && challengeAllowed(world, s, p)) sendAck(world, hooks, s);
    return 'bad-segment';
  }
  if (seq === theirIsn) flags &= ~TCP_SYN;
  if ((flags & (TCP_RST | TCP_SYN)) !== 0) {
    if ((flags & TCP_RST) === 0) sendReset(world, hooks, host, p);
    forgetRequest(world, hooks, s);
    return 'done';
  }
  if ((flags & TCP_ACK) === 0) return 'bad-segment';
  if (acceptQueueFull(listener)) {
    listener.overflows++;
    if (host.sysctl.tcp_abort_on_overflow !== 0) {
      sendReset(world, hooks, host, p);
      forgetRequest(world, hooks, s);
    }
    return 'listen-overflow';
  }
  queueChild(world, s, pool.rows[(p << PACKET) | WINDOW]!);
  return 'child';
}

/** tcp_in_window(). */
function inWindow(seq: number, end: number, from: number, to: number): boolean {
  if (seq === from) return true;
  if (((from - end) | 0) < 0 && ((seq - to) | 0) < 0) return true;
  return seq === to && seq === end;
}
