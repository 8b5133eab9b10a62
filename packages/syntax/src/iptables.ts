import { PROTO_ICMP, PROTO_TCP } from '@lvscope/inet';
import { CHAINS_OF, REJECT_WITH } from './iptables-rule.ts';
import type {
  FirewallChain,
  FirewallRule,
  FirewallTable,
  IptablesCommand,
  Negatable,
  PortRange,
} from './iptables-rule.ts';
import {
  oneOf,
  readProtocol,
  readNetwork,
  readInterface,
  readIcmpType,
  readRejectWith,
  readPortRange,
  readPorts,
  readMark,
} from './iptables-words.ts';
import { parseNumberWithin } from './numbers.ts';
import type { Prefix } from './prefix.ts';
import type { Parsed, PlacedWord } from './problem.ts';
import { complain, expectWord, finish, next, peek, readWords } from './word-reader.ts';
import type { WordReader } from './word-reader.ts';

const VERBS = {
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
  '-Z': 'zero',
  '--zero': 'zero',
  '-X': 'delete-chains',
  '--delete-chain': 'delete-chains',
  '-P': 'policy',
  '--policy': 'policy',
  '-L': 'list',
  '--list': 'list',
  '-S': 'list-rules',
  '--list-rules': 'list-rules',
} as const;

type Verb = (typeof VERBS)[keyof typeof VERBS];

const TARGETS = ['ACCEPT', 'DROP', 'REJECT', 'MARK', 'REDIRECT'] as const;
type TargetWord = (typeof TARGETS)[number];

interface Draft {
  table: FirewallTable;
  verb: Verb | undefined;
  /** Where the chain stands among the words. */
  chainAt: number;
  chain: string | undefined;
  number: number | undefined;
  policy: 'ACCEPT' | 'DROP' | undefined;
  numeric: boolean;
  verbose: boolean;
  exact: boolean;
  lineNumbers: boolean;
  protocol: number | undefined;
  source: Prefix | undefined;
  destination: Prefix | undefined;
  inInterface: string | undefined;
  outInterface: string | undefined;
  sourcePorts: readonly PortRange[];
  ports: readonly PortRange[];
  icmpType: number | undefined;
  not: readonly Negatable[];
  comment: string | undefined;
  jump: TargetWord | undefined;
  mark: number | undefined;
  toPort: number;
  rejectWith: (typeof REJECT_WITH)[number];
}

/** Reads the words behind `iptables` or `iptables-legacy`. */
export function parseIptables(words: readonly PlacedWord[]): Parsed<IptablesCommand> {
  const reader = readWords(words);
  const draft: Draft = {
    table: 'filter',
    verb: undefined,
    chainAt: 0,
    chain: undefined,
    number: undefined,
    policy: undefined,
    numeric: false,
    verbose: false,
    exact: false,
    lineNumbers: false,
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
    jump: undefined,
    mark: undefined,
    toPort: 0,
    rejectWith: 'icmp-port-unreachable',
  };
  while (peek(reader) !== undefined) readOption(reader, draft);
  return finish(reader, reader.problem ? undefined : complete(reader, draft));
}

function readOption(reader: WordReader, draft: Draft): void {
  if (peek(reader) === '!') return readNegated(reader, draft);
  const at = reader.at;
  const option = next(reader) ?? '';
  if (Object.hasOwn(VERBS, option)) readVerb(reader, draft, VERBS[option as keyof typeof VERBS]);
  else if (!readMatch(reader, draft, option)) readTargetOption(reader, draft, option, at);
}

const NEGATABLE: Readonly<Record<string, Negatable>> = {
  '-p': 'protocol',
  '--protocol': 'protocol',
  '-s': 'source',
  '--source': 'source',
  '-d': 'destination',
  '--destination': 'destination',
  '-i': 'inInterface',
  '--in-interface': 'inInterface',
  '-o': 'outInterface',
  '--out-interface': 'outInterface',
  '--sport': 'sourcePorts',
  '--source-port': 'sourcePorts',
  '--dport': 'ports',
  '--destination-port': 'ports',
  '--dports': 'ports',
  '--destination-ports': 'ports',
  '--icmp-type': 'icmpType',
};

/** `!` and the option that it stands before. */
function readNegated(reader: WordReader, draft: Draft): void {
  next(reader);
  const option = peek(reader) ?? '';
  const what = Object.hasOwn(NEGATABLE, option) ? NEGATABLE[option] : undefined;
  if (what === undefined) {
    complain(reader, '-p, -s, -d, -i, -o, --sport, --dport or --icmp-type behind !');
    return;
  }
  draft.not = [...draft.not, what];
  readOption(reader, draft);
}

