import { forgetRequest } from './accept-queue.ts';
import { initialRtoNs } from './kernel-profile.ts';
import {
  CLOSE_WAIT,
  ESTABLISHED,
  FLAG_ACK_PENDING,
  FLAG_KEEPALIVE,
  FLAG_NODELAY,
  FLAG_ORPHAN,
  FLAG_PROBE_ARMED,
  FLAG_PROBED,
  FLAG_RECOVERY,
  FLAG_RTT_TIMED,
  FLAG_TIMEWAIT_FIN2,
  FIN_WAIT2,
  STATE_FREE,
  SYN_RECV,
  SYN_SENT,
  TIME_WAIT,
} from './socket-table.ts';
import { armSocketTimer } from './socket-timer.ts';
import type { NetHooks, NetWorld, SocketId } from './state.ts';
import { endSocket, orphanGoesOn } from './tcp-end.ts';
import { inFlight, segmentsInFlight } from './tcp-burst.ts';
import { armProbe, RTO_MAX_NS, rtoNs } from './tcp-rto.ts';
import {
  pushData,
  wakeUp,
  resendLast,
  sendAck,
  sendActiveReset,
  sendProbe,
  sendSyn,
  sendSynAck,
} from './tcp-output.ts';

/** A timer of a socket has run out. */
export function socketTimer(world: NetWorld, hooks: NetHooks, s: SocketId, bank: number): void {
  const { net } = world;
  const t = net.sockets;
  if (t.state[s] === STATE_FREE) return;
  if (bank === net.delayedAckBank) {
    if ((t.flags[s]! & FLAG_ACK_PENDING) !== 0) {
      t.pingPong[s] = 0; // the conversation has stopped: the next ACKs do not wait (tcp_delack_timer_handler)
      sendAck(world, hooks, s);
    }
  } else if (bank === net.keepBank) {
    keepTimer(world, hooks, s);
  } else {
    retransmitTimer(world, hooks, s);
  }
}

function keepTimer(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const t = world.net.sockets;
  if (t.state[s] === TIME_WAIT) endSocket(world, hooks, s, 'closed');
  else if (t.state[s] === ESTABLISHED || t.state[s] === CLOSE_WAIT) keepAlive(world, hooks, s);
  else if (t.state[s] !== FIN_WAIT2) return;
  else if ((t.flags[s]! & FLAG_TIMEWAIT_FIN2) !== 0) endSocket(world, hooks, s, 'timeout');
  else orphanGoesOn(world, hooks, s);
}

/**
 * A connection that has been silent for tcp_keepalive_time is probed; when tcp_keepalive_probes stay without
 * an answer it is reset (tcp_keepalive_timer).
 */
function keepAlive(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const { net, sim } = world;
  const t = net.sockets;
  if ((t.flags[s]! & FLAG_KEEPALIVE) === 0) return;
  const { sysctl } = net.hosts[t.host[s]!]!;
  const wait = sysctl.tcp_keepalive_time * 1e9;
  let next = wait;
  if (t.sndEnd[s] === t.sndUna[s]) {
    const silent = sim.now - t.heardAt[s]!;
    if (silent < wait) next = wait - silent;
    else if (t.keepProbes[s]! >= sysctl.tcp_keepalive_probes) {
      sendActiveReset(world, hooks, s);
      endSocket(world, hooks, s, 'timeout');
      return;
    } else {
      t.keepProbes[s] = t.keepProbes[s]! + 1;
      sendProbe(world, hooks, s);
      next = sysctl.tcp_keepalive_intvl * 1e9;
    }
  }
  armSocketTimer(world, net.keepBank, s, next);
}

function retransmitTimer(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const { net } = world;
  const t = net.sockets;
  const host = net.hosts[t.host[s]!]!;
  if (t.state[s] === SYN_SENT) {
    if (t.retries[s]! >= host.sysctl.tcp_syn_retries) {
      endSocket(world, hooks, s, t.softError[s] === 0 ? 'timeout' : 'unreachable');
      return;
    }
    t.retries[s] = t.retries[s]! + 1;
    t.timedAt[s] = world.sim.now;
    armSocketTimer(world, net.retransmitBank, s, backedOff(world, s));
    sendSyn(world, hooks, s);
    return;
  }
  if (t.state[s] === SYN_RECV) {
    const listener = net.listeners[t.listener[s]!]!;
    if (!listener.open || t.retries[s]! >= host.sysctl.tcp_synack_retries) {
      forgetRequest(world, hooks, s);
      return;
    }
    t.retries[s] = t.retries[s]! + 1;
    t.timedAt[s] = world.sim.now;
    armSocketTimer(world, net.retransmitBank, s, backedOff(world, s));
    sendSynAck(world, hooks, s);
    return;
  }
  if (t.sndMax[s] !== t.sndUna[s] && lossProbe(world, hooks, s)) return;
  if (givenUp(world, s)) {
    endSocket(world, hooks, s, 'timeout');
    return;
  }
  if (inFlight(world, s) === 0 && t.sndMax[s] === t.sndUna[s]) {
    if (t.sndUna[s] === t.sndEnd[s]) return;
    // what failed on its way out goes now; into a closed window goes a probe
    wakeUp(world, hooks, s);
    if (inFlight(world, s) !== 0) return;
    t.retries[s] = t.retries[s]! + 1;
    armProbe(world, s);
    sendProbe(world, hooks, s);
    return;
  }
  retransmit(world, hooks, s);
}

