import { COLUMN } from '@lvscope/capture';
import type { InterfaceRow } from '@lvscope/cluster';

/** Bits of how a flight looks, above its kind. */
export const REPLY = 16;
export const ENVELOPE = 32;
export const LOST = 64;

/** Frames between two interfaces, as columns: what is drawn, and nothing else. */
export interface Flights {
  readonly capacity: number;
  /** Flights ever begun; the newest `capacity` are there, at number % capacity. */
  count: number;
  /** ns: when the frame leaves its interface, and when it arrives, or would have. */
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Kind, REPLY, ENVELOPE, LOST. */
  readonly look: Uint8Array;
  /** Place of the server whose colour it has; -1: none. */
  readonly server: Int16Array;
  /** Index of the frame as it left. */
  readonly frame: Float64Array;
  /** Where a flight with no arrival yet is, by frame and receiver. */
  readonly underWay: Map<number, number>;
  readonly key: Float64Array;
  /** When each interface, and the switch's port towards it, will have sent what waits there. */
  readonly busyNs: Map<number, number>;
}

export function createFlights(capacity = 32_768): Flights {
  return {
    capacity,
    count: 0,
    startNs: new Float64Array(capacity),
    endNs: new Float64Array(capacity),
    from: new Int32Array(capacity),
    to: new Int32Array(capacity),
    look: new Uint8Array(capacity),
    server: new Int16Array(capacity),
    frame: new Float64Array(capacity),
    underWay: new Map(),
    key: new Float64Array(capacity).fill(-1),
    busyNs: new Map(),
  };
}

export function forgetFlights(flights: Flights): void {
  flights.count = 0;
  flights.underWay.clear();
  flights.busyNs.clear();
  flights.key.fill(-1);
}

/** Who is plugged in where. */
export interface Plugs {
  readonly byId: ReadonlyMap<number, InterfaceRow>;
  readonly byNetwork: ReadonlyMap<string, readonly InterfaceRow[]>;
}

export function plugsOf(rows: readonly InterfaceRow[]): Plugs {
  const byNetwork = new Map<string, InterfaceRow[]>();
  for (const row of rows) {
    const there = byNetwork.get(row.network);
    if (there === undefined) byNetwork.set(row.network, [row]);
    else there.push(row);
  }
  return { byId: new Map(rows.map((row) => [row.id, row])), byNetwork };
}

const BROADCAST = 0xffffffffffff;
/** Of a broadcast on a segment with more interfaces than that, the first ones are drawn. */
const MOST_RECEIVERS = 64;

const keyOf = (frame: number, nic: number): number => frame * 65_536 + nic;

/** Takes a frame as it was seen at an interface: it sets out, arrives, or is lost. */
export function takeFrame(
  flights: Flights,
  plugs: Plugs,
  rows: Float64Array,
  o: number,
  look: number,
  server: number,
): void {
  const direction = rows[o + COLUMN.direction];
  if (direction === 0) depart(flights, plugs, rows, o, look, server);
  else if (direction === 1) arrive(flights, rows, o, look, server);
  else lose(flights, rows, o);
}

function depart(
  flights: Flights,
  plugs: Plugs,
  rows: Float64Array,
  o: number,
  look: number,
  server: number,
): void {
  const nic = plugs.byId.get(rows[o + COLUMN.interfaceId] ?? -1);
  if (nic === undefined) return;
  const at = rows[o + COLUMN.at] ?? 0;
  const bytes = (rows[o + COLUMN.length] ?? 0) || 46;
  const sendNs = nic.bandwidthBitsPerSecond > 0 ? (bytes * 8e9) / nic.bandwidthBitsPerSecond : 0;
  const startNs = Math.max(at, flights.busyNs.get(nic.id) ?? 0);
  flights.busyNs.set(nic.id, startNs + sendNs);
  const frame = rows[o + COLUMN.frame] ?? 0;
  for (const to of receivers(plugs, nic, rows[o + COLUMN.destinationMac] ?? 0)) {
    // the port towards the receiver has a queue of its own; negative numbers are ports
    const atPort = Math.max(startNs + sendNs + nic.delayNs / 2, flights.busyNs.get(-1 - to.id) ?? 0);
    flights.busyNs.set(-1 - to.id, atPort + sendNs);
    begin(flights, {
      startNs,
      endNs: atPort + sendNs + nic.delayNs / 2,
      from: nic.id,
      to: to.id,
      look,
      server,
      index: rows[o] ?? 0,
      key: keyOf(frame, to.id),
    });
  }
}

