import { PROTO_TCP } from '@lvscope/inet';
import { dropPacket } from './drop.ts';
import { ICMP_UNREACHABLE, makeIcmpError } from './icmp-error.ts';
import { PACKET, PROTOCOL } from './packet-row.ts';
import { countRule, type FilterHook, matches, type RejectWith } from './rules.ts';
import type { DropReason, Host, NetHooks, NetWorld, PacketId } from './state.ts';
import { makeReset } from './tcp-reset.ts';

/** What `filterPacket` says: the packet may go on. */
export const LET_THROUGH = -2;
/** It is gone without an answer. */
export const NO_ANSWER = -1;

const REASON: Readonly<Record<FilterHook, DropReason>> = {
  INPUT: 'filter-input',
  FORWARD: 'filter-forward',
  OUTPUT: 'filter-output',
};

/** Codes of ICMP destination unreachable (ipt_REJECT). */
const CODES: Readonly<Record<Exclude<RejectWith, 'tcp-reset'>, number>> = {
  'icmp-net-unreachable': 0,
  'icmp-host-unreachable': 1,
  'icmp-proto-unreachable': 2,
  'icmp-port-unreachable': 3,
  'icmp-net-prohibited': 9,
  'icmp-host-prohibited': 10,
  'icmp-admin-prohibited': 13,
};

/**
 * A chain of the filter table sees a packet: the first rule that matches decides, else the policy. A train is
 * rejected with one answer.
 * @param into the interface that it came in by, undefined for the host's own
 * @returns LET_THROUGH; else the packet is gone: NO_ANSWER, or an answer, for the caller to send
 */
export function filterPacket(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  hook: FilterHook,
  packet: PacketId,
  into: string | undefined,
): PacketId {
  const chain = host.filter?.[hook];
  if (chain === undefined) return LET_THROUGH;
  const rule = chain.rules.find((one) => matches(world, host, packet, one, into));
  countRule(world, rule ?? chain, packet);
  const target = rule?.target ?? { kind: chain.policy === 'ACCEPT' ? 'accept' : 'drop' };
  if (target.kind === 'accept') return LET_THROUGH;
  const answer = target.kind === 'reject' ? rejection(world, host, packet, target.with) : NO_ANSWER;
  dropPacket(world, hooks, host, packet, REASON[hook]);
  return answer;
}

/** nf_send_unreach, nf_send_reset */
function rejection(world: NetWorld, host: Host, packet: PacketId, how: RejectWith): PacketId {
  if (how !== 'tcp-reset') return makeIcmpError(world, host, packet, ICMP_UNREACHABLE, CODES[how], 0);
  return world.net.packets.rows[(packet << PACKET) | PROTOCOL] === PROTO_TCP
    ? makeReset(world, host, packet)
    : NO_ANSWER;
}