/**
 * An ICMP unreachable about what was sent again says that the way was broken, not full: one doubling of the
 * time-out is taken back, and what is overdue by that goes again at once (RFC 6069, tcp_ld_RTO_revert).
 */
export function revertBackoff(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const { net, sim } = world;
  const t = net.sockets;
  if (t.retries[s] === 0 || t.backoff[s] === 0 || net.hosts[t.host[s]!]!.kernel !== '6.1') return;
  t.backoff[s] = t.backoff[s]! - 1;
  const rest = rtoNs(world, s) - (sim.now - t.lastSentAt[s]!);
  if (rest > 0) armSocketTimer(world, net.retransmitBank, s, rest);
  else retransmitTimer(world, hooks, s);
}

/** The same of a SYN, whose socket ends by the error, but what was overdue went out before. */
export function revertSynBackoff(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const { net, sim } = world;
  const t = net.sockets;
  const { kernel } = net.hosts[t.host[s]!]!;
  if (t.retries[s] === 0 || kernel !== '6.1') return;
  const due = t.timedAt[s]! + initialRtoNs(kernel) * 2 ** (t.retries[s]! - 1);
  if (due <= sim.now) sendSyn(world, hooks, s);
}

/** Everything in flight counts as lost: one segment goes again, and slow start follows (RFC 5681, 3.1). */
function retransmit(world: NetWorld, hooks: NetHooks, s: SocketId): void {
  const t = world.net.sockets;
  if (t.retries[s] === 0) {
    t.ssthresh[s] = Math.max(2, Math.ceil(inFlight(world, s) / t.mss[s]!) >> 1);
    t.retransmitSince[s] = world.sim.now;
  }
  t.retries[s] = t.retries[s]! + 1;
  t.backoff[s] = t.backoff[s]! + 1;
  t.cwnd[s] = 1;
  t.dupAcks[s] = 0;
  t.flags[s] = t.flags[s]! & ~(FLAG_RECOVERY | FLAG_RTT_TIMED);
  t.sndNxt[s] = t.sndUna[s]!;
  t.sndSmall[s] = t.sndUna[s]!;
  pushData(world, hooks, s);
}

/**
 * The probe's time has come (tcp_send_loss_probe): one segment of new data where the other side's window
 * allows it, whatever the congestion window and Nagle's rule say, else the last segment once more; then the
 * time-out runs in full.
 *
 * @returns false where the timer was no probe's
 */
function lossProbe(world: NetWorld, hooks: NetHooks, s: SocketId): boolean {
  const { net } = world;
  const t = net.sockets;
  if ((t.flags[s]! & FLAG_PROBE_ARMED) === 0) return false;
  t.flags[s] = (t.flags[s]! & ~FLAG_PROBE_ARMED) | FLAG_PROBED;
  armSocketTimer(world, net.retransmitBank, s, rtoNs(world, s));
  const sent = t.sndMax[s];
  const cwnd = t.cwnd[s]!;
  const nagle = t.flags[s] & FLAG_NODELAY;
  t.cwnd[s] = segmentsInFlight(world, s) + 1;
  t.flags[s] = t.flags[s] | FLAG_NODELAY;
  pushData(world, hooks, s);
  t.cwnd[s] = cwnd;
  t.flags[s] = (t.flags[s] & ~FLAG_NODELAY) | nagle;
  if (t.sndMax[s] === sent) resendLast(world, hooks, s);
  return true;
}

function backedOff(world: NetWorld, s: SocketId): number {
  const t = world.net.sockets;
  const kernel = world.net.hosts[t.host[s]!]!.kernel;
  return Math.min(initialRtoNs(kernel) * 2 ** t.retries[s]!, 120e9);
}

/**
 * retransmits_timed_out(): the retries are a time, that which so many doublings of 200 ms take; an orphan has
 * tcp_orphan_retries of them (8 for 0), others tcp_retries2.
 */
function givenUp(world: NetWorld, s: SocketId): boolean {
  const t = world.net.sockets;
  if (t.retries[s] === 0) return false;
  const { sysctl } = world.net.hosts[t.host[s]!]!;
  const orphan = (t.flags[s]! & FLAG_ORPHAN) !== 0;
  // an orphan whose time-out has reached its longest gets no more tries (tcp_orphan_retries)
  const orphanRetries = sysctl.tcp_orphan_retries || (rtoNs(world, s) < RTO_MAX_NS ? 8 : 0);
  const boundary = orphan ? orphanRetries : sysctl.tcp_retries2;
  if (t.retransmitSince[s]! < 0) return t.retries[s]! >= boundary;
  // ilog2(120 s / 200 ms) = 9 doublings before the time-out stops growing
  const limit = boundary <= 9 ? (2 ** (boundary + 1) - 1) * 0.2 : 1023 * 0.2 + (boundary - 9) * 120;
  return world.sim.now - t.retransmitSince[s]! >= limit * 1e9;
}
