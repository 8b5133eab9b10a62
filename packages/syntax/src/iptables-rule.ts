import { PROTO_ICMP, PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { formatPrefix } from './prefix.ts';
import type { Prefix } from './prefix.ts';

/** Both ends included. */
export type PortRange = readonly [number, number];

/** What REJECT answers with (libipt_REJECT). */
export const REJECT_WITH = [
  'icmp-net-unreachable',
  'icmp-host-unreachable',
  'icmp-proto-unreachable',
  'icmp-port-unreachable',
  'icmp-net-prohibited',
  'icmp-host-prohibited',
  'icmp-admin-prohibited',
  'tcp-reset',
] as const;

/** What `!` may stand before: by the rule's field. */
export type Negatable =
  | 'protocol'
  | 'source'
  | 'destination'
  | 'inInterface'
  | 'outInterface'
  | 'sourcePorts'
  | 'ports'
  | 'icmpType';

/** What a packet must be; what is left out matches everything. */
export interface FirewallRule {
  readonly protocol: number | undefined;
  readonly source: Prefix | undefined;
  readonly destination: Prefix | undefined;
  /** `-i`, `-o` */
  readonly inInterface: string | undefined;
  readonly outInterface: string | undefined;
  /** `--sport`: at most one range. */
  readonly sourcePorts: readonly PortRange[];
  /** `--dport`, `--dports`: any of these ranges. */
  readonly ports: readonly PortRange[];
  /** 0 to 255 */
  readonly icmpType: number | undefined;
  /** What the packet must not be instead. */
  readonly not: readonly Negatable[];
  readonly comment: string | undefined;
  readonly target:
    | { readonly kind: 'accept' }
    | { readonly kind: 'drop' }
    | { readonly kind: 'reject'; readonly with: (typeof REJECT_WITH)[number] }
    | { readonly kind: 'mark'; readonly mark: number }
    /** To the host itself; port 0: as it was. */
    | { readonly kind: 'redirect'; readonly port: number };
}

export type FirewallTable = 'filter' | 'mangle' | 'nat';
/** The chains that are simulated. */
export type FirewallChain = 'INPUT' | 'FORWARD' | 'OUTPUT' | 'PREROUTING';

interface OnChain {
  readonly table: FirewallTable;
  readonly chain: FirewallChain;
}

/** The whole table where `chain` is undefined. */
interface OnTable {
  readonly table: FirewallTable;
  readonly chain: FirewallChain | undefined;
}

/** One invocation of iptables: MARK in mangle and REDIRECT in nat PREROUTING, the rest in filter. */
export type IptablesCommand =
  | ({ readonly kind: 'append' | 'delete' | 'check'; readonly rule: FirewallRule } & OnChain)
  /** Before the rule with the number, from 1. */
  | ({ readonly kind: 'insert'; readonly number: number; readonly rule: FirewallRule } & OnChain)
  /** -D CHAIN NUMBER, from 1 */
  | ({ readonly kind: 'delete-number'; readonly number: number } & OnChain)
  | ({ readonly kind: 'policy'; readonly policy: 'ACCEPT' | 'DROP' } & OnChain)
  | ({ readonly kind: 'flush' | 'zero' } & OnTable)
  /** -X: the chains that somebody has made, of which there are none. */
  | { readonly kind: 'delete-chains'; readonly table: FirewallTable }
  | ({ readonly kind: 'list' } & OnTable & ListOptions)
  | ({ readonly kind: 'list-rules'; readonly verbose: boolean } & OnTable);

export interface ListOptions {
  /** -n */
  readonly numeric: boolean;
  /** -v: counters and interfaces. */
  readonly verbose: boolean;
  /** -x: every digit of the counters. */
  readonly exact: boolean;
  readonly lineNumbers: boolean;
}

/** The chains of a table that are simulated. */
export const CHAINS_OF: Readonly<Record<FirewallTable, readonly FirewallChain[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  mangle: ['PREROUTING'],
  nat: ['PREROUTING'],
};

/** Names of protocols for `-p`; a number is fine too. */
export const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: PROTO_ICMP,
  tcp: PROTO_TCP,
  udp: PROTO_UDP,
  sctp: PROTO_SCTP,
  vrrp: 112,
};

/** Names of ICMP types that have no codes of their own. */
export const ICMP_TYPES: Readonly<Record<string, number>> = {
  'echo-reply': 0,
  'destination-unreachable': 3,
  redirect: 5,
  'echo-request': 8,
  'time-exceeded': 11,
};

