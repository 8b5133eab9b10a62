import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '@lvscope/inet';
import { challengeAllowed } from './challenge.ts';
import { FLAGS, PACKET, PACKET_REALS, PAYLOAD, SEQ } from './packet-row.ts';
import { FLAG_TIMEWAIT_FIN2 } from './socket-table.ts';
import { armSocketTimer } from './socket-timer.ts';
import type { Host, NetHooks, NetWorld, PacketId, SocketId } from './state.ts';
import { endSocket, enterTimeWait, TIME_WAIT_NS } from './tcp-end.ts';
import { sendAck, sendReset } from './tcp-output.ts';
import { TIME_WAIT } from './socket-table.ts';

/** 'syn': the socket is gone, and the SYN is for the listener, to be answered from `isn` on. */
export type TimeWaitOutcome =
  | { readonly kind: 'done' | 'bad-segment' }
  | { readonly kind: 'syn'; readonly isn: number };

const DONE: TimeWaitOutcome = { kind: 'done' };
const BAD: TimeWaitOutcome = { kind: 'bad-segment' };

/** tcp_timewait_state_process(): a segment for what is left of a closed connection. */
export function timeWaitInput(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  s: SocketId,
  p: PacketId,
  hasListener: boolean,
): TimeWaitOutcome {
  const t = world.net.sockets;
  if ((t.flags[s]! & FLAG_TIMEWAIT_FIN2) !== 0) return finWait2Input(world, hooks, host, s, p);
  const pool = world.net.packets;
  const flags = pool.rows[(p << PACKET) | FLAGS]!;
  const seq = pool.rows[(p << PACKET) | SEQ]!;
  const end = endOf(world, p);
  const rst = (flags & TCP_RST) !== 0;
  if (seq === t.rcvNxt[s] && (seq === end || rst)) {
    if (rst) endSocket(world, hooks, s, 'reset');
    else keepFor(world, s);
    return DONE;
  }
  if ((flags & (TCP_SYN | TCP_RST | TCP_ACK)) === TCP_SYN && ((seq - t.rcvNxt[s]!) | 0) > 0 && hasListener) {
    const isn = (t.sndNxt[s]! + 65537) >>> 0;
    endSocket(world, hooks, s, 'closed');
    return { kind: 'syn', isn };
  }
  if (!rst) {
    if ((flags & TCP_ACK) !== 0) keepFor(world, s);
    if (challengeAllowed(world, s, p)) sendAck(world, hooks, s);
  }
  return BAD;
}

/**
 * The sub-state FIN_WAIT2 of a time-wait socket: our side is closed for good, the other one may still
 * close.
 */
function finWait2Input(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  s: SocketId,
  p: PacketId,
): TimeWaitOutcome {
  const t = world.net.sockets;
  const pool = world.net.packets;
  const flags = pool.rows[(p << PACKET) | FLAGS]!;
  const seq = pool.rows[(p << PACKET) | SEQ]!;
  const end = endOf(world, p);
  const next = t.rcvNxt[s]!;
  const edge = (next + t.rcvWnd[s]!) >>> 0;
  const inWindow =
    seq === next || (((next - end) | 0) < 0 && ((seq - edge) | 0) < 0) || (seq === edge && seq === end);
  if (!inWindow) {
    if (challengeAllowed(world, s, p)) sendAck(world, hooks, s);
    return BAD;
  }
  if ((flags & TCP_RST) !== 0) {
    endSocket(world, hooks, s, 'reset');
    return DONE;
  }
  if ((flags & TCP_SYN) !== 0 && ((seq - next) | 0) >= 0) return reset(world, hooks, host, s, p);
  if ((flags & TCP_ACK) === 0 || ((end - next) | 0) <= 0 || end === seq) return DONE;
  if ((flags & TCP_FIN) === 0 || end !== (next + 1) >>> 0) return reset(world, hooks, host, s, p);
  t.rcvNxt[s] = end;
  t.flags[s] = t.flags[s]! & ~FLAG_TIMEWAIT_FIN2;
  enterTimeWait(world, hooks, s, TIME_WAIT, TIME_WAIT_NS);
  if (t.state[s] === TIME_WAIT) sendAck(world, hooks, s);
  return DONE;
}

function reset(world: NetWorld, hooks: NetHooks, host: Host, s: SocketId, p: PacketId): TimeWaitOutcome {
  sendReset(world, hooks, host, p);
  endSocket(world, hooks, s, 'reset');
  return DONE;
}

function endOf(world: NetWorld, p: PacketId): number {
  const pool = world.net.packets;
  const flags = pool.rows[(p << PACKET) | FLAGS]!;
  const syn = (flags & TCP_SYN) !== 0 ? 1 : 0;
  return (
    (pool.rows[(p << PACKET) | SEQ]! +
      pool.reals[(p << PACKET_REALS) | PAYLOAD]! +
      syn +
      (flags & TCP_FIN)) >>>
    0
  );
}

function keepFor(world: NetWorld, s: SocketId): void {
  armSocketTimer(world, world.net.keepBank, s, TIME_WAIT_NS);
}
