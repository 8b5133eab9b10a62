import {
  type CapturedFrame,
  COLUMN,
  createRecent,
  recall,
  type Recent,
  remember,
  ROW_WIDTH,
  unpackRow,
} from '@lvscope/capture';
import type { FrameReason, InterfaceRow } from '@lvscope/cluster';
import { PROTO_TCP } from '@lvscope/inet';
import type { Scenario } from '@lvscope/scenario';
import type { FrameBatch } from '../worker/api.ts';
import {
  createWho,
  flowOf,
  isEnvelope,
  isReply,
  kindOf,
  learnInterfaces,
  serverOf,
  type Who,
} from './classify.ts';
import {
  createFlights,
  ENVELOPE,
  type Flights,
  forgetFlights,
  type Plugs,
  plugsOf,
  REPLY,
  takeFrame,
} from './flights.ts';

/** The last frames that the worker told of, as columns that grow no more: written over, never copied. */
export interface FrameLog {
  readonly capacity: number;
  readonly rows: Float64Array;
  readonly flow: Float64Array;
  readonly server: Int16Array;
  /** As in flights: kind, REPLY, ENVELOPE. */
  readonly look: Uint8Array;
  /** How it was lost on the wire, as a place in the ends of frames; 0: it was not. */
  readonly lost: Uint8Array;
  /** Indexes [first, next) are there. */
  first: number;
  next: number;
  nextReason: number;
  readonly flights: Flights;
  who: Who;
  interfaces: readonly InterfaceRow[];
  plugs: Plugs;
  /** What datagrams say, by number; the newest. */
  readonly messages: Recent<number, Uint8Array>;
  /** By journey, or by ARP frame. */
  readonly reasons: Map<string, FrameReason[]>;
  scenario: Scenario | undefined;
  /** Raised by everything that comes. */
  version: number;
  /** Raised when what came does not go on from what was there. */
  epoch: number;
}

/** Messages kept, twice. */
const MOST_MESSAGES = 4000;

export function createFrameLog(capacity = 32_768): FrameLog {
  return {
    capacity,
    rows: new Float64Array(capacity * ROW_WIDTH),
    flow: new Float64Array(capacity),
    server: new Int16Array(capacity),
    look: new Uint8Array(capacity),
    lost: new Uint8Array(capacity),
    first: 0,
    next: 0,
    nextReason: 0,
    flights: createFlights(),
    who: createWho(undefined),
    interfaces: [],
    plugs: plugsOf([]),
    messages: createRecent(MOST_MESSAGES),
    reasons: new Map(),
    scenario: undefined,
    version: 0,
    epoch: 0,
  };
}

/** Reasons kept; the oldest go first. */
const MOST_REASONS = 8000;

/** Takes what a batch brought. */
export function takeFrames(log: FrameLog, batch: FrameBatch, scenario: Scenario | undefined): void {
  if (batch.fresh || scenario !== log.scenario) {
    log.first = batch.from;
    log.epoch++;
    log.reasons.clear();
    forgetFlights(log.flights);
    log.who = createWho(scenario);
    log.scenario = scenario;
    learnInterfaces(log.who, scenario, log.interfaces);
  } else if (batch.from > log.next) log.first = batch.from;
  if (batch.interfaces !== undefined) {
    log.interfaces = batch.interfaces;
    log.plugs = plugsOf(batch.interfaces);
    learnInterfaces(log.who, scenario, batch.interfaces);
  }
  for (let o = 0; o < batch.rows.length; o += ROW_WIDTH) takeRow(log, batch.rows, o);
  log.next = batch.next;
  log.first = Math.max(log.first, log.next - log.capacity);
  for (const [number, bytes] of batch.messages) remember(log.messages, number, bytes);
  for (const reason of batch.reasons) takeReason(log, reason);
  log.nextReason = batch.nextReason;
  log.version++;
}

