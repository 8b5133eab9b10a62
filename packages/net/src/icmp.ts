import { ICMP_UNREACHABLE, makeIcmpError } from './icmp-error.ts';
import { output } from './output.ts';
import type { Host, NetHooks, NetWorld, PacketId } from './state.ts';

/** Sends what `makeIcmpError` makes. */
export function icmpError(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  packet: PacketId,
  type: number,
  code: number,
  mtu: number,
  source = 0,
  gateway = 0,
): void {
  const error = makeIcmpError(world, host, packet, type, code, mtu, source, gateway);
  if (error >= 0) output(world, hooks, host, error);
}

/** ICMP destination unreachable with this code about a packet, which stays the caller's to drop. */
export function icmpUnreachable(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  packet: PacketId,
  code: number,
  source = 0,
): void {
  icmpError(world, hooks, host, packet, ICMP_UNREACHABLE, code, 0, source);
}
