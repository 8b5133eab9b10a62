import { PROTO_ICMP } from '@lvscope/inet';
import { isLocal } from './addresses.ts';
import { output } from './output.ts';
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
  packets.icmpType[p] = ICMP_ECHO_REQUEST;
  packets.icmpCode[p] = 0;
  packets.icmpMtu[p] = 0;
  packets.payload[p] = options.bytes ?? 56;
  packets.ttl[p] = options.ttl ?? host.sysctl.ip_default_ttl;
  // what has to be cut on its way out may be cut again (IP_PMTUDISC_WANT)
  const fits = (options.bytes ?? 56) + 28 <= mtuTowards(world, host, destination);
  packets.options[p] = options.dontFragment !== false && fits ? OPTION_DF : 0;
  packets.innerProtocol[p] = 0;
  packets.innerSource[p] = 0;
  packets.innerDestination[p] = 0;
  packets.innerSourcePort[p] = options.id;
  packets.innerDestinationPort[p] = options.number;
  return output(world, hooks, host, p);
}

/** An echo for this host: a question is answered from the address that was asked; an answer is for taps. */
export function echoInput(world: NetWorld, hooks: NetHooks, host: Host, p: PacketId): void {
  const { packets } = world.net;
  if (packets.icmpType[p] === ICMP_ECHO_REQUEST) {
    const from = packets.source[p]!;
    packets.source[p] = packets.destination[p]!;
    packets.destination[p] = from;
    packets.icmpType[p] = ICMP_ECHO_REPLY;
    packets.ttl[p] = host.sysctl.ip_default_ttl;
    // the kernel's own ICMP may be cut (IP_PMTUDISC_DONT), however it was asked
    packets.options[p] = packets.options[p]! & ~OPTION_DF;
    output(world, hooks, host, p);
    return;
  }
  freePacket(packets, p);
}
