import { PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { forgetRequest } from './accept-queue.ts';
import {
  ICMP_FRAGMENTATION_NEEDED,
  ICMP_HOST_UNREACHABLE,
  ICMP_NET_UNREACHABLE,
  ICMP_PORT_UNREACHABLE,
  ICMP_PROTOCOL_UNREACHABLE,
  ICMP_REDIRECT,
  ICMP_TIME_EXCEEDED,
  ICMP_UNREACHABLE,
} from './icmp-error.ts';
import { echoInput, ICMP_ECHO_REPLY, ICMP_ECHO_REQUEST } from './icmp-echo.ts';
import { heedRedirect } from './link/redirect.ts';
import { segmentSize } from './mtu.ts';
import {
  ACK,
  ICMP,
  ICMP_CODE,
  ICMP_MTU,
  ICMP_TYPE,
  INNER_DESTINATION,
  INNER_DESTINATION_PORT,
  INNER_PROTOCOL,
  INNER_SEQ,
  INNER_SOURCE,
  INNER_SOURCE_PORT,
  PACKET,
  SOURCE,
} from './packet-row.ts';
import { freePacket } from './packets.ts';
import { learnMtu } from './route-exceptions.ts';
import {
  CLOSING,
  FIN_WAIT1,
  FLAG_RTT_TIMED,
  LAST_ACK,
  SYN_RECV,
  SYN_SENT,
  TIME_WAIT,
} from './socket-table.ts';
import type { Host, NetHooks, NetWorld, PacketId, SocketId } from './state.ts';
import { endSocket } from './tcp-end.ts';
import { burstSegments, inFlight } from './tcp-burst.ts';
import { pushData } from './tcp-output.ts';
import { findSocket } from './socket-table.ts';
import { revertBackoff, revertSynBackoff } from './tcp-timers.ts';
import { findUdpSocket } from './udp.ts';

/** An ICMP error for this host (tcp_v4_err, __udp4_lib_err). The packet is the function's from here on. */
export function icmpInput(world: NetWorld, hooks: NetHooks, host: Host, p: PacketId): void {
  const pool = world.net.packets;
  const local = pool.icmp[(p << ICMP) | INNER_SOURCE]!;
  const localPort = pool.icmp[(p << ICMP) | INNER_SOURCE_PORT]!;
  const remote = pool.icmp[(p << ICMP) | INNER_DESTINATION]!;
  const remotePort = pool.icmp[(p << ICMP) | INNER_DESTINATION_PORT]!;
  const type = pool.icmp[(p << ICMP) | ICMP_TYPE]!;
  const code = pool.icmp[(p << ICMP) | ICMP_CODE]!;
  if (type === ICMP_ECHO_REQUEST || type === ICMP_ECHO_REPLY) return echoInput(world, hooks, host, p);
  if (type === ICMP_REDIRECT) {
    redirected(world, host, p);
  } else if (pool.icmp[(p << ICMP) | INNER_PROTOCOL] === PROTO_TCP) {
    const s = findSocket(world.net.sockets, host.id, local, localPort, remote, remotePort, false);
    if (s >= 0) tcpError(world, hooks, host, s, p, type, code);
  } else if (pool.icmp[(p << ICMP) | INNER_PROTOCOL] === PROTO_UDP) {
    const s = findUdpSocket(world.net.sockets, host, local, localPort, remote, remotePort);
    if (s >= 0) {
      if (isTooBig(type, code)) learnMtu(world, host, remote, pool.icmp[(p << ICMP) | ICMP_MTU]!);
      if (isHard(type, code)) hooks.datagramError?.(world, s, type, code);
    }
  }
  freePacket(pool, p);
}

const isTooBig = (type: number, code: number): boolean =>
  type === ICMP_UNREACHABLE && code === ICMP_FRAGMENTATION_NEEDED;

/** Codes of destination unreachable that may pass (icmp_err_convert). */
const SOFT: readonly number[] = [ICMP_NET_UNREACHABLE, ICMP_HOST_UNREACHABLE, 5, 11, 12];

/** What a UDP socket hears of that has not asked for all errors (IP_RECVERR, __udp4_lib_err). */
const isHard = (type: number, code: number): boolean => type === ICMP_UNREACHABLE && !SOFT.includes(code);

/**
 * A redirect counts where a socket of the host's has sent what it quotes: of TCP one past the handshake
 * whose window has the quoted number (tcp_v4_err), of UDP and ping any.
 */
function redirected(world: NetWorld, host: Host, p: PacketId): void {
  const pool = world.net.packets;
  const t = world.net.sockets;
  const local = pool.icmp[(p << ICMP) | INNER_SOURCE]!;
  const localPort = pool.icmp[(p << ICMP) | INNER_SOURCE_PORT]!;
  const remote = pool.icmp[(p << ICMP) | INNER_DESTINATION]!;
  const remotePort = pool.icmp[(p << ICMP) | INNER_DESTINATION_PORT]!;
  if (pool.icmp[(p << ICMP) | INNER_PROTOCOL] === PROTO_TCP) {
    const s = findSocket(t, host.id, local, localPort, remote, remotePort, false);
    if (s < 0 || t.state[s] === SYN_RECV || t.state[s] === TIME_WAIT) return;
    const seq = pool.rows[(p << PACKET) | INNER_SEQ]!;
    if (world.sim.now - t.lastSentAt[s]! < world.net.sendLockNs) return;
    if (world.net.sendLockNs > 0 && isFirstFin(world, s, seq)) return;
    if (((seq - t.sndUna[s]!) | 0) < 0 || ((seq - t.sndMax[s]!) | 0) > 0) return;
  } else if (pool.icmp[(p << ICMP) | INNER_PROTOCOL] === PROTO_UDP) {
    if (findUdpSocket(t, host, local, localPort, remote, remotePort) < 0) return;
  }
  heedRedirect(world, host, pool.rows[(p << PACKET) | SOURCE]!, remote, pool.rows[(p << PACKET) | ACK]!);
}

/** close(2) holds the socket while its FIN, the last number, goes out; a timer that repeats it does not. */
function isFirstFin({ net: { sockets: t } }: NetWorld, s: SocketId, seq: number): boolean {
  const state = t.state[s];
  const closes = state === FIN_WAIT1 || state === CLOSING || state === LAST_ACK;
  return closes && t.retries[s] === 0 && seq === (t.sndMax[s]! - 1) >>> 0;
}

function tcpError(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  s: SocketId,
  p: PacketId,
  type: number,
  code: number,
): void {
  const t = world.net.sockets;
  const seq = world.net.packets.rows[(p << PACKET) | INNER_SEQ]!;
  // Only an error about what is in flight can be meant.
  if (((seq - t.sndUna[s]!) | 0) < 0 || ((seq - t.sndMax[s]!) | 0) > 0) return;
  if (isTooBig(type, code)) {
    shrink(world, hooks, host, s, world.net.packets.icmp[(p << ICMP) | ICMP_MTU]!);
    return;
  }
  const unreachable =
    type === ICMP_TIME_EXCEEDED ||
    (type === ICMP_UNREACHABLE && (code === ICMP_NET_UNREACHABLE || code === ICMP_HOST_UNREACHABLE));
  if (t.state[s] === SYN_SENT) {
    const refused =
      type === ICMP_UNREACHABLE && (code === ICMP_PORT_UNREACHABLE || code === ICMP_PROTOCOL_UNREACHABLE);
    if (type === ICMP_UNREACHABLE && unreachable) revertSynBackoff(world, hooks, s);
    endSocket(world, hooks, s, refused ? 'refused' : 'unreachable');
  } else if (t.state[s] === SYN_RECV && unreachable) {
    forgetRequest(world, hooks, s);
  } else if (type === ICMP_UNREACHABLE && unreachable && seq === t.sndUna[s]) {
    revertBackoff(world, hooks, s);
  }
}

/**
 * Path MTU discovery (tcp_v4_mtu_reduced): smaller segments from now on, and what is on its way
 * again at once (tcp_simple_retransmit).
 */
function shrink(world: NetWorld, hooks: NetHooks, host: Host, s: SocketId, mtu: number): void {
  const t = world.net.sockets;
  learnMtu(world, host, t.remoteAddress[s]!, mtu);
  if (t.state[s] === SYN_SENT || t.state[s] === SYN_RECV) return;
  const mss = segmentSize(t, s, mtu);
  if (mss >= t.mss[s]!) return;
  const bytes = burstSegments(world, s) * t.mss[s]!;
  t.mss[s] = mss;
  if (inFlight(world, s) === 0) return;
  t.pieces.set(s, { from: t.sndUna[s]!, bytes, end: t.sndMax[s]! });
  t.flags[s] = t.flags[s]! & ~FLAG_RTT_TIMED;
  t.sndNxt[s] = t.sndUna[s]!;
  t.sndSmall[s] = t.sndUna[s]!;
  pushData(world, hooks, s);
}
