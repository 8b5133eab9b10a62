import { TCP_FIN, TCP_SYN } from '@lvscope/inet';
import { FLAGS, PACKET, PACKET_REALS, PAYLOAD } from './packet-row.ts';
import type { NetWorld, PacketId, SocketId } from './state.ts';

/** net.ipv4.tcp_invalid_ratelimit. */
const INVALID_RATELIMIT_NS = 500e6;

/**
 * tcp_oow_rate_limited(): answers to segments that make no sense go out once in 500 ms a socket, except to
 * those with data or FIN and without SYN, which do not count either. Counts the answer that the caller then
 * sends.
 */
export function challengeAllowed(world: NetWorld, s: SocketId, p: PacketId): boolean {
  const pool = world.net.packets;
  const flags = pool.rows[(p << PACKET) | FLAGS]!;
  if ((pool.reals[(p << PACKET_REALS) | PAYLOAD]! > 0 || (flags & TCP_FIN) !== 0) && (flags & TCP_SYN) === 0)
    return true;
  return challengeAckAllowed(world, s);
}

/** The same for challenge ACKs (RFC 5961), whatever the segment carries. */
export function challengeAckAllowed(world: NetWorld, s: SocketId): boolean {
  const t = world.net.sockets;
  if (world.sim.now - t.challengeAt[s]! < INVALID_RATELIMIT_NS) return false;
  t.challengeAt[s] = world.sim.now;
  return true;
}
