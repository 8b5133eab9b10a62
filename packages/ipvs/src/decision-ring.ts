import type { Simulation, SimTime } from '@lvscope/des';
import { ipv4 } from '@lvscope/inet';
import type { DecisionDestination, DecisionInput, DecisionState } from './explain-types.ts';
import { SCHEDULERS } from './schedulers/index.ts';
import type { ScheduleRequest, SchedulerName } from './schedulers/types.ts';
import type { Service } from './service.ts';
import type { Ipvs } from './state.ts';

/** Inputs of the last decisions, as integers; the oldest are overwritten. */
export interface DecisionRing {
  readonly words: Int32Array;
  /** By sequence number, modulo their length. */
  readonly starts: Int32Array;
  readonly times: Float64Array;
  /** Sequence numbers [oldest, count) can still be read. */
  oldest: number;
  /** How many decisions there were. */
  count: number;
  /** Where the next record goes. */
  head: number;
  /** Id and weight of each server in list order, by number: shared by all decisions over the same list. */
  readonly lists: Map<number, Int32Array>;
  /** The number of the next list. */
  nextList: number;
}

/** @param words room for the records, integers; at most a 16th as many decisions are kept */
export function createRing(words: number): DecisionRing {
  let slots = 64;
  while (slots * 32 <= words) slots *= 2;
  return {
    words: new Int32Array(words),
    starts: new Int32Array(slots),
    times: new Float64Array(slots),
    oldest: 0,
    count: 0,
    head: 0,
    lists: new Map(),
    nextList: 0,
  };
}

/*
 * A record, in integers: the header, then ACTIVE and INACTIVE for each server in list order, then what the
 * scheduler needs besides (mh: each server's last weight; lblcr: the ids of the address's set). Every
 * decision writes all of it, so it is kept short: what only commands change stands in the list.
 */
const SIZE = 0;
const CAUSE = 1;
const CHOSEN = 2;
const SERVICE = 3;
const PROTOCOL = 4;
const SOURCE = 5;
const DESTINATION = 6;
/** Source port in the high half. */
const PORTS = 7;
/** Index into the scheduler names; scheduler flags from bit 8 on. */
const SCHEDULER = 8;
/** Number of the list of servers. */
const LIST = 9;
/** Four words of scheduler state as it was before. */
const STATE = 10;
const HEADER = 14;
const SERVER_WORDS = 2;
/** In a server's ACTIVE word: it carries the overload mark. */
const OVERLOADED = 0x4000_0000;
const ACTIVE_MASK = 0x3fff_ffff;
/** As many lists are kept, used or not, before those that no decision names are looked for. */
const LISTS = 16;
/** The record did not fit: only its place in the sequence is known. */
const LOST = -1;

const SCHEDULER_NAMES = Object.keys(SCHEDULERS) as SchedulerName[];
const SCHEDULER_CODES: Readonly<Record<string, number>> = Object.fromEntries(
  SCHEDULER_NAMES.map((name, code) => [name, code]),
);

/**
 * Makes room at the head, forgetting the oldest. @returns where the record begins, LOST where it can't fit
 */
function reserve(ring: DecisionRing, size: number): number {
  const { words, starts } = ring;
  const slots = starts.length - 1;
  if (ring.count - ring.oldest > slots) ring.oldest++;
  if (size > words.length) return LOST;
  if (ring.head + size > words.length) {
    while (ring.oldest < ring.count && starts[ring.oldest & slots]! >= ring.head) ring.oldest++;
    ring.head = 0;
  }
  const start = ring.head;
  const end = start + size;
  while (ring.oldest < ring.count) {
    const oldest = starts[ring.oldest & slots]!;
    if (oldest !== LOST && (oldest < start || oldest >= end)) break;
    ring.oldest++;
  }
  ring.head = end;
  return start;
}

function writeState(words: Int32Array, at: number, service: Service, request: ScheduleRequest): void {
  const state = service.schedulerState;
  switch (state.scheduler) {
    case 'rr':
      words[at + STATE] = state.last;
      break;
    case 'wrr':
      words[at + STATE] = state.cl;
      words[at + STATE + 1] = state.cw;
      words[at + STATE + 2] = state.mw;
      words[at + STATE + 3] = state.di;
      break;
    case 'lblc':
      words[at + STATE] = state.cache.get(request.destination)?.destination ?? -1;
      break;
    default:
      break;
  }
}

function extraWords(service: Service, request: ScheduleRequest): number {
  const state = service.schedulerState;
  if (state.scheduler === 'mh') return service.destinations.length;
  return state.scheduler === 'lblcr' ? (state.cache.get(request.destination)?.set.length ?? 0) : 0;
}

function writeExtra(words: Int32Array, at: number, service: Service, request: ScheduleRequest): void {
  const state = service.schedulerState;
  let to = at;
  if (state.scheduler === 'mh') for (const d of service.destinations) words[to++] = d.lastWeight;
  if (state.scheduler !== 'lblcr') return;
  for (const id of state.cache.get(request.destination)?.set ?? []) words[to++] = id;
}