/** @returns whether it is an option of what a packet must be */
function readMatch(reader: WordReader, draft: Draft, option: string): boolean {
  switch (option) {
    case '-t':
    case '--table':
      draft.table =
        expectWord(reader, 'filter, mangle or nat', oneOf(['filter', 'mangle', 'nat'])) ?? draft.table;
      return true;
    case '-p':
    case '--protocol':
      draft.protocol = expectWord(reader, 'tcp, udp, sctp, icmp or a number', readProtocol);
      return true;
    case '-s':
    case '--source':
      draft.source = expectWord(reader, 'an address or network', readNetwork);
      return true;
    case '-d':
    case '--destination':
      draft.destination = expectWord(reader, 'an address or network', readNetwork);
      return true;
    case '-i':
    case '--in-interface':
      draft.inInterface = expectWord(reader, 'an interface', readInterface);
      return true;
    case '-o':
    case '--out-interface':
      draft.outInterface = expectWord(reader, 'an interface', readInterface);
      return true;
    case '-m':
    case '--match':
      expectWord(reader, 'tcp, udp, sctp, icmp, multiport or comment', oneOf(MODULES));
      return true;
    default:
      return readModuleOption(reader, draft, option);
  }
}

const MODULES = ['tcp', 'udp', 'sctp', 'icmp', 'multiport', 'comment'] as const;

function readModuleOption(reader: WordReader, draft: Draft, option: string): boolean {
  switch (option) {
    case '--comment':
      draft.comment = expectWord(reader, 'a comment', (text) => text);
      return true;
    case '--icmp-type':
      draft.icmpType = expectWord(reader, 'an ICMP type, as 8 or echo-request', readIcmpType);
      return true;
    case '--sport':
    case '--source-port':
      draft.sourcePorts = expectWord(reader, 'a port, or ports as 1024:65535', readPortRange) ?? [];
      return true;
    case '--dport':
    case '--destination-port':
    case '--dports':
    case '--destination-ports':
      draft.ports = expectWord(reader, 'ports, as 80 or 80,443 or 1024:65535', readPorts) ?? [];
      return true;
    default:
      return false;
  }
}

function readTargetOption(reader: WordReader, draft: Draft, option: string, at: number): void {
  switch (option) {
    case '-j':
    case '--jump':
      draft.jump = expectWord(reader, 'ACCEPT, DROP, REJECT, MARK or REDIRECT', oneOf(TARGETS));
      return;
    case '--reject-with':
      draft.rejectWith = expectWord(reader, REJECT_WITH.join(', '), readRejectWith) ?? draft.rejectWith;
      return;
    case '--to-ports':
    case '--to-port':
      draft.toPort = expectWord(reader, 'a port', (text) => parseNumberWithin(text, 1, 65535)) ?? 0;
      return;
    case '--set-mark':
    case '--set-xmark':
      draft.mark = expectWord(reader, 'a mark of 1 to 4294967295', readMark);
      return;
    default:
      if (!readListOption(reader, draft, option)) {
        reader.at = at;
        complain(reader, '-t -A -I -D -C -F -Z -P -L -S -p -s -d -i -o -m --dport --sport -j --reject-with');
      }
  }
}

/** `-n`, or several letters in one word: `-nvL` lists, too. */
function readListOption(reader: WordReader, draft: Draft, option: string): boolean {
  if (option === '-w' || option === '--wait') return true;
  const long = { '--numeric': 'n', '--verbose': 'v', '--exact': 'x', '--line-numbers': '0' } as const;
  const letters = Object.hasOwn(long, option)
    ? long[option as keyof typeof long]
    : /^-([nvx]+[LS]?)$/.exec(option)?.[1];
  if (letters === undefined) return false;
  draft.numeric ||= letters.includes('n');
  draft.verbose ||= letters.includes('v');
  draft.exact ||= letters.includes('x');
  draft.lineNumbers ||= letters.includes('0');
  if (letters.endsWith('L')) readVerb(reader, draft, 'list');
  if (letters.endsWith('S')) readVerb(reader, draft, 'list-rules');
  return true;
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
    draft.chainAt = reader.at++;
  }
  if (verb === 'policy') {
    draft.policy = expectWord(reader, 'ACCEPT or DROP', oneOf(['ACCEPT', 'DROP']));
    return;
  }
  const number = peek(reader);
  if (number !== undefined && /^\d{1,6}$/.test(number) && (verb === 'delete' || verb === 'insert')) {
    draft.number = expectWord(reader, 'a number of a rule, from 1', (text) =>
      parseNumberWithin(text, 1, 999_999),
    );
  }
}

