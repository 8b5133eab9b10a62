import { formatIpv4 } from '@lvscope/inet';
import { ICMP_TYPES, nameOfPort, protocolWord } from '@lvscope/syntax';
import type { FirewallRule, FirewallTable, ListOptions, Negatable, PortName } from '@lvscope/syntax';
import { left, right } from './columns.ts';

/** The chains that a table has; not all of them are simulated. */
export const ALL_CHAINS: Readonly<Record<FirewallTable, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
};

interface Counters {
  readonly packets: number;
  readonly bytes: number;
}

/** What `-v` shows of a rule among its words. */
export const countersOf = ({ packets, bytes }: Counters): string => ` -c ${packets} ${bytes}`;

/** At most five digits, then thousands, millions … (xtables_print_num) */
function shortNumber(number: number): string {
  if (number <= 99_999) return String(number);
  let rest = number;
  for (const unit of ['K', 'M', 'G']) {
    rest = Math.floor((rest + 500) / 1000);
    if (rest <= 9999) return `${rest}${unit}`;
  }
  return `${Math.floor((rest + 500) / 1000)}T`;
}

/** One chain as `iptables -L` lists it: its policy, the title, a line for each rule. */
export function formatChain(
  chain: string,
  policy: Counters & { readonly policy: string },
  rules: readonly (FirewallRule & Counters)[],
  options: ListOptions,
  names: readonly PortName[],
): string {
  const number = (value: number): string => (options.exact ? String(value) : shortNumber(value));
  const decided = options.verbose ? ` ${number(policy.packets)} packets, ${number(policy.bytes)} bytes` : '';
  const lines = rules.map((rule, i) => {
    const place = options.lineNumbers ? `${left(String(i + 1), 4)} ` : '';
    return place + formatRule(rule, options, names);
  });
  return `Chain ${chain} (policy ${policy.policy}${decided})\n${titleOf(options)}${lines.join('')}`;
}

function titleOf({ verbose, exact, lineNumbers }: ListOptions): string {
  const place = lineNumbers ? 'num  ' : '';
  const counters = !verbose ? '' : exact ? '    pkts      bytes ' : ' pkts bytes ';
  const interfaces = verbose ? ' in     out    ' : '';
  return `${place}${counters}target     prot opt${interfaces} source               destination         \n`;
}

function formatRule(rule: FirewallRule & Counters, options: ListOptions, names: readonly PortName[]): string {
  const { numeric, verbose, exact } = options;
  const width = exact ? 8 : 5;
  const number = (value: number): string => `${right(exact ? String(value) : shortNumber(value), width)} `;
  const counters = verbose ? number(rule.packets) + number(rule.bytes) : '';
  const [target, ending] = listTarget(rule.target);
  const sign = (what: Negatable): string => (rule.not.includes(what) ? '!' : '');
  const everything = numeric ? '*' : 'any';
  const device = (name: string | undefined, what: Negatable): string =>
    left(sign(what) + (name ?? everything), 6);
  const way = verbose
    ? ` ${device(rule.inInterface, 'inInterface')} ${device(rule.outInterface, 'outInterface')} `
    : '';
  const everywhere = numeric ? '0.0.0.0/0' : 'anywhere';
  const end = (prefix: FirewallRule['source'], what: Negatable): string =>
    `${sign(what) || ' '}${left(prefix === undefined ? everywhere : listPrefix(prefix, everywhere), 19)} `;
  const ends = end(rule.source, 'source') + end(rule.destination, 'destination');
  const protocol = numeric
    ? String(rule.protocol ?? 0)
    : rule.protocol === undefined
      ? 'all'
      : protocolWord(rule.protocol);
  const match = listPorts(rule, names) + listIcmp(rule, numeric) + listComment(rule);
  const start = `${counters}${left(target, 9)} ${sign('protocol') || ' '}`;
  return `${start}${left(protocol, 4)} -- ${way}${ends}${match}${ending}\n`;
}

function listTarget(target: FirewallRule['target']): readonly [string, string] {
  switch (target.kind) {
    case 'accept':
      return ['ACCEPT', ''];
    case 'drop':
      return ['DROP', ''];
    case 'reject':
      return ['REJECT', ` reject-with ${target.with}`];
    case 'mark':
      return ['MARK', ` MARK set 0x${target.mark.toString(16)}`];
    case 'redirect':
      return ['REDIRECT', target.port === 0 ? '' : ` redir ports ${target.port}`];
  }
}

const listPrefix = (
  { address, prefixLength }: NonNullable<FirewallRule['source']>,
  everywhere: string,
): string => {
  if (prefixLength === 0) return everywhere;
  return prefixLength === 32 ? formatIpv4(address) : `${formatIpv4(address)}/${prefixLength}`;
};

function listPorts(rule: FirewallRule, names: readonly PortName[]): string {
  const port = (number: number): string => nameOfPort(names, number, rule.protocol ?? 0);
  const range = ([from, to]: readonly [number, number]): string =>
    from === to ? port(from) : `${port(from)}:${port(to)}`;
  const { ports, sourcePorts, not } = rule;
  const sign = (what: Negatable): string => (not.includes(what) ? '!' : '');
  if (ports.length > 1) {
    return ` multiport dports ${not.includes('ports') ? ' !' : ''}${ports.map(range).join(',')}`;
  }
  const one = (letter: string, what: Negatable) => (of: readonly [number, number]) =>
    ` ${letter}pt${of[0] === of[1] ? '' : 's'}:${sign(what)}${range(of)}`;
  const both = [...sourcePorts.map(one('s', 'sourcePorts')), ...ports.map(one('d', 'ports'))].join('');
  return both === '' ? '' : ` ${protocolWord(rule.protocol ?? 0)}${both}`;
}

function listIcmp({ icmpType, not }: FirewallRule, numeric: boolean): string {
  if (icmpType === undefined) return '';
  const name = Object.entries(ICMP_TYPES).find(([, type]) => type === icmpType)?.[0];
  const negated = not.includes('icmpType');
  if (numeric || name === undefined) return negated ? ` icmp !type ${icmpType}` : ` icmptype ${icmpType}`;
  return ` icmp ${negated ? '!' : ''}${name}`;
}

const listComment = ({ comment }: FirewallRule): string => (comment === undefined ? '' : ` /* ${comment} */`);
