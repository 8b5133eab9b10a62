import { PROTO_TCP, TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '@lvscope/inet';
import { allocatePacket } from './packets.ts';
import type { Host, NetWorld, PacketId } from './state.ts';

/**
 * The RST that answers a segment for which there is no socket (tcp_v4_send_reset). The packet stays the
 * caller's.
 * @returns the RST, for the caller to send; -1: a RST is never answered
 */
export function makeReset(world: NetWorld, host: Host, packet: PacketId): PacketId {
  const pool = world.net.packets;
  const flags = pool.flags[packet]!;
  if ((flags & TCP_RST) !== 0) return -1;
  const p = allocatePacket(
    pool,
    PROTO_TCP,
    pool.destination[packet]!,
    pool.destinationPort[packet]!,
    pool.source[packet]!,
    pool.sourcePort[packet]!,
  );
  pool.headers[p] = 40;
  pool.ttl[p] = host.sysctl.ip_default_ttl;
  if ((flags & TCP_ACK) !== 0) {
    pool.flags[p] = TCP_RST;
    pool.seq[p] = pool.ack[packet]!;
  } else {
    pool.flags[p] = TCP_RST | TCP_ACK;
    const syn = (flags & TCP_SYN) !== 0 ? 1 : 0;
    pool.ack[p] = pool.seq[packet]! + pool.payload[packet]! + syn + (flags & TCP_FIN);
  }
  return p;
}
