import {
  addRule,
  deleteRule,
  filterTable,
  type FilterHook,
  flushRules,
  hostNamed,
  packetRule,
  rulesOf,
  setFilterPolicy,
} from '@lvscope/cluster';
import type { CommandResult, Host } from '@lvscope/cluster';
import { CHAINS_OF, parseIptables, printFirewallRule } from '@lvscope/syntax';
import type { FirewallChain, FirewallTable, IptablesCommand } from '@lvscope/syntax';
import { DONE, failed, said } from '../program.ts';
import type { Call } from '../program.ts';
import { ALL_CHAINS, countersOf, formatChain } from '../text/iptables-list.ts';

const NO_SUCH_RULE = 'iptables: Bad rule (does a matching rule exist in that chain?).';

/** iptables: firewall marks, redirects, and what is let in, through and out. */
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
  if (read.value.table === 'filter') filterTable(call.world.net, host);
  return carryOut(call, host, read.value);
}

function carryOut(call: Call, host: Host, command: IptablesCommand): CommandResult {
  const { net } = call.world;
  switch (command.kind) {
    case 'append':
      addRule(net, host, command.table, command.chain, packetRule(command.rule.target, command.rule));
      return DONE;
    case 'insert': {
      const { table, chain, rule, number } = command;
      if (number > rulesOf(host, table, chain).length + 1) {
        return failed(1, 'iptables: Index of insertion too big.');
      }
      addRule(net, host, table, chain, packetRule(rule.target, rule), number - 1);
      return DONE;
    }
    case 'delete':
    case 'check': {
      const { table, chain } = command;
      const text = printFirewallRule(command.rule);
      const at = rulesOf(host, table, chain).findIndex((rule) => printFirewallRule(rule) === text);
      if (at < 0) return failed(1, NO_SUCH_RULE);
      if (command.kind === 'delete') deleteRule(net, host, table, chain, at);
      return DONE;
    }
    case 'delete-number':
      if (command.number > rulesOf(host, command.table, command.chain).length) {
        return failed(1, 'iptables: Index of deletion too big.');
      }
      deleteRule(net, host, command.table, command.chain, command.number - 1);
      return DONE;
    case 'policy':
      return setPolicy(call, host, command);
    case 'flush':
      for (const chain of chainsOf(command)) flushRules(net, host, command.table, chain);
      return DONE;
    case 'zero':
      for (const chain of chainsOf(command)) zero(host, command.table, chain);
      return DONE;
    case 'delete-chains':
      return DONE;
    case 'list-rules':
      return said(listRules(host, command));
    case 'list':
      return said(list(call, host, command));
  }
}

const chainsOf = (of: {
  table: FirewallTable;
  chain: FirewallChain | undefined;
}): readonly FirewallChain[] => (of.chain === undefined ? CHAINS_OF[of.table] : [of.chain]);

function setPolicy(
  call: Call,
  host: Host,
  command: IptablesCommand & { readonly kind: 'policy' },
): CommandResult {
  const { table, chain, policy } = command;
  if (table === 'nat' && policy === 'DROP') {
    return failed(
      2,
      'iptables v1.8.9 (legacy): \nThe "nat" table is not intended for filtering, the use of DROP is ' +
        "therefore inhibited.\n\nTry `iptables -h' or 'iptables --help' for more information.",
    );
  }
  if (table === 'filter') setFilterPolicy(call.world.net, host, chain as FilterHook, policy);
  else if (policy === 'DROP') {
    return failed(2, `iptables v1.8.9 (legacy): DROP is not understood: wanted ACCEPT for ${chain}`);
  }
  return DONE;
}

function zero(host: Host, table: FirewallTable, chain: FirewallChain): void {
  const counted = table === 'filter' && host.filter ? [host.filter[chain as FilterHook]] : [];
  for (const one of [...counted, ...rulesOf(host, table, chain)]) {
    one.packets = 0;
    one.bytes = 0;
  }
}

/** The policy of a chain, and what it has decided; chains that are not simulated let everything through. */
function policyOf(host: Host, table: FirewallTable, chain: string) {
  const known = table === 'filter' ? host.filter?.[chain as FilterHook] : undefined;
  return known ?? { policy: 'ACCEPT', packets: 0, bytes: 0 };
}

/** -S: policies first, then the rules. */
function listRules(host: Host, command: IptablesCommand & { readonly kind: 'list-rules' }): string {
  const { table, chain, verbose } = command;
  const policies = (chain === undefined ? ALL_CHAINS[table] : [chain]).map((name) => {
    const policy = policyOf(host, table, name);
    return `-P ${name} ${policy.policy}${verbose ? countersOf(policy) : ''}\n`;
  });
  const rules = chainsOf(command).flatMap((name) =>
    rulesOf(host, table, name).map(
      (rule) => `-A ${name}${printFirewallRule(rule, verbose ? countersOf(rule) : '')}\n`,
    ),
  );
  return policies.join('') + rules.join('');
}

function list(call: Call, host: Host, command: IptablesCommand & { readonly kind: 'list' }): string {
  const { table, chain } = command;
  const simulated: readonly string[] = CHAINS_OF[table];
  return (chain === undefined ? ALL_CHAINS[table] : [chain])
    .map((name) => {
      const rules = simulated.includes(name) ? rulesOf(host, table, name as FirewallChain) : [];
      const names = command.numeric ? [] : call.names;
      return formatChain(name, policyOf(host, table, name), rules, command, names);
    })
    .join('\n');
}
