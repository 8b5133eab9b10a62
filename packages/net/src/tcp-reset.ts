import { PROTO_TCP, TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '@lvscope/inet';
import {
  ACK,
  DESTINATION,
  DESTINATION_PORT,
  FLAGS,
  HEADERS,
  PACKET,
  PACKET_REALS,
  PAYLOAD,
  SEQ,
  SOURCE,
  SOURCE_PORT,
  TTL,
} from './packet-row.ts';
import { allocatePacket } from './packets.ts';
import type { Host, NetWorld, PacketId } from './state.ts';

/**
 * The RST that answers a segment for which there is no socket (tcp_v4_send_reset). The packet stays the
 * caller's.
 * @returns the RST, for the caller to send; -1: a RST is never answered
 */
export function makeReset(world: NetWorld, host: Host, packet: PacketId): PacketId {
  const pool = world.net.packets;
  const flags = pool.rows[(packet << PACKET) | FLAGS]!;
  if ((flags & TCP_RST) !== 0) return -1;
  const p = allocatePacket(
    pool,
    PROTO_TCP,
    pool.rows[(packet << PACKET) | DESTINATION]!,
    pool.rows[(packet << PACKET) | DESTINATION_PORT]!,
    pool.rows[(packet << PACKET) | SOURCE]!,
    pool.rows[(packet << PACKET) | SOURCE_PORT]!,
  );
  pool.rows[(p << PACKET) | HEADERS] = 40;
  pool.rows[(p << PACKET) | TTL] = host.sysctl.ip_default_ttl;
  if ((flags & TCP_ACK) !== 0) {
    pool.rows[(p << PACKET) | FLAGS] = TCP_RST;
    pool.rows[(p << PACKET) | SEQ] = pool.rows[(packet << PACKET) | ACK]!;
  } else {
    pool.rows[(p << PACKET) | FLAGS] = TCP_RST | TCP_ACK;
    const syn = (flags & TCP_SYN) !== 0 ? 1 : 0;
    pool.rows[(p << PACKET) | ACK] =
      pool.rows[(packet << PACKET) | SEQ]! +
      pool.reals[(packet << PACKET_REALS) | PAYLOAD]! +
      syn +
      (flags & TCP_FIN);
  }
  return p;
}