/** `tcp`, or the number. */
export function protocolWord(protocol: number): string {
  return Object.entries(PROTOCOLS).find(([, number]) => number === protocol)?.[0] ?? String(protocol);
}

const printRange = ([from, to]: PortRange): string => (from === to ? String(from) : `${from}:${to}`);

/** `!` where it stands before this. */
const sign = ({ not }: FirewallRule, what: Negatable): string => (not.includes(what) ? ' !' : '');

function printPorts(rule: FirewallRule): string {
  const { sourcePorts, ports } = rule;
  const word = protocolWord(rule.protocol ?? 0);
  const to = sign(rule, 'ports');
  if (ports.length > 1) return ` -m multiport${to} --dports ${ports.map(printRange).join(',')}`;
  if (ports.length === 0 && sourcePorts.length === 0) return '';
  const from = sourcePorts
    .map((range) => `${sign(rule, 'sourcePorts')} --sport ${printRange(range)}`)
    .join('');
  return ` -m ${word}${from}${ports.map((range) => `${to} --dport ${printRange(range)}`).join('')}`;
}

/** What a rule asks for, as `iptables -S` prints it. */
function printMatch(rule: FirewallRule): string {
  const { source, destination, inInterface, outInterface, protocol, icmpType, comment } = rule;
  let text = '';
  if (source) text += `${sign(rule, 'source')} -s ${formatPrefix(source)}`;
  if (destination) text += `${sign(rule, 'destination')} -d ${formatPrefix(destination)}`;
  if (inInterface !== undefined) text += `${sign(rule, 'inInterface')} -i ${inInterface}`;
  if (outInterface !== undefined) text += `${sign(rule, 'outInterface')} -o ${outInterface}`;
  if (protocol !== undefined) text += `${sign(rule, 'protocol')} -p ${protocolWord(protocol)}`;
  text += printPorts(rule);
  if (icmpType !== undefined) text += ` -m icmp${sign(rule, 'icmpType')} --icmp-type ${icmpType}`;
  if (comment !== undefined) text += ` -m comment --comment ${quoted(comment)}`;
  return text;
}

/** xtables_save_string: quotes where a shell would need them. */
const quoted = (text: string): string =>
  /^[A-Za-z0-9_-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;

function printTarget(target: FirewallRule['target']): string {
  switch (target.kind) {
    case 'accept':
      return ' -j ACCEPT';
    case 'drop':
      return ' -j DROP';
    case 'reject':
      return ` -j REJECT --reject-with ${target.with}`;
    case 'mark':
      return ` -j MARK --set-xmark 0x${target.mark.toString(16)}/0xffffffff`;
    case 'redirect':
      return ` -j REDIRECT${target.port === 0 ? '' : ` --to-ports ${target.port}`}`;
  }
}

/**
 * A rule as `iptables -S` prints it, without `-A CHAIN`.
 * @param counters what `-v` puts before the target
 */
export function printFirewallRule(rule: FirewallRule, counters = ''): string {
  return printMatch(rule) + counters + printTarget(rule.target);
}

const LETTER = { append: '-A', delete: '-D', check: '-C' } as const;

/** The canonical words behind `iptables`. */
export function printIptables(command: IptablesCommand): string {
  const table = `-t ${command.table} `;
  const chain = 'chain' in command && command.chain !== undefined ? ` ${command.chain}` : '';
  switch (command.kind) {
    case 'flush':
      return `${table}-F${chain}`;
    case 'zero':
      return `${table}-Z${chain}`;
    case 'delete-chains':
      return `${table}-X`;
    case 'policy':
      return `${table}-P${chain} ${command.policy}`;
    case 'list': {
      const { numeric, verbose, exact, lineNumbers } = command;
      const numbers = `${numeric ? ' -n' : ''}${verbose ? ' -v' : ''}${exact ? ' -x' : ''}`;
      return `${table}-L${chain}${numbers}${lineNumbers ? ' --line-numbers' : ''}`;
    }
    case 'list-rules':
      return `${table}-S${chain}${command.verbose ? ' -v' : ''}`;
    case 'delete-number':
      return `${table}-D${chain} ${command.number}`;
    case 'insert': {
      const place = command.number === 1 ? '' : ` ${command.number}`;
      return `${table}-I${chain}${place}${printFirewallRule(command.rule)}`;
    }
    default:
      return `${table}${LETTER[command.kind]}${chain}${printFirewallRule(command.rule)}`;
  }
}
