import { PROTO_SCTP, PROTO_TCP, PROTO_UDP, TCP_RST, TCP_SYN } from '@lvscope/inet';
import type { Packet } from './packet.ts';
import type { Ipvs } from './state.ts';
import { CHUNK_ABORT, CHUNK_INIT } from './states/sctp.ts';

/** Whether IPVS balances this protocol at all. */
export function isBalanced(protocol: number): boolean {
  return protocol === PROTO_TCP || protocol === PROTO_UDP || protocol === PROTO_SCTP;
}

/**
 * Whether the packet may create a connection. SYN+ACK counts as SYN (active FTP through persistence needs
 * it).
 */
export function mayCreate(ipvs: Ipvs, packet: Packet): boolean {
  if (packet.protocol === PROTO_TCP) {
    if ((packet.flags & TCP_RST) !== 0) return false;
    return (packet.flags & TCP_SYN) !== 0 || ipvs.sysctls.sloppy_tcp !== 0;
  }
  if (packet.protocol === PROTO_SCTP) {
    if (packet.chunk === CHUNK_ABORT) return false;
    return packet.chunk === CHUNK_INIT || ipvs.sysctls.sloppy_sctp !== 0;
  }
  return true;
}
