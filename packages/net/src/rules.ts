import { inPrefix, type Ipv4 } from '@lvscope/inet';
import { forgetPaths } from './path-cache.ts';
import type { Host, InputRule, MangleRule, NetWorld, Network, PacketId } from './state.ts';

/** Whether the packet is what the rule asks for. */
export function matches(world: NetWorld, packet: PacketId, rule: InputRule): boolean {
  const pool = world.net.packets;
  if (rule.protocol !== undefined && rule.protocol !== pool.protocol[packet]) return false;
  const { source, destination, dports } = rule;
  if (destination !== undefined) {
    const address = pool.destination[packet]! as Ipv4;
    if (!inPrefix(address, destination.network, destination.prefixLength)) return false;
  }
  if (source !== undefined) {
    const address = pool.source[packet]! as Ipv4;
    if (!inPrefix(address, source.network, source.prefixLength)) return false;
  }
  if (dports === undefined) return true;
  const asked = pool.destinationPort[packet]!;
  return dports.some(([from, to]) => asked >= from && asked <= to);
}

/** mangle PREROUTING: MARK is not terminating, so the last matching rule's mark stays. */
export function markPacket(world: NetWorld, host: Host, packet: PacketId): void {
  for (const rule of host.mangle) {
    if (matches(world, packet, rule)) world.net.packets.mark[packet] = rule.mark;
  }
}

/** Whether filter INPUT drops the packet. */
export function inputDrops(world: NetWorld, host: Host, packet: PacketId): boolean {
  return host.filterInput.some((rule) => matches(world, packet, rule));
}

/** `iptables -t mangle -A PREROUTING …` (or -I, at the head). */
export function addMangleRule(net: Network, host: Host, rule: MangleRule, atHead = false): void {
  if (atHead) host.mangle.unshift(rule);
  else host.mangle.push(rule);
  forgetPaths(net);
}

/** `iptables -t mangle -D PREROUTING …`: the first rule that says exactly this. */
export function deleteMangleRule(net: Network, host: Host, rule: MangleRule): boolean {
  const at = host.mangle.findIndex((r) => r.mark === rule.mark && sameMatch(r, rule));
  if (at < 0) return false;
  host.mangle.splice(at, 1);
  forgetPaths(net);
  return true;
}

/** `iptables -A INPUT … -j DROP`. */
export function addInputRule(host: Host, rule: InputRule): void {
  host.filterInput.push(rule);
}

/** `iptables -D INPUT … -j DROP`: the first rule that says exactly this. */
export function deleteInputRule(host: Host, rule: InputRule): boolean {
  const at = host.filterInput.findIndex((r) => sameMatch(r, rule));
  if (at < 0) return false;
  host.filterInput.splice(at, 1);
  return true;
}

/** `iptables -F` of the table. */
export function flushRules(net: Network, host: Host, table: 'mangle' | 'filter'): void {
  if (table === 'mangle') host.mangle.length = 0;
  else host.filterInput.length = 0;
  forgetPaths(net);
}

type Prefix = InputRule['source'];

const samePrefix = (a: Prefix, b: Prefix): boolean =>
  a?.network === b?.network && a?.prefixLength === b?.prefixLength;

/** Whether two rules ask for the same. */
export function sameMatch(a: InputRule, b: InputRule): boolean {
  return (
    a.protocol === b.protocol &&
    samePrefix(a.source, b.source) &&
    samePrefix(a.destination, b.destination) &&
    (a.dports ?? []).join() === (b.dports ?? []).join()
  );
}
