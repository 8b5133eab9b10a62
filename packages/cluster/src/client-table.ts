import { createSlots, giveSlot, roomFor, type Slots, takeSlot } from './slots.ts';

/** What an agent is doing. */
export const IDLE = 0;
export const CONNECTING = 1;
/** A request is out. */
export const ASKING = 2;
/** Between two requests of one connection. */
export const KEPT = 3;
/** Answered; waits for the other side's FIN. */
export const LEAVING = 4;
/** Between two connections. */
export const RESTING = 5;

/**
 * Agents: each runs one connection after another, one at a time. A closed loop's user is an agent for good;
 * an open
 * loop's page has up to `parallel` of them.
 */
export interface ClientTable {
  readonly slots: Slots;
  state: Uint8Array;
  workload: Uint16Array;
  /** Open loop: the page that is fetched. Closed loop: the user's number. */
  owner: Int32Array;
  source: Uint32Array;
  socket: Int32Array;
  /** Counts the connections of this row, so that a server's old connection is not taken for the new one. */
  generation: Int32Array;
  localPort: Uint16Array;
  /** When the present request began, the connection's first with the SYN. */
  askedAt: Float64Array;
  /** When the present connection was open; -1 while it is not. */
  openedAt: Float64Array;
  /** Requests that the present connection may still make. */
  requestsLeft: Int32Array;
  /** Bytes asked on the present connection in all, for the server to know where a request ends. */
  asked: Float64Array;
  /** Bytes received on the present connection, and what the answer must bring it to; -1 = not known yet. */
  received: Float64Array;
  expected: Float64Array;
  /** 1 while a request counts as in flight. */
  inFlight: Uint8Array;
  /** 1 once the server has said that it will close after this answer (`Connection: close`). */
  lastAnswer: Uint8Array;
}

export function createClientTable(): ClientTable {
  const n = 64;
  return {
    slots: createSlots(),
    state: new Uint8Array(n),
    workload: new Uint16Array(n),
    owner: new Int32Array(n),
    source: new Uint32Array(n),
    socket: new Int32Array(n),
    generation: new Int32Array(n),
    localPort: new Uint16Array(n),
    askedAt: new Float64Array(n),
    openedAt: new Float64Array(n),
    requestsLeft: new Int32Array(n),
    asked: new Float64Array(n),
    received: new Float64Array(n),
    expected: new Float64Array(n),
    inFlight: new Uint8Array(n),
    lastAnswer: new Uint8Array(n),
  };
}

/** A fresh agent, idle. */
export function addClient(t: ClientTable, workload: number, owner: number): number {
  const slot = takeSlot(t.slots);
  if (slot >= t.state.length) growClients(t, slot);
  t.state[slot] = IDLE;
  t.workload[slot] = workload;
  t.owner[slot] = owner;
  t.source[slot] = 0;
  t.socket[slot] = -1;
  t.localPort[slot] = 0;
  t.inFlight[slot] = 0;
  return slot;
}

export function removeClient(t: ClientTable, slot: number): void {
  t.state[slot] = IDLE;
  t.socket[slot] = -1;
  t.generation[slot] = (t.generation[slot]! + 1) | 0;
  giveSlot(t.slots, slot);
}

function growClients(t: ClientTable, slot: number): void {
  t.state = roomFor(t.state, slot);
  t.workload = roomFor(t.workload, slot);
  t.owner = roomFor(t.owner, slot);
  t.source = roomFor(t.source, slot);
  t.socket = roomFor(t.socket, slot);
  t.generation = roomFor(t.generation, slot);
  t.localPort = roomFor(t.localPort, slot);
  t.askedAt = roomFor(t.askedAt, slot);
  t.openedAt = roomFor(t.openedAt, slot);
  t.requestsLeft = roomFor(t.requestsLeft, slot);
  t.asked = roomFor(t.asked, slot);
  t.received = roomFor(t.received, slot);
  t.expected = roomFor(t.expected, slot);
  t.inFlight = roomFor(t.inFlight, slot);
  t.lastAnswer = roomFor(t.lastAnswer, slot);
}

/** Key of `world.askers`: who asks from this address and port. */
export function askerKey(source: number, sourcePort: number): number {
  return source * 65536 + sourcePort;
}
