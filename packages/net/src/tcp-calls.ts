import type { Ipv4 } from '@lvscope/inet';
import { deliver } from './deliver.ts';
import { initialRtoNs, initialWindow } from './kernel-profile.ts';
import { claimTuple, ephemeralPort } from './ports.ts';
import { followPathMtu } from './mtu.ts';
import { findPath, mtuTowards } from './paths.ts';
import { initialSequence } from './sequence-numbers.ts';
import {
  allocateSocket,
  CLOSE_WAIT,
  CLOSING,
  ESTABLISHED,
  FIN_WAIT1,
  FIN_WAIT2,
  FLAG_FIN_QUEUED,
  FLAG_KEEPALIVE,
  FLAG_NODELAY,
  FLAG_ORPHAN,
  FLAG_OWNED,
  FLAG_PAUSED,
  FLAG_RECEIVE_SHUT,
  hashSocket,
  LAST_ACK,
  SYN_SENT,
} from './socket-table.ts';
import { armSocketTimer } from './socket-timer.ts';
import type { Host, NetHooks, NetWorld, SocketId } from './state.ts';
import { countState, endSocket, orphanFinWait2, setState } from './tcp-end.ts';
import { firstWindow, pushData, sendAck, sendActiveReset, sendSyn, windowOf } from './tcp-output.ts';
import { armRetransmit, rtoNs } from './tcp-rto.ts';

/** Why connect() failed at once: no free port (EADDRNOTAVAIL), names in use, no route (ENETUNREACH). */
export type ConnectError = 'ports-exhausted' | 'address-in-use' | 'unreachable';

export interface ConnectOptions {
  /** 0 or absent: chosen by the route. */
  readonly source?: Ipv4 | number;
  /** 0 or absent: an ephemeral port. */
  readonly sourcePort?: number;
  readonly destination: Ipv4 | number;
  readonly destinationPort: number;
  readonly app?: number;
  readonly appData?: number;
  /** The clock at time 0, ticks of 1 ms, of a machine behind this host; absent: the host's own. */
  readonly clock?: number;
}

/** Begins to open a TCP connection; `connected` or `closed` tells how it went. */
export function connect(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  options: ConnectOptions,
): SocketId | ConnectError {
  const { net, sim } = world;
  const { destination, destinationPort } = options;
  const path = findPath(world, host, destination, destination);
  if (path.kind === 'no-route') return 'unreachable';
  const source = options.source || path.source;
  if (source === 0) return 'unreachable';
  let port = options.sourcePort ?? 0;
  if (port === 0) {
    port = ephemeralPort(world, hooks, host, source, destination, destinationPort);
    if (port === 0) return 'ports-exhausted';
  } else if (!claimTuple(world, hooks, host, source, port, destination, destinationPort, true)) {
    return 'address-in-use';
  }
  const t = net.sockets;
  const s = allocateSocket(t);
  t.host[s] = host.id;
  t.localAddress[s] = source;
  t.localPort[s] = port;
  t.remoteAddress[s] = destination;
  t.remotePort[s] = destinationPort;
  t.app[s] = options.app ?? 0;
  t.appData[s] = options.appData ?? 0;
  t.flags[s] = FLAG_OWNED | FLAG_NODELAY;
  if (options.clock !== undefined) t.clocks.set(s, options.clock);
  const isn = initialSequence(world, source, port, destination, destinationPort);
  t.sndUna[s] = isn;
  t.sndNxt[s] = isn + 1;
  t.sndMax[s] = isn + 1;
  t.sndEnd[s] = isn + 1;
  t.sndSmall[s] = isn + 1;
  t.rcvWnd[s] = firstWindow(host);
  t.mss[s] = mtuTowards(world, host, destination) - 40;
  t.cwnd[s] = initialWindow(host.kernel);
  t.ssthresh[s] = 0x7fffffff;
  t.challengeAt[s] = -1e9;
  t.retransmitSince[s] = -1;
  t.lastReceivedAt[s] = -1;
  t.timedAt[s] = sim.now;
  countState(world, s, SYN_SENT);
  hashSocket(t, s);
  armSocketTimer(world, net.retransmitBank, s, initialRtoNs(host.kernel));
  sendSyn(world, hooks, s);
  return s;
}

/** setsockopt(SO_KEEPALIVE): a silent connection is probed by net.ipv4.tcp_keepalive_*. */
export function setKeepAlive(world: NetWorld, s: SocketId, on: boolean): void {
  const t = world.net.sockets;
  t.flags[s] = on ? t.flags[s]! | FLAG_KEEPALIVE : t.flags[s]! & ~FLAG_KEEPALIVE;
  t.heardAt[s] = world.sim.now;
  if (!on) return;
  const wait = world.net.hosts[t.host[s]!]!.sysctl.tcp_keepalive_time * 1e9;
  armSocketTimer(world, world.net.keepBank, s, wait);
}

/** Whether the application may still send on the socket. */
function canSend(world: NetWorld, s: SocketId): boolean {
  const t = world.net.sockets;
  const state = t.state[s];
  if ((t.flags[s]! & (FLAG_OWNED | FLAG_ORPHAN | FLAG_FIN_QUEUED)) !== FLAG_OWNED) return false;
  return state === ESTABLISHED || state === CLOSE_WAIT || state === SYN_SENT;
}

/**
 * Queues bytes to be sent. @returns false where that is an error (EPIPE, ENOTCONN): after FIN, close or
 * reset
 */
export function send(world: NetWorld, hooks: NetHooks, s: SocketId, bytes: number): boolean {
  if (!canSend(world, s)) return false;
  const t = world.net.sockets;
  restartAfterIdle(world, s);
  const host = world.net.hosts[t.host[s]!]!;
  const fits = host.exceptions.size === 0 || followPathMtu(world, host, s, bytes);
  t.sndEnd[s] = t.sndEnd[s]! + bytes;
  if (t.state[s] === SYN_SENT) return true;
  if (fits) pushData(world, hooks, s);
  else armRetransmit(world, s);
  return true;
}

