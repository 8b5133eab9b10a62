import { PROTO_UDP } from '@lvscope/inet';
import { attachCallId, forgetCallId } from './call-id.ts';
import { FORWARD_BYPASS, FORWARD_MASQ } from './packet.ts';
import type { Destination } from './service.ts';
import type { Ipvs } from './state.ts';
import type { SyncRecord } from './sync-message.ts';
import {
  ADDRESS,
  CLIENT,
  CONN_CONNTRACK,
  CONN_ENGINE_DATA,
  CONN_FLAGS,
  CONN_FORWARD_MASK,
  CONN_INACTIVE,
  CONN_NOOUTPUT,
  CONN_ONE_PACKET,
  CONN_SYNC,
  CONN_TEMPLATE,
  CONTROLLER,
  CONTROLS,
  DESTINATION,
  FLAGS,
  IN_PACKETS,
  PORT,
  PORTS,
  PROTOCOL_SHIFT,
  ROW,
  STATE,
  TIMEOUT,
  VIRTUAL,
  giveBackRow,
  hashRow,
  takeRow,
  unhashRow,
} from './table.ts';
import { stopTimer } from './kernel-wheel.ts';
import { clearWhenRelieved, markWhenFull } from './thresholds.ts';

/** Seconds until the first state transition, which the same packet makes. */
const FIRST_TIMEOUT = 3;

/**
 * A new connection or template, bound and hashed (ip_vs_conn_new); its timer is not started. It begins as
 * inactive, in state 0. Addresses as int32.
 * @param destination undefined for a bypass
 * @param flags CONN_TEMPLATE or CONN_ONE_PACKET; one-packet rows are never hashed
 * @returns its row
 */
export function createConnection(
  ipvs: Ipvs,
  protocol: number,
  client: number,
  clientPort: number,
  virtual: number,
  virtualPort: number,
  destination: Destination | undefined,
  port: number,
  flags: number,
): number {
  const t = ipvs.table;
  const row = takeRow(t);
  t.rows[row * ROW + CLIENT] = client;
  t.rows[row * ROW + VIRTUAL] = virtual;
  t.rows[row * ROW + PORTS] = (clientPort << 16) | virtualPort;
  t.rows[row * ROW + PORT] = port;
  t.rows[row * ROW + STATE] = 0;
  t.rows[row * ROW + CONTROLLER] = -1;
  t.rows[row * ROW + CONTROLS] = 0;
  t.rows[row * ROW + TIMEOUT] = FIRST_TIMEOUT;
  t.rows[row * ROW + IN_PACKETS] = 0;
  let all = (protocol << PROTOCOL_SHIFT) | flags;
  if (ipvs.sysctls.conntrack !== 0) all |= CONN_CONNTRACK;
  if (destination === undefined) {
    t.rows[row * ROW + DESTINATION] = -1;
    t.rows[row * ROW + ADDRESS] = 0;
    all |= FORWARD_BYPASS;
  } else {
    t.rows[row * ROW + DESTINATION] = destination.id;
    t.rows[row * ROW + ADDRESS] = destination.address;
    all |= destination.method | CONN_INACTIVE;
    if (destination.method !== FORWARD_MASQ) all |= CONN_NOOUTPUT;
    bind(destination, (flags & CONN_TEMPLATE) !== 0);
  }
  t.rows[row * ROW + FLAGS] = all;
  if ((flags & CONN_ONE_PACKET) === 0) hashRow(t, row);
  return row;
}

function bind(destination: Destination, template: boolean): void {
  destination.references++;
  if (template) destination.persistConns++;
  else destination.inactConns++;
  if (destination.upperThreshold !== 0) markWhenFull(destination);
}

function unbind(destination: Destination, flags: number): void {
  destination.references--;
  if ((flags & CONN_TEMPLATE) !== 0) destination.persistConns--;
  else if ((flags & CONN_INACTIVE) !== 0) destination.inactConns--;
  else destination.activeConns--;
  if (destination.overloaded) clearWhenRelieved(destination);
}

/**
 * Takes a row out of the table and of its server's counters, and stops its timer. It must control nobody.
 */
export function removeConnection(ipvs: Ipvs, row: number): void {
  const t = ipvs.table;
  const flags = t.rows[row * ROW + FLAGS]!;
  if ((flags & CONN_ONE_PACKET) === 0) unhashRow(t, row);
  if ((flags & CONN_ENGINE_DATA) !== 0) forgetCallId(t, row);
  const id = t.rows[row * ROW + DESTINATION]!;
  if (id >= 0) unbind(ipvs.destinationsById[id]!, flags);
  stopTimer(ipvs, row);
  giveBackRow(t, row);
}

/**
 * A connection or template that another director told of (ip_vs_conn_new with IP_VS_CONN_F_SYNC), hashed; its
 * timer is not started. Without a server of this director's own it stays unbound and counts nowhere, but its
 * packets go where the record says.
 */
export function createSynced(ipvs: Ipvs, record: SyncRecord, destination: Destination | undefined): number {
  const t = ipvs.table;
  const row = takeRow(t);
  const at = row * ROW;
  t.rows[at + CLIENT] = record.client;
  t.rows[at + VIRTUAL] = record.virtual;
  t.rows[at + PORTS] = (record.clientPort << 16) | record.virtualPort;
  t.rows[at + PORT] = record.serverPort;
  t.rows[at + CONTROLLER] = -1;
  t.rows[at + CONTROLS] = 0;
  t.rows[at + DESTINATION] = -1;
  t.rows[at + ADDRESS] = record.server;
  const told = (record.flags & CONN_FLAGS) | CONN_SYNC;
  const tracked = ipvs.sysctls.conntrack !== 0 ? CONN_CONNTRACK : 0;
  t.rows[at + FLAGS] = (record.protocol << PROTOCOL_SHIFT) | told | tracked;
  if (destination !== undefined) bindSynced(ipvs, row, destination);
  if (record.callId !== undefined) attachCallId(t, row, record.callId);
  hashRow(t, row);
  return row;
}

/** Its server gives the forwarding method; active or not it is as the record said (ip_vs_bind_dest). */
export function bindSynced(ipvs: Ipvs, row: number, destination: Destination): void {
  const { rows } = ipvs.table;
  const told = rows[row * ROW + FLAGS]! & ~(CONN_FORWARD_MASK | CONN_NOOUTPUT);
  const way = destination.method | (destination.method === FORWARD_MASQ ? 0 : CONN_NOOUTPUT);
  rows[row * ROW + FLAGS] = told | way;
  rows[row * ROW + DESTINATION] = destination.id;
  destination.references++;
  if ((told & CONN_TEMPLATE) !== 0) destination.persistConns++;
  else if ((told & CONN_INACTIVE) !== 0) destination.inactConns++;
  else destination.activeConns++;
  if (destination.upperThreshold !== 0) markWhenFull(destination);
}

/** One-packet scheduling concerns UDP only, also on a service by firewall mark. */
export function onePacketFlag(onePacket: boolean, protocol: number): number {
  return onePacket && protocol === PROTO_UDP ? CONN_ONE_PACKET : 0;
}
