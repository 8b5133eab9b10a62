import { PROTO_ICMP, PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { parseNumberWithin } from './numbers.ts';
import { formatPrefix, networkOf, parsePrefix } from './prefix.ts';
import type { Prefix } from './prefix.ts';
import type { Parsed, PlacedWord } from './problem.ts';
import { complain, expectWord, finish, next, peek, readWords } from './word-reader.ts';
import type { WordReader } from './word-reader.ts';

/** What a packet must be; what is left out matches everything. */
export interface FirewallRule {
  readonly protocol: number | undefined;
  readonly source: Prefix | undefined;
  readonly destination: Prefix | undefined;
  /** `--dport`, `--dports`: any of these ranges, both ends included. */
  readonly ports: readonly (readonly [number, number])[];
  readonly target: { readonly kind: 'mark'; readonly mark: number } | { readonly kind: 'drop' };
}

export type FirewallTable = 'filter' | 'mangle';

/** One invocation of iptables: firewall marks in mangle PREROUTING, and DROP in filter INPUT. */
export type IptablesCommand =
  | {
      readonly kind: 'append' | 'insert' | 'delete' | 'check';
      readonly table: FirewallTable;
      readonly rule: FirewallRule;
    }
  /** -D CHAIN NUMBER, from 1 */
  | { readonly kind: 'delete-number'; readonly table: FirewallTable; readonly number: number }
  | { readonly kind: 'flush'; readonly table: FirewallTable }
  | { readonly kind: 'list'; readonly table: FirewallTable; readonly numeric: boolean }
  | { readonly kind: 'list-rules'; readonly table: FirewallTable };

/** The one chain of a table that is simulated. */
export const CHAIN_OF = { filter: 'INPUT', mangle: 'PREROUTING' } as const;

/** Names of protocols for `-p`; a number is fine too. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: PROTO_ICMP,
  tcp: PROTO_TCP,
  udp: PROTO_UDP,
  sctp: PROTO_SCTP,
  vrrp: 112,
};

type Verb = 'append' | 'insert' | 'delete' | 'check' | 'flush' | 'list' | 'list-rules';

const VERBS: Readonly<Record<string, Verb>> = {
  '-A': 'append',
  '--append': 'append',
  '-I': 'insert',
  '--insert': 'insert',
  '-D': 'delete',
  '--delete': 'delete',
  '-C': 'check',
  '--check': 'check',
  '-F': 'flush',
  '--flush': 'flush',
  '-L': 'list',
  '--list': 'list',
  '-S': 'list-rules',
  '--list-rules': 'list-rules',
};

interface Draft {
  table: FirewallTable;
  verb: Verb | undefined;
  chain: string | undefined;
  number: number | undefined;
  numeric: boolean;
  protocol: number | undefined;
  source: Prefix | undefined;
  destination: Prefix | undefined;
  ports: (readonly [number, number])[];
  jump: string | undefined;
  mark: number | undefined;
}

/** Reads the words behind `iptables` or `iptables-legacy`. */
export function parseIptables(words: readonly PlacedWord[]): Parsed<IptablesCommand> {
  const reader = readWords(words);
  const draft: Draft = {
    table: 'filter',
    verb: undefined,
    chain: undefined,
    number: undefined,
    numeric: false,
    protocol: undefined,
    source: undefined,
    destination: undefined,
    ports: [],
    jump: undefined,
    mark: undefined,
  };
  while (peek(reader) !== undefined) readOption(reader, draft);
  return finish(reader, reader.problem ? undefined : complete(reader, draft));
}

function readOption(reader: WordReader, draft: Draft): void {
  const at = reader.at;
  const option = next(reader) ?? '';
  const verb = Object.hasOwn(VERBS, option) ? VERBS[option] : undefined;
  if (verb !== undefined) {
    readVerb(reader, draft, verb);
    return;
  }
  switch (option) {
    case '-t':
    case '--table':
      draft.table =
        expectWord(reader, 'filter or mangle', (text) =>
          text === 'filter' || text === 'mangle' ? text : undefined,
        ) ?? draft.table;
      return;
    case '-p':
    case '--protocol':
      draft.protocol = expectWord(reader, 'tcp, udp, sctp, icmp or a number', readProtocol);
      return;
    case '-s':
    case '--source':
      draft.source = expectWord(reader, 'an address or network', readNetwork);
      return;
    case '-d':
    case '--destination':
      draft.destination = expectWord(reader, 'an address or network', readNetwork);
      return;
    case '-m':
    case '--match':
      expectWord(reader, 'tcp, udp, sctp, multiport or comment', (text) =>
        ['tcp', 'udp', 'sctp', 'multiport', 'comment'].includes(text) ? text : undefined,
      );
      return;
    case '--comment':
      if (next(reader) === undefined) complain(reader, 'a comment');
      return;
    case '--dport':
    case '--destination-port':
    case '--dports':
    case '--destination-ports':
      draft.ports = expectWord(reader, 'ports, as 80 or 80,443 or 1024:65535', readPorts) ?? [];
      return;
    default:
      readTargetOption(reader, draft, option, at);
  }
}

function readTargetOption(reader: WordReader, draft: Draft, option: string, at: number): void {
  switch (option) {
    case '-j':
    case '--jump':
      draft.jump = expectWord(reader, 'MARK or DROP', (text) =>
        text === 'MARK' || text === 'DROP' ? text : undefined,
      );
      return;
    case '--set-mark':
    case '--set-xmark':
      draft.mark = expectWord(reader, 'a mark of 1 to 4294967295', readMark);
      return;
    case '-n':
    case '--numeric':
      draft.numeric = true;
      return;
    case '-v':
    case '--verbose':
    case '-w':
    case '--wait':
    case '--line-numbers':
      return;
    default:
      if (draft.verb !== 'list' || !/^-[nv]+$/.test(option)) {
        reader.at = at;
        complain(reader, '-t -A -I -D -F -L -S -p -s -d -m --dport --dports -j --set-mark');
      } else draft.numeric ||= option.includes('n');
  }
}

function readVerb(reader: WordReader, draft: Draft, verb: Verb): void {
  if (draft.verb !== undefined) {
    reader.at--;
    complain(reader, 'one command');
    return;
  }
  draft.verb = verb;
  const chain = peek(reader);
  if (chain !== undefined && !chain.startsWith('-')) {
    draft.chain = chain;
    reader.at++;
  }
  const number = peek(reader);
  if (number !== undefined && /^\d{1,6}$/.test(number) && (verb === 'delete' || verb === 'insert')) {
    draft.number = Number(number);
    reader.at++;
  }
}

const readProtocol = (text: string): number | undefined =>
  Object.hasOwn(PROTOCOLS, text.toLowerCase())
    ? PROTOCOLS[text.toLowerCase()]
    : parseNumberWithin(text, 1, 255);

const readNetwork = (text: string): Prefix | undefined => {
  const prefix = parsePrefix(text);
  return prefix && networkOf(prefix);
};

function readPorts(text: string): (readonly [number, number])[] | undefined {
  const ranges: (readonly [number, number])[] = [];
  for (const part of text.split(',')) {
    const [low, high = low, ...rest] = part.split(':');
    const from = parseNumberWithin(low ?? '', 0, 65535);
    const to = parseNumberWithin(high ?? '', 0, 65535);
    if (from === undefined || to === undefined || from > to || rest.length > 0) return undefined;
    ranges.push([from, to]);
  }
  return ranges.length > 15 ? undefined : ranges;
}

/** `1`, `0x1`, `0x1/0xffffffff` */
function readMark(text: string): number | undefined {
  const match = /^(0x[0-9a-fA-F]{1,8}|\d{1,10})(\/0x[fF]{8})?$/.exec(text);
  const mark = match?.[1] === undefined ? undefined : Number(match[1]);
  return mark !== undefined && mark >= 1 && mark <= 0xffffffff ? mark : undefined;
}

function complete(reader: WordReader, draft: Draft): IptablesCommand | undefined {
  const { table, verb } = draft;
  if (verb === undefined) {
    complain(reader, '-A, -I, -D, -F, -L or -S');
    return undefined;
  }
  if (draft.chain !== undefined && draft.chain !== CHAIN_OF[table]) {
    complain(reader, `chain ${CHAIN_OF[table]} of table ${table}: others are not simulated`);
    return undefined;
  }
  if (verb === 'flush' || verb === 'list-rules') return { kind: verb, table };
  if (verb === 'list') return { kind: verb, table, numeric: draft.numeric };
  if (draft.chain === undefined) {
    complain(reader, `the chain, ${CHAIN_OF[table]}`);
    return undefined;
  }
  if (verb === 'delete' && draft.number !== undefined) {
    return { kind: 'delete-number', table, number: draft.number };
  }
  const rule = completeRule(reader, draft);
  return rule && { kind: verb, table, rule };
}

function completeRule(reader: WordReader, draft: Draft): FirewallRule | undefined {
  const { protocol, source, destination, ports, table } = draft;
  if (ports.length > 0 && (protocol === undefined || protocol === PROTO_ICMP)) {
    complain(reader, '-p tcp, udp or sctp beside a port');
    return undefined;
  }
  if (table === 'mangle') {
    if (draft.jump === 'MARK' && draft.mark !== undefined) {
      return { protocol, source, destination, ports, target: { kind: 'mark', mark: draft.mark } };
    }
    complain(reader, '-j MARK --set-mark NUMBER');
    return undefined;
  }
  if (draft.jump === 'DROP') return { protocol, source, destination, ports, target: { kind: 'drop' } };
  complain(reader, '-j DROP');
  return undefined;
}

/** A rule as `iptables -S` prints it, without `-A CHAIN`. */
export function printFirewallRule(rule: FirewallRule): string {
  let text = '';
  if (rule.source) text += ` -s ${formatPrefix(rule.source)}`;
  if (rule.destination) text += ` -d ${formatPrefix(rule.destination)}`;
  if (rule.protocol !== undefined) text += ` -p ${protocolWord(rule.protocol)}`;
  if (rule.ports.length === 1) text += ` -m ${protocolWord(rule.protocol ?? 0)} --dport ${printPorts(rule)}`;
  else if (rule.ports.length > 1) text += ` -m multiport --dports ${printPorts(rule)}`;
  return rule.target.kind === 'drop'
    ? `${text} -j DROP`
    : `${text} -j MARK --set-xmark 0x${rule.target.mark.toString(16)}/0xffffffff`;
}

/** `tcp`, or the number. */
export function protocolWord(protocol: number): string {
  return Object.entries(PROTOCOLS).find(([, number]) => number === protocol)?.[0] ?? String(protocol);
}

const printPorts = (rule: FirewallRule): string =>
  rule.ports.map(([from, to]) => (from === to ? String(from) : `${from}:${to}`)).join(',');

const LETTER = { append: '-A', insert: '-I', delete: '-D', check: '-C' } as const;

/** The canonical words behind `iptables`. */
export function printIptables(command: IptablesCommand): string {
  const chain = CHAIN_OF[command.table];
  const table = `-t ${command.table} `;
  switch (command.kind) {
    case 'flush':
      return `${table}-F`;
    case 'list':
      return `${table}-L${command.numeric ? ' -n' : ''}`;
    case 'list-rules':
      return `${table}-S`;
    case 'delete-number':
      return `${table}-D ${chain} ${command.number}`;
    default:
      return `${table}${LETTER[command.kind]} ${chain}${printFirewallRule(command.rule)}`;
  }
}
