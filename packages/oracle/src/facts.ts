import { type Fields, type Observation, record, records, text } from './trace.ts';
import { tableText } from './texts.ts';

/** What kind of thing is compared; the coverage list and the tolerances go by it. */
export type FactKind =
  | 'counts'
  /** Counts and rows of half-open connections while drop_entry=3 weeds them out at random. */
  | 'drop-entry-counts'
  | 'drop-entry-rows'
  | 'list'
  | 'state'
  | 'expiry'
  | 'reply'
  | 'chosen'
  | 'result'
  | 'text'
  | 'unsorted-text'
  | 'help-text'
  | 'stats-text'
  | 'unsorted-stats-text'
  | 'exit-code'
  | 'scalar'
  | 'packet'
  | 'neighbour'
  | 'neighbour-state';

/** One thing that the kernel said, at a place that the simulated answer has too. */
export interface Fact {
  readonly kind: FactKind;
  /** `after.conns 10.9.0.1:1000 192.168.0.100:80 192.168.0.11:80`: where within the observation. */
  readonly place: string;
  readonly value: string | number;
}

/**
 * The facts of an observation, recorded or simulated: the same places on both sides.
 * Counted as the recordings' README defines them. No facts: times, sequence numbers, pure ACKs, and what
 * the recording machine itself got wrong (`agent_error`).
 */
export function factsOf(observation: Observation): Fact[] {
  if (isLabsOwn(observation)) return [];
  const facts: Fact[] = [];
  const { op } = observation;
  if ('before' in observation) countFacts('before', record(observation, 'before'), facts);
  answerFacts(observation, facts);
  if ('replies' in observation) replyFacts(records(observation, 'replies'), facts);
  if (op === 'sh') {
    facts.push({ kind: 'exit-code', place: 'rc', value: Number(observation['rc'] ?? 0) });
    const words = text(observation, 'out') + text(observation, 'err');
    facts.push({ kind: textKind(text(observation, 'cmd')), place: 'text', value: words });
  }
  if ('packets' in observation) packetFacts(records(observation, 'packets'), facts);
  if (Array.isArray(observation['neigh'])) {
    neighbourFacts('neigh', observation['neigh'].map(String), facts);
  }
  for (const part of ['snap', 'after']) {
    const taken = observation[part];
    if (typeof taken === 'object') snapFacts(part, record(observation, part), facts);
  }
  if ('probes' in observation) {
    for (const [i, probe] of records(observation, 'probes').entries()) {
      if ('r' in probe) facts.push({ kind: 'result', place: `probe ${i}`, value: text(probe, 'r') });
      if ('neigh' in probe) probeNeighbourFacts(`probe ${i}`, text(probe, 'neigh'), facts);
    }
  }
  return facts;
}

/** A fault of the recording machine, or a program that it lacked: its own message, rc 127. */
function isLabsOwn(observation: Observation): boolean {
  const missing = observation['rc'] === 127 && text(observation, 'err').startsWith('[Errno ');
  return 'agent_error' in observation || missing;
}

function textKind(command: string): FactKind {
  if (/ipvsadm (-h|--help)\b/.test(command)) return 'help-text';
  const unsorted = /--nosort|\/proc\/net\/ip_vs\b(?!_stats)/.test(command);
  if (/--stats|--rate|ip_vs_stats/.test(command)) return unsorted ? 'unsorted-stats-text' : 'stats-text';
  return unsorted || command.includes('/proc/net/ip_vs') ? 'unsorted-text' : 'text';
}

/** Results, chosen servers and the other scalars of an answer. */
function answerFacts(observation: Observation, facts: Fact[]): void {
  const { op } = observation;
  if (op === 'open' || op === 'udp') {
    const at = 'at' in observation ? text(observation, 'at') : JSON.stringify(observation['rs_dst'] ?? null);
    const chosen = `${JSON.stringify(observation['rs'] ?? null)} at ${at}`;
    facts.push({ kind: 'chosen', place: 'rs', value: chosen });
  }
  if ('result' in observation || op === 'open') {
    facts.push({ kind: 'result', place: 'result', value: text(observation, 'result') });
  } else if (op === 'close' || op === 'send' || op === 'shut') {
    facts.push({ kind: 'result', place: 'result', value: '' });
  }
  for (const key of ['cli', 'sent', 'client_got', 'server_got']) {
    if (key in observation) facts.push({ kind: 'scalar', place: key, value: String(observation[key]) });
  }
  if ('got' in observation)
    facts.push({ kind: 'scalar', place: 'got', value: JSON.stringify(observation['got']) });
  if ((op === 'sysctl' || op === 'raw') && 'err' in observation) {
    facts.push({ kind: 'result', place: 'err', value: text(observation, 'err') });
  }
}