function takeRow(log: FrameLog, rows: Float64Array, o: number): void {
  const place = (rows[o] ?? 0) % log.capacity;
  log.rows.set(rows.subarray(o, o + ROW_WIDTH), place * ROW_WIDTH);
  const flow = flowOf(rows, o);
  const server = serverOf(log.who, rows, o, flow);
  const look = kindOf(rows, o) | (isReply(rows, o) ? REPLY : 0) | (isEnvelope(rows, o) ? ENVELOPE : 0);
  log.flow[place] = flow;
  log.server[place] = server;
  log.look[place] = look;
  log.lost[place] = 0;
  if (rows[o + COLUMN.direction] === 2) markLost(log, rows, o);
  takeFrame(log.flights, log.plugs, rows, o, look, server);
}

/** The frame that is lost was seen when it left, not long ago. */
const LOOK_BACK = 4096;

function markLost(log: FrameLog, rows: Float64Array, o: number): void {
  const index = rows[o] ?? 0;
  for (let i = index - 1; i >= Math.max(log.first, index - LOOK_BACK); i--) {
    const at = offsetOf(log, i);
    if (log.rows[at + COLUMN.frame] !== rows[o + COLUMN.frame] || log.rows[at + COLUMN.direction] !== 0)
      continue;
    log.lost[i % log.capacity] = rows[o + COLUMN.end] ?? 0;
    return;
  }
}

const reasonKey = (journey: number, frame: number): string => (journey > 0 ? `j${journey}` : `f${frame}`);

function takeReason(log: FrameLog, reason: FrameReason): void {
  const key = reasonKey(reason.journey, reason.frame);
  const known = log.reasons.get(key);
  if (known === undefined) log.reasons.set(key, [reason]);
  else if (known.every(({ index }) => index !== reason.index)) known.push(reason);
  if (log.reasons.size <= MOST_REASONS) return;
  for (const oldest of log.reasons.keys()) {
    log.reasons.delete(oldest);
    if (log.reasons.size <= MOST_REASONS / 2) break;
  }
}

export function isKept(log: FrameLog, index: number): boolean {
  return index >= log.first && index < log.next;
}

/** Where a frame's row begins in `rows`. */
export function offsetOf(log: FrameLog, index: number): number {
  return (index % log.capacity) * ROW_WIDTH;
}

/** A frame by its index; undefined where it is forgotten. */
export function frameAt(log: FrameLog, index: number): CapturedFrame | undefined {
  if (!isKept(log, index)) return undefined;
  const frame = unpackRow(log.rows, offsetOf(log, index));
  const { ip } = frame.record;
  if (ip === undefined || ip.protocol === PROTO_TCP || ip.seq === 0) return frame;
  return { ...frame, message: recall(log.messages, ip.seq) };
}

export function flowAt(log: FrameLog, index: number): number {
  return isKept(log, index) ? (log.flow[index % log.capacity] ?? -1) : -1;
}

export function serverAt(log: FrameLog, index: number): number {
  return isKept(log, index) ? (log.server[index % log.capacity] ?? -1) : -1;
}

/** What was decided about a frame at a host. */
export function reasonsFor(log: FrameLog, frame: CapturedFrame, hostName: string | undefined): FrameReason[] {
  const { journey, frame: serial, at } = frame.record;
  const known = log.reasons.get(reasonKey(journey, serial)) ?? [];
  return known.filter((one) => one.at >= at && (hostName === undefined || one.host === hostName));
}

/**
 * The frame as which a packet came into the host that sent it on as this one; undefined where the host made
 * it itself, or where that is forgotten.
 */
export function frameBefore(log: FrameLog, frame: CapturedFrame): CapturedFrame | undefined {
  const { record } = frame;
  if (record.journey === 0 || record.direction !== 'out') return undefined;
  const host = log.plugs.byId.get(record.interfaceId)?.host;
  for (let index = record.index - 1; index >= log.first; index--) {
    const o = offsetOf(log, index);
    if (log.rows[o + COLUMN.journey] !== record.journey || log.rows[o + COLUMN.direction] !== 1) continue;
    if (log.plugs.byId.get(log.rows[o + COLUMN.interfaceId] ?? -1)?.host === host)
      return unpackRow(log.rows, o);
  }
  return undefined;
}
