import { PROTO_ICMP } from '@lvscope/inet';
import { isLocal } from './addresses.ts';
import { icmpAllowed } from './icmp-rate.ts';
import {
  ACK,
  DESTINATION,
  DESTINATION_PORT,
  FLAGS,
  HEADERS,
  ICMP,
  ICMP_CODE,
  ICMP_MTU,
  ICMP_TYPE,
  INNER_DESTINATION,
  INNER_DESTINATION_PORT,
  INNER_FLAGS,
  INNER_HEADERS,
  INNER_LENGTH,
  INNER_OPTIONS,
  INNER_PROTOCOL,
  INNER_SEQ,
  INNER_SOURCE,
  INNER_SOURCE_PORT,
  INNER_TTL,
  OPTIONS,
  OUTER_DESTINATION,
  OUTER_SOURCE,
  PACKET,
  PACKET_REALS,
  PAYLOAD,
  PROTOCOL,
  SEQ,
  SOURCE,
  SOURCE_PORT,
  TTL,
} from './packet-row.ts';
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
export const ICMP_ADMIN_PROHIBITED = 13;

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
  const echo = pool.rows[(packet << PACKET) | PROTOCOL] === PROTO_ICMP;
  if (echo && isIcmpError(pool.icmp[(packet << ICMP) | ICMP_TYPE]!)) return -1;
  const outer = pool.rows[(packet << PACKET) | OUTER_DESTINATION] !== 0;
  const to = outer ? pool.rows[(packet << PACKET) | OUTER_SOURCE]! : pool.rows[(packet << PACKET) | SOURCE]!;
  const asked = outer
    ? pool.rows[(packet << PACKET) | OUTER_DESTINATION]!
    : pool.rows[(packet << PACKET) | DESTINATION]!;
  const from = source || (isLocal(host, asked) ? asked : (sourceFor(host, to) ?? 0));
  if (from === 0 || (isLimited(type, code) && !icmpAllowed(world, host, to))) return -1;
  const error = allocatePacket(pool, PROTO_ICMP, from, 0, to, 0);
  pool.icmp[(error << ICMP) | ICMP_TYPE] = type;
  pool.icmp[(error << ICMP) | ICMP_CODE] = code;
  pool.icmp[(error << ICMP) | ICMP_MTU] = mtu;
  pool.rows[(error << PACKET) | ACK] = gateway;
  pool.icmp[(error << ICMP) | INNER_PROTOCOL] = pool.rows[(packet << PACKET) | PROTOCOL]!;
  pool.icmp[(error << ICMP) | INNER_SOURCE] = pool.rows[(packet << PACKET) | SOURCE]!;
  pool.icmp[(error << ICMP) | INNER_DESTINATION] = pool.rows[(packet << PACKET) | DESTINATION]!;
  // where an echo has its id and number, what quotes it has them
  pool.icmp[(error << ICMP) | INNER_SOURCE_PORT] = echo
    ? pool.icmp[(packet << ICMP) | INNER_SOURCE_PORT]!
    : pool.rows[(packet << PACKET) | SOURCE_PORT]!;
  pool.icmp[(error << ICMP) | INNER_DESTINATION_PORT] = echo
    ? pool.icmp[(packet << ICMP) | INNER_DESTINATION_PORT]!
    : pool.rows[(packet << PACKET) | DESTINATION_PORT]!;
  pool.rows[(error << PACKET) | INNER_SEQ] = pool.rows[(packet << PACKET) | SEQ]!;
  pool.icmp[(error << ICMP) | INNER_FLAGS] = pool.rows[(packet << PACKET) | FLAGS]!;
  pool.rows[(error << PACKET) | INNER_TTL] = pool.rows[(packet << PACKET) | TTL]!;
  pool.icmp[(error << ICMP) | INNER_OPTIONS] = pool.rows[(packet << PACKET) | OPTIONS]!;
  pool.icmp[(error << ICMP) | INNER_LENGTH] =
    pool.rows[(packet << PACKET) | HEADERS]! + segmentPayload(pool, packet);
  pool.icmp[(error << ICMP) | INNER_HEADERS] = pool.rows[(packet << PACKET) | HEADERS]!;
  pool.rows[(error << PACKET) | OUTER_SOURCE] = pool.rows[(packet << PACKET) | OUTER_SOURCE]!;
  pool.rows[(error << PACKET) | OUTER_DESTINATION] = pool.rows[(packet << PACKET) | OUTER_DESTINATION]!;
  // As much of the packet as Linux quotes: header and what fits into 576 bytes.
  pool.rows[(error << PACKET) | OPTIONS] = 0;
  pool.rows[(error << PACKET) | HEADERS] = 28;
  const quoted =
    pool.rows[(packet << PACKET) | HEADERS]! +
    Math.min(pool.reals[(packet << PACKET_REALS) | PAYLOAD]!, 1500) +
    (outer ? 20 : 0);
  pool.reals[(error << PACKET_REALS) | PAYLOAD] = Math.min(quoted, 548);
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
