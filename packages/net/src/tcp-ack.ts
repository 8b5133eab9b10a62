import { cancelTimer } from '@lvscope/des';
import { ACK, COUNT, FLAGS, PACKET, PACKET_REALS, PAYLOAD, WINDOW } from './packet-row.ts';
import { addRttSample } from './round-trip.ts';
import { FLAG_LINUX_PEER, FLAG_PROBED, FLAG_RECOVERY, FLAG_RTT_TIMED } from './socket-table.ts';
import type { NetHooks, NetWorld, PacketId, SocketId } from './state.ts';
import { inFlight } from './tcp-burst.ts';
import { pushData, resendFirst } from './tcp-output.ts';
import { armLossTimer } from './tcp-rto.ts';

/** 'new' acknowledges something, 'old' nothing; 'too-old' and 'unsent' are not acceptable. */
export type AckResult = 'new' | 'old' | 'too-old' | 'unsent';

/** tcp_ack(): what the acknowledgement number and the window of a segment say. */
export function processAck(world: NetWorld, hooks: NetHooks, s: SocketId, p: PacketId): AckResult {
  const { net } = world;
  const t = net.sockets;
  const pool = net.packets;
  const ack = pool.rows[(p << PACKET) | ACK]!;
  const una = t.sndUna[s]!;
  t.heardAt[s] = world.sim.now;
  t.keepProbes[s] = 0;
  if (((ack - una) | 0) < 0) {
    return ((ack - una + t.maxWindow[s]!) | 0) < 0 ? 'too-old' : 'old';
  }
  if (((ack - t.sndMax[s]!) | 0) > 0) return 'unsent';
  const window = pool.rows[(p << PACKET) | WINDOW]!;
  const windowChanged = window !== t.sndWnd[s];
  t.sndWnd[s] = window;
  if (window > t.maxWindow[s]!) t.maxWindow[s] = window;
  if (ack === una) {
    // A duplicate ACK carries nothing else and comes while data is missing (RFC 5681).
    if (
      pool.reals[(p << PACKET_REALS) | PAYLOAD] === 0 &&
      !windowChanged &&
      t.sndMax[s] !== una &&
      (pool.rows[(p << PACKET) | FLAGS]! & 7) === 0
    ) {
      duplicateAck(world, hooks, s, pool.rows[(p << PACKET) | COUNT]!);
    } else if (windowChanged && t.sndMax[s] === una) {
      t.retries[s] = 0;
    }
    return 'old';
  }
  newlyAcknowledged(world, hooks, s, ack);
  return 'new';
}

function newlyAcknowledged(world: NetWorld, hooks: NetHooks, s: SocketId, ack: number): void {
  const { net, sim } = world;
  const t = net.sockets;
  const flight = inFlight(world, s);
  const bytes = (ack - t.sndUna[s]!) >>> 0;
  t.sndUna[s] = ack;
  if (t.pieces.size > 0) forgetPieces(t, s);
  t.flags[s] = t.flags[s]! & ~FLAG_PROBED;
  if (((ack - t.sndNxt[s]!) | 0) > 0) t.sndNxt[s] = ack;
  if (((ack - t.sndEnd[s]!) | 0) > 0 && ((t.sndSmall[s]! - ack) | 0) > 0) t.sndSmall[s] = ack;
  if ((t.flags[s] & FLAG_RTT_TIMED) !== 0 && ((ack - t.timedSeq[s]!) | 0) >= 0) {
    t.flags[s] = t.flags[s] & ~FLAG_RTT_TIMED;
    addRttSample(t, s, sim.now - t.timedAt[s]!);
  } else if ((t.flags[s] & FLAG_LINUX_PEER) !== 0) {
    t.backoff[s] = 0; // a timestamp tells the round trip of what was sent again, too
  }
  t.retries[s] = 0;
  t.retransmitSince[s] = -1;
  t.dupAcks[s] = 0;
  if ((t.flags[s] & FLAG_RECOVERY) !== 0) {
    if (((ack - t.recoverSeq[s]!) | 0) >= 0) {
      t.flags[s] = t.flags[s] & ~FLAG_RECOVERY;
      t.cwnd[s] = t.ssthresh[s]!;
    } else {
      resendFirst(world, hooks, s); // a partial ACK: the next hole (RFC 6582)
    }
  } else {
    growWindow(t, s, bytes, flight);
  }
  if (t.sndMax[s] === ack) cancelTimer(sim, net.retransmitBank, s);
  else armLossTimer(world, s);
}

function forgetPieces(t: NetWorld['net']['sockets'], s: SocketId): void {
  const pieces = t.pieces.get(s);
  if (pieces !== undefined && ((t.sndUna[s]! - pieces.end) | 0) >= 0) t.pieces.delete(s);
}

/**
 * Slow start, then one segment a round trip; only when the window was what held the sender
 * (tcp_is_cwnd_limited).
 */
function growWindow(t: NetWorld['net']['sockets'], s: SocketId, bytes: number, flight: number): void {
  const mss = t.mss[s]!;
  const cwnd = t.cwnd[s]!;
  const segments = Math.ceil(bytes / mss);
  if (cwnd < t.ssthresh[s]!) {
    if (2 * Math.ceil(flight / mss) > cwnd) t.cwnd[s] = cwnd + segments;
  } else if (flight + mss > cwnd * mss) {
    t.cwnd[s] = cwnd + segments / cwnd;
  }
}

function duplicateAck(world: NetWorld, hooks: NetHooks, s: SocketId, count: number): void {
  const t = world.net.sockets;
  const seen = t.dupAcks[s]! + count;
  t.dupAcks[s] = seen;
  if ((t.flags[s]! & FLAG_RECOVERY) !== 0) {
    t.cwnd[s] = t.cwnd[s]! + count; // each says that one more segment has left the network
    pushData(world, hooks, s);
    return;
  }
  if (seen < 3 || t.retries[s]! > 0) return;
  const flight = Math.ceil(inFlight(world, s) / t.mss[s]!);
  t.ssthresh[s] = Math.max(2, flight >> 1);
  t.cwnd[s] = t.ssthresh[s] + seen;
  t.recoverSeq[s] = t.sndMax[s]!;
  t.flags[s] = t.flags[s]! | FLAG_RECOVERY;
  resendFirst(world, hooks, s);
}
