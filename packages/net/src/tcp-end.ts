import { cancelTimer } from '@lvscope/des';
import {
  CLOSED,
  FLAG_FIN_QUEUED,
  FLAG_EOF_TOLD,
  FLAG_ORPHAN,
  FLAG_OWNED,
  FLAG_READ_CLOSED,
  FLAG_TIMEWAIT_FIN2,
  FIN_WAIT2,
  releaseSocket,
  TIME_WAIT,
  unhashSocket,
} from './socket-table.ts';
import { armSocketTimer } from './socket-timer.ts';
import { rtoNs } from './tcp-rto.ts';
import type { CloseReason, NetHooks, NetWorld, SocketId } from './state.ts';
import { rememberStamp } from './timestamps.ts';

/** TCP_TIMEWAIT_LEN (include/net/tcp.h): it is no sysctl. */
export const TIME_WAIT_NS = 60e9;

/** Moves a socket to another state, and the host's counts with it. */
export function setState(world: NetWorld, s: SocketId, state: number): void {
  const t = world.net.sockets;
  const counts = world.net.hosts[t.host[s]!]!.socketCounts;
  const old = t.state[s]!;
  counts[old] = counts[old]! - 1;
  counts[state] = counts[state]! + 1;
  t.state[s] = state;
}

/** Counts a fresh socket in its first state. */
export function countState(world: NetWorld, s: SocketId, state: number): void {
  const t = world.net.sockets;
  const counts = world.net.hosts[t.host[s]!]!.socketCounts;
  counts[state] = counts[state]! + 1;
  t.state[s] = state;
}

function stopTimers(world: NetWorld, s: SocketId): void {
  const { net, sim } = world;
  cancelTimer(sim, net.retransmitBank, s);
  cancelTimer(sim, net.keepBank, s);
  cancelTimer(sim, net.delayedAckBank, s);
}

/**
 * The owner hears of the end once. An application that had stopped reading first reads what is left: its
 * descriptor outlives the connection.
 */
function tellOwner(world: NetWorld, hooks: NetHooks, s: SocketId, reason: CloseReason): void {
  const t = world.net.sockets;
  const flags = t.flags[s]!;
  if ((flags & FLAG_OWNED) === 0) return;
  t.flags[s] = flags & ~FLAG_OWNED;
  if (reason === 'closed' && (flags & FLAG_ORPHAN) === 0) {
    const bytes = t.unread[s]!;
    t.unread[s] = 0;
    if (bytes > 0) hooks.received(world, s, bytes);
    if ((flags & (FLAG_READ_CLOSED | FLAG_EOF_TOLD)) === FLAG_READ_CLOSED) hooks.remoteClosed(world, s);
  }
  hooks.closed(world, s, reason);
}

/**
 * The end of a socket: no timer, no name, no slot; the owner hears the reason before the slot is given
 * back.
 */
export function endSocket(world: NetWorld, hooks: NetHooks, s: SocketId, reason: CloseReason): void {
  const t = world.net.sockets;
  stopTimers(world, s);
  unhashSocket(t, s);
  setState(world, s, CLOSED);
  tellOwner(world, hooks, s, reason);
  const counts = world.net.hosts[t.host[s]!]!.socketCounts;
  counts[CLOSED] = counts[CLOSED]! - 1;
  releaseSocket(t, s);
}

/**
 * Leaves only what tcp_time_wait() keeps: names, numbers and a timer. `state` is TIME_WAIT, or FIN_WAIT2
 * when the other side's FIN is still missing. Where there are tcp_max_tw_buckets of them already, the
 * socket just ends.
 */
export function enterTimeWait(
  world: NetWorld,
  hooks: NetHooks,
  s: SocketId,
  state: typeof TIME_WAIT | typeof FIN_WAIT2,
  ns: number,
): void {
  const { net, sim } = world;
  const t = net.sockets;
  const host = net.hosts[t.host[s]!]!;
  if (state === TIME_WAIT && host.socketCounts[TIME_WAIT]! >= host.sysctl.tcp_max_tw_buckets) {
    endSocket(world, hooks, s, 'closed');
    return;
  }
  // a recycled one is gone after three and a half time-outs (tcp_time_wait of 2.6)
  const short = host.sysctl.tcp_tw_recycle !== 0 && rememberStamp(world, host, s) && state === TIME_WAIT;
  stopTimers(world, s);
  setState(world, s, state);
  if (state === FIN_WAIT2) t.flags[s] = t.flags[s]! | FLAG_TIMEWAIT_FIN2;
  if ((t.flags[s]! & FLAG_FIN_QUEUED) !== 0) t.sndNxt[s] = (t.sndEnd[s]! + 1) >>> 0;
  t.closedAt[s] = sim.now;
  armSocketTimer(world, net.keepBank, s, short ? 3.5 * rtoNs(world, s) : ns);
  if (state === TIME_WAIT) tellOwner(world, hooks, s, 'closed');
}

/**
 * tcp_fin_time(): how long an orphan waits for the other side's FIN, ns. No less than three and a half
 * time-outs, which are long where the FIN had to be sent again and again.
 */
export function finTimeNs(world: NetWorld, s: SocketId): number {
  const configured = world.net.hosts[world.net.sockets.host[s]!]!.sysctl.tcp_fin_timeout * 1e9;
  return Math.max(configured, 3.5 * rtoNs(world, s));
}

/**
 * An orphan in FIN_WAIT2 becomes a time-wait socket for tcp_fin_timeout, at once where that is a minute or
 * less, else when all but a minute of it is over (tcp_close, tcp_rcv_state_process).
 */
export function orphanFinWait2(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const ns = finTimeNs(world, s);
  if (ns > TIME_WAIT_NS) armSocketTimer(world, world.net.keepBank, s, ns - TIME_WAIT_NS);
  else enterTimeWait(world, hooks, s, FIN_WAIT2, ns);
}

/**
 * The first part of a long wait in FIN_WAIT2 is over (tcp_keepalive_timer): the rest as a time-wait socket,
 * which tcp_time_wait() makes three and a half time-outs again.
 */
export function orphanGoesOn(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const rest = finTimeNs(world, s) - TIME_WAIT_NS;
  enterTimeWait(world, hooks, s, FIN_WAIT2, Math.max(rest, 3.5 * rtoNs(world, s)));
}