/**
 * A sender that was silent for longer than its time-out begins again with a small congestion window: it is
 * halved for each time-out, down to the initial one (tcp_slow_start_after_idle, tcp_cwnd_restart).
 */
function restartAfterIdle(world: NetWorld, s: SocketId): void {
  const t = world.net.sockets;
  if (t.sndMax[s] !== t.sndUna[s] || t.sndEnd[s] !== t.sndMax[s] || t.lastSentAt[s] === 0) return;
  const rto = rtoNs(world, s);
  let idle = world.sim.now - t.lastSentAt[s]!;
  const least = Math.min(initialWindow(world.net.hosts[t.host[s]!]!.kernel), t.cwnd[s]!);
  if (idle <= rto || t.cwnd[s]! <= least) return;
  t.ssthresh[s] = Math.max(t.ssthresh[s]!, Math.floor(t.cwnd[s]! * 0.75));
  for (idle -= rto; idle > 0 && t.cwnd[s]! > least; idle -= rto) t.cwnd[s] = Math.floor(t.cwnd[s]! / 2);
  t.cwnd[s] = Math.max(t.cwnd[s]!, least);
}

/**
 * shutdown(2). 'write': our FIN after all that is queued; receiving goes on. 'both': data that still comes
 * is answered with RST; the socket stays the owner's, so FIN_WAIT2 has no time-out.
 */
export function shutdown(
  world: NetWorld,
  hooks: NetHooks,
  s: SocketId,
  how: 'write' | 'both' = 'write',
): boolean {
  if (!canSend(world, s)) return false;
  const t = world.net.sockets;
  if (how === 'both') t.flags[s] = t.flags[s]! | FLAG_RECEIVE_SHUT;
  if (t.state[s] === SYN_SENT) {
    endSocket(world, hooks, s, 'closed');
    return true;
  }
  t.flags[s] = t.flags[s]! | FLAG_FIN_QUEUED;
  setState(world, s, t.state[s] === ESTABLISHED ? FIN_WAIT1 : LAST_ACK);
  pushData(world, hooks, s);
  return true;
}

/**
 * close(2): FIN after what is queued; RST where data is unread. The owner hears `closed` when the
 * connection is over, and nothing else from now on.
 */
export function close(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const t = world.net.sockets;
  if ((t.flags[s]! & (FLAG_OWNED | FLAG_ORPHAN)) !== FLAG_OWNED) return;
  if (t.state[s] === SYN_SENT) {
    endSocket(world, hooks, s, 'closed');
    return;
  }
  if (t.unread[s]! > 0) {
    abort(world, hooks, s);
    return;
  }
  const finAlready = (t.flags[s]! & FLAG_FIN_QUEUED) !== 0;
  t.flags[s] = t.flags[s]! | FLAG_ORPHAN | FLAG_FIN_QUEUED;
  if (!finAlready) {
    setState(world, s, t.state[s] === ESTABLISHED ? FIN_WAIT1 : LAST_ACK);
    pushData(world, hooks, s);
  } else if (t.state[s] === FIN_WAIT2) {
    orphanFinWait2(world, hooks, s);
  }
}

/**
 * Resets the connection (SO_LINGER 0). The owner hears `closed` with reason 'reset'. Where both FINs are out
 * already and nothing is left to be sent, the socket just goes (tcp_disconnect, tcp_need_reset).
 */
export function abort(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const t = world.net.sockets;
  if ((t.flags[s]! & FLAG_OWNED) === 0) return;
  const state = t.state[s];
  const allSent = t.sndMax[s] === (t.sndEnd[s]! + 1) >>> 0;
  const silent = state === SYN_SENT || ((state === LAST_ACK || state === CLOSING) && allSent);
  if (!silent) sendActiveReset(world, hooks, s);
  endSocket(world, hooks, s, 'reset');
}

/**
 * Stops or resumes reading. While the application does not read, bytes stay in the receive buffer, the window
 * shrinks, and a close resets the connection.
 */
export function setReading(world: NetWorld, hooks: NetHooks, s: SocketId, reading: boolean): void {
  const t = world.net.sockets;
  if ((t.flags[s]! & FLAG_OWNED) === 0) return;
  if (!reading) {
    t.flags[s] = t.flags[s]! | FLAG_PAUSED;
    return;
  }
  if ((t.flags[s]! & FLAG_PAUSED) === 0) return;
  t.flags[s] = t.flags[s]! & ~FLAG_PAUSED;
  const before = windowOf(world, s);
  const generation = t.generation[s]!;
  deliver(world, hooks, s);
  if (t.generation[s] !== generation || (t.flags[s] & FLAG_OWNED) === 0) return;
  // A window that has opened by as much again is told to the sender (tcp_cleanup_rbuf).
  if (windowOf(world, s) >= 2 * Math.max(1, before)) sendAck(world, hooks, s);
}

/**
 * TCP_NODELAY: small segments do not wait for the acknowledgement of the one before. Sockets have it from
 * the start, as those of web servers and event loops do; without it Nagle's rule applies.
 */
export function setNoDelay(world: NetWorld, hooks: NetHooks, s: SocketId, on: boolean): void {
  const t = world.net.sockets;
  if ((t.flags[s]! & FLAG_OWNED) === 0) return;
  t.flags[s] = on ? t.flags[s]! | FLAG_NODELAY : t.flags[s]! & ~FLAG_NODELAY;
  if (on && canSend(world, s) && t.state[s] !== SYN_SENT) pushData(world, hooks, s);
}