/** The one that has the MAC, or everybody. */
function receivers(plugs: Plugs, nic: InterfaceRow, mac: number): readonly InterfaceRow[] {
  const others = (plugs.byNetwork.get(nic.network) ?? []).filter((one) => one.id !== nic.id);
  if (mac === BROADCAST) return others.slice(0, MOST_RECEIVERS);
  return others.filter((one) => one.mac === mac);
}

interface Flight {
  readonly startNs: number;
  readonly endNs: number;
  readonly from: number;
  readonly to: number;
  readonly look: number;
  readonly server: number;
  readonly index: number;
  readonly key: number;
}

function begin(flights: Flights, flight: Flight): number {
  const i = flights.count % flights.capacity;
  flights.count++;
  const old = flights.key[i] ?? -1;
  if (old >= 0 && flights.underWay.get(old) === i) flights.underWay.delete(old);
  flights.startNs[i] = flight.startNs;
  flights.endNs[i] = flight.endNs;
  flights.from[i] = flight.from;
  flights.to[i] = flight.to;
  flights.look[i] = flight.look;
  flights.server[i] = flight.server;
  flights.frame[i] = flight.index;
  flights.key[i] = flight.key;
  flights.underWay.set(flight.key, i);
  return i;
}

/** It was expected when it comes, nearly: delays may vary. An unexpected copy begins and ends now. */
function arrive(flights: Flights, rows: Float64Array, o: number, look: number, server: number): void {
  const nic = rows[o + COLUMN.interfaceId] ?? -1;
  const frame = rows[o + COLUMN.frame] ?? 0;
  const at = rows[o + COLUMN.at] ?? 0;
  const key = keyOf(frame, nic);
  const i = flights.underWay.get(key);
  if (i !== undefined) {
    flights.endNs[i] = at;
    flights.underWay.delete(key);
    return;
  }
  const sibling = findSibling(flights, frame);
  if (sibling < 0) return;
  const [startNs, from, index] = [flights.startNs[sibling], flights.from[sibling], flights.frame[sibling]];
  begin(flights, {
    startNs: startNs ?? at,
    endNs: at,
    from: from ?? nic,
    to: nic,
    look,
    server,
    index: index ?? 0,
    key,
  });
  flights.underWay.delete(key);
}

/** Another flight of the same frame, among the last ones. */
function findSibling(flights: Flights, frame: number): number {
  const oldest = Math.max(0, flights.count - 256);
  for (let n = flights.count - 1; n >= oldest; n--) {
    const i = n % flights.capacity;
    if (Math.floor((flights.key[i] ?? 0) / 65_536) === frame) return i;
  }
  return -1;
}

function lose(flights: Flights, rows: Float64Array, o: number): void {
  const frame = rows[o + COLUMN.frame] ?? 0;
  const at = rows[o + COLUMN.at] ?? 0;
  const oldest = Math.max(0, flights.count - 1024);
  for (let n = flights.count - 1; n >= oldest; n--) {
    const i = n % flights.capacity;
    const key = flights.key[i] ?? -1;
    if (Math.floor(key / 65_536) !== frame || !flights.underWay.has(key)) continue;
    flights.look[i] = (flights.look[i] ?? 0) | LOST;
    flights.endNs[i] = Math.max(at, flights.startNs[i] ?? at);
    flights.underWay.delete(key);
  }
}