/** Writes down what the decision is about to read. @returns its sequence number */
export function beginDecision(
  ring: DecisionRing,
  service: Service,
  request: ScheduleRequest,
  sim: Simulation,
): number {
  const destinations = service.destinations;
  const count = destinations.length;
  const size = HEADER + count * SERVER_WORDS + extraWords(service, request);
  const at = reserve(ring, size);
  const slot = ring.count & (ring.starts.length - 1);
  ring.starts[slot] = at;
  ring.times[slot] = sim.now;
  if (at < 0) return ring.count++;
  const words = ring.words;
  words[at + SIZE] = size;
  words[at + CHOSEN] = -1;
  words[at + SERVICE] = service.id;
  words[at + PROTOCOL] = request.protocol;
  words[at + SOURCE] = request.source;
  words[at + DESTINATION] = request.destination;
  words[at + PORTS] = (request.sourcePort << 16) | request.destinationPort;
  words[at + SCHEDULER] = SCHEDULER_CODES[service.scheduler]! | (service.schedulerFlags << 8);
  writeState(words, at, service, request);
  if (!ring.lists.has(service.recordedList)) recordList(ring, service);
  words[at + LIST] = service.recordedList;
  let to = at + HEADER;
  for (let i = 0; i < count; i++) {
    const d = destinations[i]!;
    words[to] = d.overloaded ? d.activeConns | OVERLOADED : d.activeConns;
    words[to + 1] = d.inactConns;
    to += SERVER_WORDS;
  }
  if (size > to - at) writeExtra(words, to, service, request);
  return ring.count++;
}

/** Keeps a service's list of servers as it is now, and forgets those that no decision names any more. */
function recordList(ring: DecisionRing, service: Service): void {
  const list = new Int32Array(service.destinations.length * 2);
  for (const [i, { id, weight }] of service.destinations.entries()) list.set([id, weight], i * 2);
  if (ring.lists.size >= LISTS) {
    const named = new Set<number>();
    for (let sequence = ring.oldest; sequence < ring.count; sequence++) {
      const at = ring.starts[sequence & (ring.starts.length - 1)]!;
      if (at !== LOST) named.add(ring.words[at + LIST]!);
    }
    for (const number of ring.lists.keys()) if (!named.has(number)) ring.lists.delete(number);
  }
  service.recordedList = ring.nextList++;
  ring.lists.set(service.recordedList, list);
}

/** Adds how it ended. @param chosen destination id, -1 = nobody */
export function endDecision(
  ring: DecisionRing,
  sequence: number,
  service: Service,
  cause: number,
  chosen: number,
): void {
  const at = ring.starts[sequence & (ring.starts.length - 1)]!;
  if (at < 0) return;
  ring.words[at + CAUSE] = cause;
  ring.words[at + CHOSEN] = chosen;
  const state = service.schedulerState;
  if (state.scheduler !== 'twos') return;
  ring.words[at + STATE] = state.draw1;
  ring.words[at + STATE + 1] = state.draw2;
}

function readState(words: Int32Array, at: number, name: SchedulerName, servers: number): DecisionState {
  const a = words[at + STATE]!;
  const b = words[at + STATE + 1]!;
  switch (name) {
    case 'rr':
      return { scheduler: name, last: a };
    case 'wrr':
      return { scheduler: name, cl: a, cw: b, mw: words[at + STATE + 2]!, di: words[at + STATE + 3]! };
    case 'lblc':
      return { scheduler: name, cached: a < 0 ? undefined : a };
    case 'lblcr': {
      const from = at + HEADER + servers * SERVER_WORDS;
      const set = Array.from(words.subarray(from, at + words[at + SIZE]!));
      return { scheduler: name, set: set.length > 0 ? set : undefined };
    }
    case 'twos':
      return { scheduler: name, draw1: a, draw2: b };
    default:
      return { scheduler: name };
  }
}

function readServers(ipvs: Ipvs, at: number, name: SchedulerName): DecisionDestination[] {
  const { words, lists } = ipvs.ring;
  const list = lists.get(words[at + LIST]!)!;
  const count = list.length / 2;
  const lastWeights = at + HEADER + count * SERVER_WORDS;
  return Array.from({ length: count }, (_, i): DecisionDestination => {
    const from = at + HEADER + i * SERVER_WORDS;
    const id = list[i * 2]!;
    const weight = list[i * 2 + 1]!;
    const { address, port } = ipvs.destinationsById[id]!;
    return {
      id,
      address,
      port,
      weight,
      lastWeight: name === 'mh' ? words[lastWeights + i]! : weight,
      activeConns: words[from]! & ACTIVE_MASK,
      inactConns: words[from + 1]!,
      overloaded: (words[from]! & OVERLOADED) !== 0,
      available: true,
    };
  });
}

/** What a decision read; undefined where it is overwritten, was too large to keep, or never was. */
export function decision(ipvs: Ipvs, sequence: number): DecisionInput | undefined {
  const ring = ipvs.ring;
  if (!(sequence >= ring.oldest && sequence < ring.count)) return undefined;
  const slot = sequence & (ring.starts.length - 1);
  const at = ring.starts[slot]!;
  if (at < 0) return undefined;
  const words = ring.words;
  const code = words[at + SCHEDULER]!;
  const name = SCHEDULER_NAMES[code & 0xff]!;
  const ports = words[at + PORTS]!;
  const chosen = words[at + CHOSEN]!;
  const destinations = readServers(ipvs, at, name);
  return {
    service: ipvs.servicesById[words[at + SERVICE]!]!.key,
    scheduler: name,
    schedulerFlags: code >>> 8,
    kernel: ipvs.kernel.version,
    request: {
      protocol: words[at + PROTOCOL]!,
      source: ipv4(words[at + SOURCE]!),
      sourcePort: ports >>> 16,
      destination: ipv4(words[at + DESTINATION]!),
      destinationPort: ports & 0xffff,
    },
    time: ring.times[slot] as SimTime,
    destinations,
    state: readState(words, at, name, destinations.length),
    cause: words[at + CAUSE]!,
    chosen: chosen < 0 ? undefined : chosen,
  };
}

/** Sequence number of the last decision, -1 before the first. */
export function lastDecision(ipvs: Ipvs): number {
  return ipvs.ring.count - 1;
}

/** How many decisions were taken: sequence numbers run from 0. */
export function countDecisions(ipvs: Ipvs): number {
  return ipvs.ring.count;
}
