import { inPrefix, type Ipv4, PROTO_ICMP, PROTO_IPIP } from '@lvscope/inet';
import {
  COUNT,
  DESTINATION,
  DESTINATION_PORT,
  ICMP,
  ICMP_TYPE,
  MARK,
  OUTER_DESTINATION,
  OUTER_SOURCE,
  PACKET,
  PROTOCOL,
  SOURCE,
  SOURCE_PORT,
} from './packet-row.ts';
import { changePacket, routedTo, trainBytes, tunnelled } from './packets.ts';
import { forgetPaths } from './path-cache.ts';
import { lookupRoute } from './routes.ts';
import type { Host, NetWorld, Network, PacketId } from './state.ts';

interface RulePrefix {
  readonly address: Ipv4;
  readonly prefixLength: number;
}

/** Both ends included. */
type PortRange = readonly [number, number];

/** What `!` may stand before. */
export type NegatableMatch = Exclude<keyof PacketMatch, 'comment' | 'not'>;

/** What a packet must be; what is undefined, and no range at all, matches everything. */
export interface PacketMatch {
  readonly protocol: number | undefined;
  readonly source: RulePrefix | undefined;
  readonly destination: RulePrefix | undefined;
  readonly inInterface: string | undefined;
  readonly outInterface: string | undefined;
  /** `--sport` */
  readonly sourcePorts: readonly PortRange[];
  /** `--dport`, `--dports` */
  readonly ports: readonly PortRange[];
  readonly icmpType: number | undefined;
  /** What the packet must not be instead. */
  readonly not: readonly NegatableMatch[];
  /** Matches nothing and is only shown. */
  readonly comment: string | undefined;
}

export type RejectWith =
  | 'icmp-net-unreachable'
  | 'icmp-host-unreachable'
  | 'icmp-proto-unreachable'
  | 'icmp-port-unreachable'
  | 'icmp-net-prohibited'
  | 'icmp-host-prohibited'
  | 'icmp-admin-prohibited'
  | 'tcp-reset';

export type RuleTarget =
  | { readonly kind: 'accept' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'reject'; readonly with: RejectWith }
  | { readonly kind: 'mark'; readonly mark: number }
  /** To the host itself; port 0: the port stays. */
  | { readonly kind: 'redirect'; readonly port: number };

/** One rule of iptables, with what it has matched. */
export interface PacketRule extends PacketMatch {
  readonly target: RuleTarget;
  packets: number;
  bytes: number;
}

export type FilterPolicy = 'ACCEPT' | 'DROP';

/** A chain of the filter table. The counters are of what its policy has decided. */
export interface FilterChain {
  policy: FilterPolicy;
  readonly rules: PacketRule[];
  packets: number;
  bytes: number;
}

export type FilterHook = 'INPUT' | 'FORWARD' | 'OUTPUT';
export type FilterTable = Readonly<Record<FilterHook, FilterChain>>;

/** A table that is simulated, and the chain that a rule is in: mangle and nat have PREROUTING only. */
export type RuleTable = 'filter' | 'mangle' | 'nat';
export type RuleChain = FilterHook | 'PREROUTING';

/** A rule that has matched nothing yet. */
export function packetRule(target: RuleTarget, match: Partial<PacketMatch> = {}): PacketRule {
  return {
    protocol: undefined,
    source: undefined,
    destination: undefined,
    inInterface: undefined,
    outInterface: undefined,
    sourcePorts: [],
    ports: [],
    icmpType: undefined,
    not: [],
    comment: undefined,
    ...match,
    target,
    packets: 0,
    bytes: 0,
  };
}

const within = (ranges: readonly PortRange[], port: number): boolean =>
  ranges.some(([from, to]) => port >= from && port <= to);

const inNetwork = (address: number, { address: network, prefixLength }: RulePrefix): boolean =>
  inPrefix(address as Ipv4, network, prefixLength);

/**
 * Whether the packet, as it is now, is what the rule asks for: of a tunnel's packet the outer header counts.
 * @param into the interface that it came in by, undefined for the host's own
 */
