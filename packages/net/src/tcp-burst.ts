import { FLAG_FIN_QUEUED, FLAG_NODELAY, FLAG_RECOVERY, FLAG_RTT_TIMED } from './socket-table.ts';
import type { NetWorld, SocketId } from './state.ts';

/** sk_gso_max_size of an Ethernet card, bytes. */
const GSO_MAX_BYTES = 65536;
/** net.ipv4.tcp_tso_win_divisor. */
const WINDOW_DIVISOR = 3;

/** Bytes in flight, a FIN counting as one. */
export function inFlight(world: NetWorld, s: SocketId): number {
  const t = world.net.sockets;
  return (t.sndNxt[s]! - t.sndUna[s]!) >>> 0;
}

/**
 * Segments in flight. Bytes that were cut anew for a smaller path MTU count piece by piece: each old burst
 * ends in a short segment.
 */
export function segmentsInFlight(world: NetWorld, s: SocketId): number {
  const t = world.net.sockets;
  const mss = t.mss[s]!;
  const pieces = t.pieces.get(s);
  let from = t.sndUna[s]!;
  const end = t.sndNxt[s]!;
  let segments = 0;
  while (pieces !== undefined && ((pieces.end - from) | 0) > 0 && ((end - from) | 0) > 0) {
    const next = from + Math.min((end - from) >>> 0, pieceRest(pieces, from));
    segments += Math.ceil((next - from) / mss);
    from = next >>> 0;
  }
  return segments + Math.ceil(((end - from) >>> 0) / mss);
}

/**
 * How data was cut into bursts before the path MTU shrank: the kernel sends each of its buffers again by
 * itself (tcp_simple_retransmit), so that the cuts still show.
 */
export interface Pieces {
  readonly from: number;
  readonly bytes: number;
  readonly end: number;
}

/** Bytes from a sequence number to the end of its piece. */
export function pieceRest(pieces: Pieces, seq: number): number {
  const rest = (pieces.end - seq) >>> 0;
  return Math.min(rest, pieces.bytes - (((seq - pieces.from) >>> 0) % pieces.bytes));
}

/**
 * Segments that leave the host as one GSO packet (tcp_tso_autosize, tcp_cwnd_test): what the pacing rate
 * sends in a millisecond, or on a short way as much as the card takes, and at most half the congestion
 * window.
 * The last segment of such a packet carries PSH (tcp_transmit_skb).
 */
export function burstSegments(world: NetWorld, s: SocketId): number {
  const half = Math.max(1, Math.floor(world.net.sockets.cwnd[s]!) >> 1);
  return Math.min(half, autosize(world, s));
}

/** tcp_tso_autosize(), in segments. */
export function autosize(world: NetWorld, s: SocketId): number {
  const t = world.net.sockets;
  const mss = t.mss[s]!;
  const srtt = Math.max(1, t.srttUs[s]!);
  const cwnd = Math.floor(t.cwnd[s]!);
  // sk_pacing_rate: twice the rate of the window in slow start, else 1.2 times
  const ratio = cwnd < t.ssthresh[s]! / 2 ? 2 : 1.2;
  let bytes = Math.floor((ratio * cwnd * mss * 1e6) / srtt / 1024);
  const shift = srtt >>> 9;
  if (shift < 32) bytes += GSO_MAX_BYTES >>> shift;
  return Math.max(2, Math.floor(Math.min(bytes, GSO_MAX_BYTES) / mss));
}

/**
 * Bytes from sndNxt on that may leave now: what the congestion window, the other side's window and Nagle's
 * rule (in Minshall's form: only a small segment that is not acknowledged holds the next small one back)
 * allow, in bursts of `burst` segments, and none while waiting for a larger burst pays
 * (tcp_tso_should_defer).
 *
 * @param left bytes that wait; a FIN that follows them is not among them
 * @param again these bytes have been sent before
 */
export function sendable(world: NetWorld, s: SocketId, left: number, burst: number, again: boolean): number {
  const t = world.net.sockets;
  const mss = t.mss[s]!;
  const flight = inFlight(world, s);
  const fin = !again && (t.flags[s]! & FLAG_FIN_QUEUED) !== 0;
  const room = Math.floor(t.cwnd[s]!) - segmentsInFlight(world, s);
  const waits = !fin && !again && (t.flags[s]! & FLAG_NODELAY) === 0;
  const smallUnacked = ((t.sndSmall[s]! - t.sndUna[s]!) | 0) > 0;
  // what is on its way stays in the send buffer, where bookkeeping takes as much again (tcp_wmem)
  const held = Math.max(mss, world.net.hosts[t.host[s]!]!.sysctl.tcp_wmem[2] >> 1);
  const offered = Math.min(t.sndWnd[s]!, held);
  let bytes = 0;
  let segments = 0;
  while (bytes < left) {
    const rest = left - bytes;
    const window = offered - flight - bytes;
    // a last segment with FIN need not fit the congestion window (tcp_cwnd_test)
    const quota = fin && rest <= mss ? 1 : Math.min(burst, room - segments);
    if (quota < 1) break;
    const hold = waits && smallUnacked && flight + bytes > 0;
    if (rest <= mss) {
      if (rest <= window && !(hold && rest < mss)) bytes += rest;
      break;
    }
    if (window < mss) break;
    const free = Math.min(window, (room - segments) * mss);
    if (!again && defers(world, s, free, free < window, rest, flight, bytes)) break;
    let chunk = Math.min(rest, window, quota * mss);
    // whole segments, but the last one of all; that one only where Nagle's rule lets it go
    if (chunk < rest || hold) chunk -= chunk % mss;
    if (chunk === 0) break;
    bytes += chunk;
    segments += Math.ceil(chunk / mss);
    if (chunk % mss !== 0 && bytes < left) break;
  }
  if (bytes > 0 || flight > 0 || room < 1) return bytes;
  // Silly window avoidance has nothing to wait for: nothing is on its way that would open the window further.
  return Math.max(0, Math.min(left, t.sndWnd[s]!));
}

/** tcp_tso_should_defer() of more than one segment; `free` bytes may leave, `rest` wait. */
function defers(
  world: NetWorld,
  s: SocketId,
  free: number,
  byCongestion: boolean,
  rest: number,
  flight: number,
  before: number,
): boolean {
  const t = world.net.sockets;
  const mss = t.mss[s]!;
  if ((t.flags[s]! & FLAG_RECOVERY) !== 0 || t.pieces.has(s) || flight + before === 0) return false;
  const { now } = world.sim;
  if (before === 0 && now - t.lastSentAt[s]! > 1e6) return false;
  if (free >= autosize(world, s) * mss) return false;
  const fraction = Math.floor(Math.min(t.sndWnd[s]!, Math.floor(t.cwnd[s]!) * mss) / WINDOW_DIVISOR);
  if (free >= fraction) return false;
  // The oldest segment in flight was sent now, or with the timed one, or (an ACK clocks us) a round trip ago.
  const timed = (t.flags[s]! & FLAG_RTT_TIMED) !== 0;
  const age = flight === 0 ? 0 : timed ? now - t.timedAt[s]! : Infinity;
  if (age < t.srttUs[s]! * 500) return false;
  const window = t.sndWnd[s]! - flight - before;
  if ((byCongestion ? free : window) <= rest) return true;
  return (t.flags[s]! & FLAG_FIN_QUEUED) === 0;
}