/** `{rs1: [weight, active, inactive]}`: a server each, with its place in its service's list. */
function countFacts(place: string, counts: Fields, facts: Fact[]): void {
  const places = new Map<string, number>();
  for (const [key, value] of Object.entries(counts)) {
    const service = key.split('@')[1] ?? '';
    const index = places.get(service) ?? 0;
    places.set(service, index + 1);
    const numbers = Array.isArray(value) ? value.join('/') : String(value);
    facts.push({ kind: 'counts', place: `${place} ${key}`, value: `${index}: ${numbers}` });
  }
  facts.push({ kind: 'list', place, value: Object.keys(counts).toSorted().join(' ') });
}

function replyFacts(replies: readonly Fields[], facts: Fact[]): void {
  const seen = new Map<string, number>();
  const keys: string[] = [];
  for (const reply of replies) {
    const flags = text(reply, 'flags');
    if (flags === 'A' && reply['data'] === 0) continue;
    const words = ['to', 'sip', 'k', 'sport', 'flags', 'data', 'type', 'code', 'mtu'];
    const key = words.flatMap((word) => (word in reply ? [`${word}=${String(reply[word])}`] : [])).join(' ');
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    keys.push(key);
    facts.push({ kind: 'reply', place: `reply ${key} #${nth}`, value: 'seen' });
  }
  facts.push({ kind: 'list', place: 'replies', value: keys.toSorted().join('\n') });
}

/** Packets of one step are a set; each is one fact. */
function packetFacts(packets: readonly Fields[], facts: Fact[]): void {
  const seen = new Map<string, number>();
  for (const packet of packets) {
    const words = packetWords(packet);
    const nth = (seen.get(words) ?? 0) + 1;
    seen.set(words, nth);
    facts.push({ kind: 'packet', place: `packet ${words} #${nth}`, value: 'seen' });
  }
}

/** All that a packet says but its time and its sequence numbers. */
function packetWords(packet: Fields): string {
  const parts: string[] = [];
  for (const key of Object.keys(packet).toSorted()) {
    if (key === 't' || key === 'seq' || key === 'ack') continue;
    const words = text(packet, key) || JSON.stringify(packet[key]);
    parts.push(`${key}=${words.startsWith('{') ? `(${packetWords(record(packet, key))})` : words}`);
  }
  return parts.join(' ');
}

/** Entries of a neighbour cache: of each its MAC, and its state; their times are no facts. */
function neighbourFacts(place: string, lines: readonly string[], facts: Fact[]): void {
  const keys: string[] = [];
  for (const line of lines) {
    const [address = ''] = line.split(' ', 1);
    const device = /\bdev (\S+)/.exec(line)?.[1] ?? '';
    const mac = /\blladdr (\S+)/.exec(line)?.[1] ?? 'none';
    const key = `${address} ${device}`.trim();
    keys.push(key);
    facts.push({ kind: 'neighbour', place: `${place} ${key}`, value: mac });
    facts.push({
      kind: 'neighbour-state',
      place: `${place} ${key}`,
      value: line.trim().split(' ').at(-1) ?? '',
    });
  }
  facts.push({ kind: 'list', place, value: keys.toSorted().join('\n') });
}

/** `lladdr 02:… STALE`, as a probe notes it. */
function probeNeighbourFacts(place: string, words: string, facts: Fact[]): void {
  facts.push({ kind: 'neighbour', place, value: /lladdr (\S+)/.exec(words)?.[1] ?? 'none' });
  facts.push({ kind: 'neighbour-state', place, value: words.split(' ').at(-1) ?? '' });
}