export function matches(
  world: NetWorld,
  host: Host,
  packet: PacketId,
  rule: PacketMatch,
  into: string | undefined,
): boolean {
  const pool = world.net.packets;
  const o = packet << PACKET;
  const outer = tunnelled(pool, packet);
  const { rows } = pool;
  const protocol = outer ? PROTO_IPIP : rows[o | PROTOCOL]!;
  const { source, destination, sourcePorts, ports, icmpType, outInterface } = rule;
  const is = (what: NegatableMatch, found: boolean): boolean => found !== rule.not.includes(what);
  if (rule.protocol !== undefined && !is('protocol', rule.protocol === protocol)) return false;
  if (destination !== undefined) {
    const towards = outer ? rows[o | OUTER_DESTINATION]! : rows[o | DESTINATION]!;
    if (!is('destination', inNetwork(towards, destination))) return false;
  }
  if (source !== undefined) {
    const from = outer ? rows[o | OUTER_SOURCE]! : rows[o | SOURCE]!;
    if (!is('source', inNetwork(from, source))) return false;
  }
  if (ports.length > 0 && !is('ports', within(ports, rows[o | DESTINATION_PORT]!))) return false;
  if (sourcePorts.length > 0 && !is('sourcePorts', within(sourcePorts, rows[o | SOURCE_PORT]!))) return false;
  if (icmpType !== undefined) {
    if (protocol !== PROTO_ICMP) return false;
    if (!is('icmpType', pool.icmp[(packet << ICMP) | ICMP_TYPE] === icmpType)) return false;
  }
  if (rule.inInterface !== undefined && !is('inInterface', rule.inInterface === into)) return false;
  if (outInterface === undefined) return true;
  return is('outInterface', lookupRoute(host, routedTo(pool, packet) >>> 0)?.dev === outInterface);
}

export function countRule(world: NetWorld, rule: { packets: number; bytes: number }, p: PacketId): void {
  const pool = world.net.packets;
  rule.packets += pool.rows[(p << PACKET) | COUNT]!;
  rule.bytes += trainBytes(pool, p);
}

/** mangle PREROUTING: MARK is not terminating, so the last matching rule's mark stays. */
export function markPacket(world: NetWorld, host: Host, packet: PacketId, into: string): void {
  for (const rule of host.mangle) {
    if (rule.target.kind !== 'mark' || !matches(world, host, packet, rule, into)) continue;
    countRule(world, rule, packet);
    world.net.packets.rows[(packet << PACKET) | MARK] = rule.target.mark;
    changePacket(world.net.packets, packet);
  }
}

const emptyChain = (): FilterChain => ({ policy: 'ACCEPT', rules: [], packets: 0, bytes: 0 });

/** The host's filter table, which is there, and counts, from the first time that somebody asks for it. */
export function filterTable(net: Network, host: Host): FilterTable {
  if (host.filter === undefined) {
    host.filter = { INPUT: emptyChain(), FORWARD: emptyChain(), OUTPUT: emptyChain() };
    forgetPaths(net);
  }
  return host.filter;
}

/** Whether every packet that the host forwards must be shown to its filter. */
export function filtersForward(host: Host): boolean {
  const chain = host.filter?.FORWARD;
  return chain !== undefined && (chain.rules.length > 0 || chain.policy === 'DROP');
}

/** The rules of a chain, in order. Change them by the functions below. */
export function rulesOf(host: Host, table: RuleTable, chain: RuleChain): readonly PacketRule[] {
  return chainOf(host, table, chain);
}

function chainOf(host: Host, table: RuleTable, chain: RuleChain): PacketRule[] {
  if (table === 'mangle') return host.mangle;
  if (table === 'nat' || chain === 'PREROUTING') return host.redirects;
  return host.filter?.[chain].rules ?? [];
}

function chainToChange(net: Network, host: Host, table: RuleTable, chain: RuleChain): PacketRule[] {
  if (table === 'filter') filterTable(net, host);
  return chainOf(host, table, chain);
}

/** `iptables -A`, or -I where `at` says before which of the chain's rules, from 0. */
export function addRule(
  net: Network,
  host: Host,
  table: RuleTable,
  chain: RuleChain,
  rule: PacketRule,
  at: number = Number.MAX_SAFE_INTEGER,
): void {
  chainToChange(net, host, table, chain).splice(at, 0, rule);
  forgetPaths(net);
}

/** `iptables -D` of the rule with this number, from 0; of none where there are not so many. */
export function deleteRule(net: Network, host: Host, table: RuleTable, chain: RuleChain, at: number): void {
  chainToChange(net, host, table, chain).splice(at, 1);
  forgetPaths(net);
}

/** `iptables -F CHAIN`: its rules go, its policy stays. */
export function flushRules(net: Network, host: Host, table: RuleTable, chain: RuleChain): void {
  chainToChange(net, host, table, chain).length = 0;
  forgetPaths(net);
}

/** `iptables -P` */
export function setFilterPolicy(net: Network, host: Host, chain: FilterHook, policy: FilterPolicy): void {
  filterTable(net, host)[chain].policy = policy;
  forgetPaths(net);
}