function complete(reader: WordReader, draft: Draft): IptablesCommand | undefined {
  const { table, verb } = draft;
  if (verb === undefined) {
    complain(reader, '-A, -I, -D, -C, -F, -Z, -P, -L or -S');
    return undefined;
  }
  const chain = oneOf<FirewallChain>(CHAINS_OF[table])(draft.chain ?? '');
  if (draft.chain !== undefined && chain === undefined) {
    reader.at = draft.chainAt;
    complain(reader, `a chain that is simulated; of table ${table}: ${CHAINS_OF[table].join(', ')}`);
    return undefined;
  }
  if (verb === 'delete-chains') return { kind: verb, table };
  if (verb === 'flush' || verb === 'zero') return { kind: verb, table, chain };
  if (verb === 'list-rules') return { kind: verb, table, chain, verbose: draft.verbose };
  if (verb === 'list') {
    const { numeric, verbose, exact, lineNumbers } = draft;
    return { kind: verb, table, chain, numeric, verbose, exact, lineNumbers };
  }
  if (chain === undefined) {
    complain(reader, `the chain: ${CHAINS_OF[table].join(', ')}`);
    return undefined;
  }
  if (verb === 'policy') return draft.policy && { kind: verb, table, chain, policy: draft.policy };
  if (verb === 'delete' && draft.number !== undefined) {
    return { kind: 'delete-number', table, chain, number: draft.number };
  }
  const rule = completeRule(reader, draft, chain);
  if (rule === undefined) return undefined;
  if (verb === 'insert') return { kind: verb, table, chain, rule, number: draft.number ?? 1 };
  return { kind: verb, table, chain, rule };
}

/** What the options do not allow, in the order in which iptables looks; undefined: nothing. */
function wantedInstead(draft: Draft, chain: FirewallChain): string | undefined {
  const { protocol, icmpType } = draft;
  const ports = draft.ports.length + draft.sourcePorts.length > 0;
  const asked = draft.not.includes('protocol') ? undefined : protocol;
  if (ports && (asked === undefined || asked === PROTO_ICMP)) return '-p tcp, udp or sctp beside a port';
  if (icmpType !== undefined && asked !== PROTO_ICMP) return '-p icmp beside --icmp-type';
  if (draft.outInterface !== undefined && chain !== 'FORWARD' && chain !== 'OUTPUT') {
    return `no -o with ${chain}`;
  }
  return draft.inInterface !== undefined && chain === 'OUTPUT' ? 'no -i with OUTPUT' : undefined;
}

function completeRule(reader: WordReader, draft: Draft, chain: FirewallChain): FirewallRule | undefined {
  const wanted = wantedInstead(draft, chain);
  const target = wanted === undefined ? completeTarget(reader, draft) : undefined;
  if (wanted !== undefined) complain(reader, wanted);
  if (target === undefined) return undefined;
  const { protocol, source, destination, inInterface, outInterface } = draft;
  const { sourcePorts, ports, icmpType, not, comment } = draft;
  return {
    protocol,
    source,
    destination,
    inInterface,
    outInterface,
    sourcePorts,
    ports,
    icmpType,
    not,
    comment,
    target,
  };
}

function completeTarget(reader: WordReader, draft: Draft): FirewallRule['target'] | undefined {
  const { table, jump, protocol } = draft;
  if (table === 'mangle') {
    if (jump === 'MARK' && draft.mark !== undefined) return { kind: 'mark', mark: draft.mark };
    complain(reader, '-j MARK --set-mark NUMBER');
  } else if (table === 'nat') {
    if (jump === 'REDIRECT' && (draft.toPort === 0 || protocol !== undefined)) {
      return { kind: 'redirect', port: draft.toPort };
    }
    complain(reader, jump === 'REDIRECT' ? '-p tcp or udp beside --to-ports' : '-j REDIRECT');
  } else if (jump === 'ACCEPT') return { kind: 'accept' };
  else if (jump === 'DROP') return { kind: 'drop' };
  else if (jump === 'REJECT') {
    if (draft.rejectWith !== 'tcp-reset' || protocol === PROTO_TCP)
      return { kind: 'reject', with: draft.rejectWith };
    complain(reader, '-p tcp beside --reject-with tcp-reset');
  } else complain(reader, '-j ACCEPT, DROP or REJECT');
  return undefined;
}
