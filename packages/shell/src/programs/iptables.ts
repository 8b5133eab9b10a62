import {
  addInputRule,
  addMangleRule,
  addRedirectRule,
  deleteInputRule,
  deleteMangleRule,
  deleteRedirectRule,
  hostNamed,
} from '@lvscope/cluster';
import type { CommandResult, Host, InputRule, MangleRule } from '@lvscope/cluster';
import { formatIpv4 } from '@lvscope/inet';
import { CHAIN_OF, nameOfPort, parseIptables, printFirewallRule, protocolWord } from '@lvscope/syntax';
import type { FirewallRule, FirewallTable, IptablesCommand, PortName, Prefix } from '@lvscope/syntax';
import { DONE, failed, said } from '../program.ts';
import type { Call } from '../program.ts';

const NO_SUCH_RULE = 'iptables: Bad rule (does a matching rule exist in that chain?).';

/** iptables: firewall marks, and ports that are dropped. Recorded is only that success says nothing. */
export function iptables(call: Call): CommandResult {
  const host = hostNamed(call.world, call.host);
  const read = parseIptables(call.args);
  if (!read.ok || !host) {
    const problem = read.ok ? { found: call.host, wanted: 'a host' } : read.problem;
    return failed(
      2,
      `iptables v1.8.9 (legacy): ${problem.found} is not understood: wanted ${problem.wanted}`,
    );
  }
  return carryOut(call, host, read.value);
}

function carryOut(call: Call, host: Host, command: IptablesCommand): CommandResult {
  switch (command.kind) {
    case 'append':
    case 'insert':
      add(call, host, command.rule, command.kind === 'insert');
      return DONE;
    case 'delete':
      return remove(call, host, command.rule) ? DONE : failed(1, NO_SUCH_RULE);
    case 'check': {
      const text = printFirewallRule(command.rule);
      const found = rulesOf(host, command.table).some((rule) => printFirewallRule(rule) === text);
      return found ? DONE : failed(1, NO_SUCH_RULE);
    }
    case 'delete-number': {
      const rule = rulesOf(host, command.table)[command.number - 1];
      if (!rule) return failed(1, 'iptables: Index of deletion too big.');
      remove(call, host, rule);
      return DONE;
    }
    case 'flush':
      for (const rule of rulesOf(host, command.table)) remove(call, host, rule);
      return DONE;
    case 'list-rules': {
      const chain = CHAIN_OF[command.table];
      const policies = CHAINS[command.table].map((name) => `-P ${name} ACCEPT\n`).join('');
      const rules = rulesOf(host, command.table).map((rule) => `-A ${chain}${printFirewallRule(rule)}\n`);
      return said(policies + rules.join(''));
    }
    case 'list':
      return said(listTable(host, command.table, command.numeric ? [] : call.names));
  }
}

type Match = Omit<InputRule, never>;

/** A rule as the host keeps it: what it does not ask for is absent. */
function matchOf(rule: FirewallRule): Match {
  const network = (prefix: Prefix) => ({ network: prefix.address, prefixLength: prefix.prefixLength });
  return {
    ...(rule.protocol !== undefined && { protocol: rule.protocol }),
    ...(rule.source && { source: network(rule.source) }),
    ...(rule.destination && { destination: network(rule.destination) }),
    ...(rule.ports.length > 0 && { dports: rule.ports }),
  };
}

function add(call: Call, host: Host, rule: FirewallRule, atHead: boolean): void {
  // the order of rules that only drop makes no difference
  const { target } = rule;
  if (target.kind === 'drop') addInputRule(host, matchOf(rule));
  else if (target.kind === 'redirect') {
    addRedirectRule(host, { ...matchOf(rule), toPort: target.port }, atHead);
  } else addMangleRule(call.world.net, host, { ...matchOf(rule), mark: target.mark }, atHead);
}

function remove(call: Call, host: Host, rule: FirewallRule): boolean {
  const { target } = rule;
  if (target.kind === 'drop') return deleteInputRule(host, matchOf(rule));
  if (target.kind === 'redirect') {
    return deleteRedirectRule(host, { ...matchOf(rule), toPort: target.port });
  }
  return deleteMangleRule(call.world.net, host, { ...matchOf(rule), mark: target.mark });
}

function rulesOf(host: Host, table: FirewallTable): FirewallRule[] {
  switch (table) {
    case 'mangle':
      return host.mangle.map((rule) => ruleOf(rule, { kind: 'mark', mark: rule.mark }));
    case 'nat':
      return host.redirects.map((rule) => ruleOf(rule, { kind: 'redirect', port: rule.toPort }));
    case 'filter':
      return host.filterInput.map((rule) => ruleOf(rule, { kind: 'drop' }));
  }
}

function ruleOf(rule: InputRule | MangleRule, target: FirewallRule['target']): FirewallRule {
  const prefix = (of: InputRule['source']): Prefix | undefined =>
    of && { address: of.network, prefixLength: of.prefixLength };
  return {
    protocol: rule.protocol,
    source: prefix(rule.source),
    destination: prefix(rule.destination),
    ports: rule.dports ?? [],
    target,
  };
}

const CHAINS = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
} as const;

const LIST_TITLE = 'target     prot opt source               destination         \n';

function listTable(host: Host, table: FirewallTable, names: readonly PortName[]): string {
  return CHAINS[table]
    .map((chain) => {
      const rules = chain === CHAIN_OF[table] ? rulesOf(host, table) : [];
      return (
        `Chain ${chain} (policy ACCEPT)\n${LIST_TITLE}` + rules.map((rule) => listRule(rule, names)).join('')
      );
    })
    .join('\n');
}

function listRule(rule: FirewallRule, names: readonly PortName[]): string {
  const protocol = rule.protocol === undefined ? 'all' : protocolWord(rule.protocol);
  const everywhere = names.length === 0 ? '0.0.0.0/0' : 'anywhere';
  const [target, ending] = listTarget(rule.target);
  const source = (rule.source ? listPrefix(rule.source) : everywhere).padEnd(20);
  const destination = (rule.destination ? listPrefix(rule.destination) : everywhere).padEnd(20);
  const ports = listPorts(rule, protocol, names);
  return `${target.padEnd(10)} ${protocol.padEnd(4)} --  ${source} ${destination}${ports}${ending}\n`;
}

function listTarget(target: FirewallRule['target']): readonly [string, string] {
  switch (target.kind) {
    case 'drop':
      return ['DROP', ''];
    case 'mark':
      return ['MARK', ` MARK set 0x${target.mark.toString(16)}`];
    case 'redirect':
      return ['REDIRECT', target.port === 0 ? '' : ` redir ports ${target.port}`];
  }
}

const listPrefix = ({ address, prefixLength }: Prefix): string =>
  prefixLength === 32 ? formatIpv4(address) : `${formatIpv4(address)}/${prefixLength}`;

function listPorts(rule: FirewallRule, protocol: string, names: readonly PortName[]): string {
  const port = (number: number): string => nameOfPort(names, number, rule.protocol ?? 0);
  const ranges = rule.ports.map(([from, to]) => (from === to ? port(from) : `${port(from)}:${port(to)}`));
  if (ranges.length === 0) return '';
  if (ranges.length > 1) return ` multiport dports ${ranges.join(',')}`;
  const [range] = rule.ports;
  return range && range[0] !== range[1]
    ? ` ${protocol} dpts:${ranges.join()}`
    : ` ${protocol} dpt:${ranges.join()}`;
}
