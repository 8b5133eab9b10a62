import { createSlots, giveSlot, roomFor, type Slots, takeSlot } from './slots.ts';

/** What a server's worker is doing on a connection. */
export const READING = 1;
export const SERVING = 2;

/** Connections that server programs have accepted and not closed yet; each holds a worker. */
export interface ServerTable {
  readonly slots: Slots;
  state: Uint8Array;
  /** Index into world.servers; -1 marks a row that is free. */
  server: Int32Array;
  socket: Int32Array;
  /** The asking agent and its generation; -1 = not a workload's. */
  client: Int32Array;
  generation: Int32Array;
  /** Requests answered on this connection. */
  served: Int32Array;
  received: Float64Array;
  /** Bytes of requests that were taken up. */
  consumed: Float64Array;
  /** 1 once the client's FIN was seen. */
  ended: Uint8Array;
  /** 1 when the timer went off while the process was stopped. */
  stalled: Uint8Array;
}

export function createServerTable(): ServerTable {
  const n = 64;
  return {
    slots: createSlots(),
    state: new Uint8Array(n),
    server: new Int32Array(n).fill(-1),
    socket: new Int32Array(n),
    client: new Int32Array(n),
    generation: new Int32Array(n),
    served: new Int32Array(n),
    received: new Float64Array(n),
    consumed: new Float64Array(n),
    ended: new Uint8Array(n),
    stalled: new Uint8Array(n),
  };
}

export function addConnection(t: ServerTable, server: number, socket: number): number {
  const slot = takeSlot(t.slots);
  if (slot >= t.state.length) growConnections(t, slot);
  t.state[slot] = READING;
  t.server[slot] = server;
  t.socket[slot] = socket;
  t.client[slot] = -1;
  t.generation[slot] = 0;
  t.served[slot] = 0;
  t.received[slot] = 0;
  t.consumed[slot] = 0;
  t.ended[slot] = 0;
  t.stalled[slot] = 0;
  return slot;
}

export function removeConnection(t: ServerTable, slot: number): void {
  t.server[slot] = -1;
  giveSlot(t.slots, slot);
}

function growConnections(t: ServerTable, slot: number): void {
  const known = t.server.length;
  t.state = roomFor(t.state, slot);
  t.server = roomFor(t.server, slot);
  t.server.fill(-1, known);
  t.socket = roomFor(t.socket, slot);
  t.client = roomFor(t.client, slot);
  t.generation = roomFor(t.generation, slot);
  t.served = roomFor(t.served, slot);
  t.received = roomFor(t.received, slot);
  t.consumed = roomFor(t.consumed, slot);
  t.ended = roomFor(t.ended, slot);
  t.stalled = roomFor(t.stalled, slot);
}