function snapFacts(part: string, taken: Fields, facts: Fact[]): void {
  for (const [what, value] of Object.entries(taken)) {
    const place = `${part}.${what}`;
    if (what === 'counts') countFacts(place, record(taken, what), facts);
    else if (what === 'conns') connectionFacts(place, records(taken, what), facts);
    else if (what === 'ipvs') serviceFacts(place, records(taken, what), facts);
    else if (what === 'cli') {
      for (const [id, state] of Object.entries(record(taken, what))) {
        facts.push({ kind: 'scalar', place: `${place} ${id}`, value: String(state) });
      }
    } else if (what === 'neigh') {
      neighbourFacts(place, Array.isArray(value) ? value.map(String) : [], facts);
    } else {
      const kind = what === 'stats' || what === 'rate' ? 'stats-text' : 'text';
      facts.push({ kind, place, value: String(value) });
    }
  }
}

/** Rows are matched by client, virtual and destination; of equal ones the younger first. */
function connectionFacts(place: string, rows: readonly Fields[], facts: Fact[]): void {
  const seen = new Map<string, number>();
  const keys: string[] = [];
  const ordered = rows.toSorted((a, b) => Number(b['exp']) - Number(a['exp']));
  for (const row of ordered) {
    const key = ['pro', 'c', 'v', 'd'].map((column) => text(row, column)).join(' ');
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    const at = `${place} ${key}${nth > 1 ? ` #${nth}` : ''}`;
    keys.push(key);
    facts.push({ kind: 'state', place: at, value: text(row, 'state') });
    facts.push({ kind: 'expiry', place: at, value: Number(row['exp']) });
  }
  facts.push({ kind: 'list', place, value: keys.toSorted().join('\n') });
}

function serviceFacts(place: string, services: readonly Fields[], facts: Fact[]): void {
  const names: string[] = [];
  for (const service of services) {
    const name = `${text(service, 'proto')} ${String(service['svc'])}`;
    names.push(name);
    facts.push({ kind: 'scalar', place: `${place} ${name} sched`, value: text(service, 'sched') });
    facts.push({ kind: 'scalar', place: `${place} ${name} flags`, value: text(service, 'flags') });
    const servers = records(service, 'dests');
    for (const [i, server] of servers.entries()) {
      const value = `${i}: ${['w', 'act', 'inact', 'fwd'].map((column) => String(server[column])).join('/')}`;
      facts.push({ kind: 'counts', place: `${place} ${name} ${text(server, 'addr')}`, value });
    }
    const order = servers.map((server) => text(server, 'addr')).join(' ');
    facts.push({ kind: 'list', place: `${place} ${name}`, value: order });
  }
  facts.push({ kind: 'list', place, value: names.toSorted().join('\n') });
}

const KNOWN_STATES: readonly string[] = ['REACHABLE', 'STALE', 'DELAY', 'PROBE'];

/** ping and arping say how long an answer took: what work cost on the recording machine. */
const withoutTimes = (words: string): string => {
  const plain = words
    .replaceAll(/\d+\.\d+(?:\/\d+\.\d+)* ?ms/g, 'some ms')
    .replaceAll(/used \d+\/\d+\/\d+probes \d+/g, 'used');
  // `ip neigh` lists entries in the order of the kernel's hash
  if (!/^[\d.]+ dev \S+ /.test(plain)) return plain;
  const known = plain.replaceAll(/ (REACHABLE|STALE|DELAY|PROBE)\b/g, ' known');
  return known.replaceAll(/ +/g, ' ').split('\n').toSorted().join('\n');
};

/** Whether two values of a fact agree, within what the recordings' README allows. */
export function agrees(kind: FactKind, recorded: string | number, simulated: string | number): boolean {
  if (kind === 'expiry') return Math.abs(Number(recorded) - Number(simulated)) <= 1;
  if (recorded === simulated) return true;
  // The kernel draws how long REACHABLE lasts, so which of these an entry has reached is not to be known.
  if (kind === 'neighbour-state')
    return KNOWN_STATES.includes(`${recorded}`) && KNOWN_STATES.includes(`${simulated}`);
  if (kind === 'text' && withoutTimes(String(recorded)) === withoutTimes(String(simulated))) return true;
  const services = kind === 'unsorted-text' || kind === 'unsorted-stats-text';
  if (kind !== 'text' && !services) return false;
  const a = tableText(String(recorded), services);
  const b = tableText(String(simulated), services);
  if (!a || !b || a.head !== b.head || a.rows.length !== b.rows.length) return false;
  return a.rows.every((row, i) => {
    const other = b.rows[i];
    return other?.rest === row.rest && Math.abs(other.seconds - row.seconds) <= 1;
  });
}
