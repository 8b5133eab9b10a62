import { PROTO_ICMP } from '@lvscope/inet';
import { isLocal } from './addresses.ts';
import { icmpAllowed } from './icmp-rate.ts';
import { allocatePacket, segmentPayload } from './packets.ts';
import { sourceFor } from './routes.ts';
import type { Host, NetWorld, PacketId } from './state.ts';

/** ICMP types and codes (RFC 792, RFC 1191). */
export const ICMP_UNREACHABLE = 3;
export const ICMP_REDIRECT = 5;
export const ICMP_TIME_EXCEEDED = 11;
const ICMP_PARAMETER_PROBLEM = 12;
export const ICMP_NET_UNREACHABLE = 0;
export const ICMP_HOST_UNREACHABLE = 1;
export const ICMP_PROTOCOL_UNREACHABLE = 2;
export const ICMP_PORT_UNREACHABLE = 3;
export const ICMP_FRAGMENTATION_NEEDED = 4;

/**
 * Makes an ICMP error about a packet, which stays the caller's, to its source (that of the outer header
 * when it came through a tunnel). Errors about ICMP errors are not sent (RFC 1122, 3.2.2), nor more than
 * the kernel's rate limit lets through.
 * @param gateway that a redirect names
 * @param source of the error; when 0: the packet's destination if it is the host's own, else by the route
 * @returns the error, for the caller to send; -1: none
 */
export function makeIcmpError(
  world: NetWorld,
  host: Host,
  packet: PacketId,
  type: number,
  code: number,
  mtu: number,
  source = 0,
  gateway = 0,
): PacketId {
  const pool = world.net.packets;
  const echo = pool.protocol[packet] === PROTO_ICMP;
  if (echo && isIcmpError(pool.icmpType[packet]!)) return -1;
  const outer = pool.outerDestination[packet] !== 0;
  const to = outer ? pool.outerSource[packet]! : pool.source[packet]!;
  const asked = outer ? pool.outerDestination[packet]! : pool.destination[packet]!;
  const from = source || (isLocal(host, asked) ? asked : (sourceFor(host, to) ?? 0));
  if (from === 0 || (isLimited(type, code) && !icmpAllowed(world, host, to))) return -1;
  const error = allocatePacket(pool, PROTO_ICMP, from, 0, to, 0);
  pool.icmpType[error] = type;
  pool.icmpCode[error] = code;
  pool.icmpMtu[error] = mtu;
  pool.ack[error] = gateway;
  pool.innerProtocol[error] = pool.protocol[packet]!;
  pool.innerSource[error] = pool.source[packet]!;
  pool.innerDestination[error] = pool.destination[packet]!;
  // where an echo has its id and number, what quotes it has them
  pool.innerSourcePort[error] = echo ? pool.innerSourcePort[packet]! : pool.sourcePort[packet]!;
  pool.innerDestinationPort[error] = echo
    ? pool.innerDestinationPort[packet]!
    : pool.destinationPort[packet]!;
  pool.innerSeq[error] = pool.seq[packet]!;
  pool.innerFlags[error] = pool.flags[packet]!;
  pool.innerTtl[error] = pool.ttl[packet]!;
  pool.innerOptions[error] = pool.options[packet]!;
  pool.innerLength[error] = pool.headers[packet]! + segmentPayload(pool, packet);
  pool.innerHeaders[error] = pool.headers[packet]!;
  pool.outerSource[error] = pool.outerSource[packet]!;
  pool.outerDestination[error] = pool.outerDestination[packet]!;
  // As much of the packet as Linux quotes: header and what fits into 576 bytes.
  pool.options[error] = 0;
  pool.headers[error] = 28;
  const quoted = pool.headers[packet]! + Math.min(pool.payload[packet]!, 1500) + (outer ? 20 : 0);
  pool.payload[error] = Math.min(quoted, 548);
  return error;
}

const isIcmpError = (type: number): boolean =>
  type === ICMP_UNREACHABLE ||
  type === ICMP_REDIRECT ||
  type === ICMP_TIME_EXCEEDED ||
  type === ICMP_PARAMETER_PROBLEM;

/** net.ipv4.icmp_ratemask, and what path MTU discovery needs is never limited (icmpv4_xrlim_allow). */
function isLimited(type: number, code: number): boolean {
  if (type === ICMP_UNREACHABLE) return code !== ICMP_FRAGMENTATION_NEEDED;
  return type === ICMP_TIME_EXCEEDED || type === ICMP_PARAMETER_PROBLEM;
}
