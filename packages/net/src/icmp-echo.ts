import { PROTO_ICMP } from '@lvscope/inet';
import { isLocal } from './addresses.ts';
import { output } from './output.ts';
import {
  DESTINATION,
  ICMP,
  ICMP_CODE,
  ICMP_MTU,
  ICMP_TYPE,
  INNER_DESTINATION,
  INNER_DESTINATION_PORT,
  INNER_PROTOCOL,
  INNER_SOURCE,
  INNER_SOURCE_PORT,
  OPTIONS,
  PACKET,
  PACKET_REALS,
  PAYLOAD,
  SOURCE,
  TTL,
} from './packet-row.ts';
import { allocatePacket, freePacket, OPTION_DF } from './packets.ts';
import { mtuTowards } from './paths.ts';
import { sourceFor } from './routes.ts';
import type { Host, NetHooks, NetWorld, PacketId } from './state.ts';

export const ICMP_ECHO_REPLY = 0;
export const ICMP_ECHO_REQUEST = 8;

/**
 * Sends one ICMP echo request. Its id and number stand where an error has the ports that it quotes.
 * @returns false where there is no route
 */
export function sendEcho(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  destination: number,
  options: {
    readonly id: number;
    readonly number: number;
    readonly bytes?: number;
    readonly source?: number;
    readonly ttl?: number;
    readonly dontFragment?: boolean;
  },
): boolean {
  const source = options.source ?? (isLocal(host, destination) ? destination : sourceFor(host, destination));
  if (source === undefined) return false;
  const { packets } = world.net;
  const p = allocatePacket(packets, PROTO_ICMP, source, 0, destination, 0);
  packets.icmp[(p << ICMP) | ICMP_TYPE] = ICMP_ECHO_REQUEST;
  packets.icmp[(p << ICMP) | ICMP_CODE] = 0;
  packets.icmp[(p << ICMP) | ICMP_MTU] = 0;
  packets.reals[(p << PACKET_REALS) | PAYLOAD] = options.bytes ?? 56;
  packets.rows[(p << PACKET) | TTL] = options.ttl ?? host.sysctl.ip_default_ttl;
  // what has to be cut on its way out may be cut again (IP_PMTUDISC_WANT)
  const fits = (options.bytes ?? 56) + 28 <= mtuTowards(world, host, destination);
  packets.rows[(p << PACKET) | OPTIONS] = options.dontFragment !== false && fits ? OPTION_DF : 0;
  packets.icmp[(p << ICMP) | INNER_PROTOCOL] = 0;
  packets.icmp[(p << ICMP) | INNER_SOURCE] = 0;
  packets.icmp[(p << ICMP) | INNER_DESTINATION] = 0;
  packets.icmp[(p << ICMP) | INNER_SOURCE_PORT] = options.id & 0xffff;
  packets.icmp[(p << ICMP) | INNER_DESTINATION_PORT] = options.number & 0xffff;
  return output(world, hooks, host, p);
}

/** An echo for this host: a question is answered from the address that was asked; an answer is for taps. */
export function echoInput(world: NetWorld, hooks: NetHooks, host: Host, p: PacketId): void {
  const { packets } = world.net;
  if (packets.icmp[(p << ICMP) | ICMP_TYPE] === ICMP_ECHO_REQUEST) {
    const from = packets.rows[(p << PACKET) | SOURCE]!;
    packets.rows[(p << PACKET) | SOURCE] = packets.rows[(p << PACKET) | DESTINATION]!;
    packets.rows[(p << PACKET) | DESTINATION] = from;
    packets.icmp[(p << ICMP) | ICMP_TYPE] = ICMP_ECHO_REPLY;
    packets.rows[(p << PACKET) | TTL] = host.sysctl.ip_default_ttl;
    // the kernel's own ICMP may be cut (IP_PMTUDISC_DONT), however it was asked
    packets.rows[(p << PACKET) | OPTIONS]! &= ~OPTION_DF;
    output(world, hooks, host, p);
    return;
  }
  freePacket(packets, p);
}
