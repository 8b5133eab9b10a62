import type { Simulation } from '@lvscope/des';
import { PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { createSynced, bindSynced } from './connection.ts';
import { findDestination } from './destinations.ts';
import { expireNow, restartTimer } from './expiry.ts';
import { findCallTemplate } from './call-id.ts';
import { findForward, findTemplate } from './lookup.ts';
import { FORWARD_MASQ, type Packet } from './packet.ts';
import type { Destination } from './service.ts';
import { serviceOfPacket } from './service-index.ts';
import type { Ipvs } from './state.ts';
import { decodeSync, type SyncRecord } from './sync-message.ts';
import { noteTold } from './sync-master.ts';
import {
  ADDRESS,
  CONN_FORWARD_MASK,
  CONN_INACTIVE,
  CONN_TEMPLATE,
  DESTINATION,
  FLAGS,
  IN_PACKETS,
  PORT,
  ROW,
  STATE,
  TIMEOUT,
} from './table.ts';

/** Seconds of a template told by version 0, which names no timeout. */
const OLD_TEMPLATE_TIMEOUT = 180;

/**
 * A datagram came to the backup daemon (ip_vs_process_message): of its own syncid, or of any where its is 0.
 * @returns how many records were taken over
 */
export function receiveSync(ipvs: Ipvs, sim: Simulation, bytes: Uint8Array): number {
  const daemon = ipvs.daemons.find((d) => d.role === 'backup');
  const message = daemon === undefined ? undefined : decodeSync(bytes);
  if (daemon === undefined || message === undefined) return 0;
  if (daemon.syncId !== 0 && message.syncId !== daemon.syncId) return 0;
  for (const record of message.records) takeOver(ipvs, sim, record);
  return message.records.length;
}

const header: { -readonly [K in keyof Packet]: Packet[K] } = {
  protocol: 0,
  source: 0 as Packet['source'],
  sourcePort: 0,
  destination: 0 as Packet['destination'],
  destinationPort: 0,
  flags: 0,
  chunk: 0,
  length: 0,
  packets: 1,
  mark: 0,
};

/** The connection that a record speaks of, -1 = none here. */
function known(ipvs: Ipvs, r: SyncRecord): number {
  if ((r.flags & CONN_TEMPLATE) !== 0) {
    const { protocol, virtualPort, callId } = r;
    const [client, virtual] = [r.client | 0, r.virtual | 0];
    return callId === undefined
      ? findTemplate(ipvs.table, protocol, client, virtual, virtualPort)
      : findCallTemplate(ipvs.table, protocol, client, virtual, virtualPort, callId);
  }
  header.protocol = r.protocol;
  header.source = r.client;
  header.sourcePort = r.clientPort;
  header.destination = r.virtual;
  header.destinationPort = r.virtualPort;
  return findForward(ipvs.table, header);
}

/** One record becomes a connection, or changes the one that is there (ip_vs_proc_conn). */
function takeOver(ipvs: Ipvs, sim: Simulation, r: SyncRecord): void {
  const { rows } = ipvs.table;
  let row = known(ipvs, r);
  const template = (r.flags & CONN_TEMPLATE) !== 0;
  if (row >= 0 && !template) {
    const elsewhere = rows[row * ROW + PORT] !== r.serverPort || rows[row * ROW + ADDRESS] !== (r.server | 0);
    // the end of a connection that has been replaced here says nothing of the new one
    if (elsewhere && (r.flags & CONN_INACTIVE) !== 0) return;
    if (elsewhere) {
      expireNow(ipvs, sim, row);
      row = -1;
    }
  }
  if (row >= 0) update(ipvs, row, r);
  else row = createSynced(ipvs, r, serverOf(ipvs, r));
  const t = ipvs.table;
  t.rows[row * ROW + IN_PACKETS] = ipvs.sysctls.sync_threshold;
  t.rows[row * ROW + STATE] = r.state;
  t.rows[row * ROW + TIMEOUT] = r.timeout > 0 ? r.timeout : ownTimeout(ipvs, r);
  noteTold(ipvs, row, r.state);
  restartTimer(ipvs, sim, row);
}

function update(ipvs: Ipvs, row: number, r: SyncRecord): void {
  const { rows } = ipvs.table;
  const flags = rows[row * ROW + FLAGS]!;
  const destination = ipvs.destinationsById[rows[row * ROW + DESTINATION]!];
  if (((flags ^ r.flags) & CONN_INACTIVE) !== 0 && (flags & CONN_TEMPLATE) === 0) {
    const towards = (r.flags & CONN_INACTIVE) !== 0 ? -1 : 1;
    if (destination !== undefined) {
      destination.activeConns += towards;
      destination.inactConns -= towards;
    }
  }
  rows[row * ROW + FLAGS] = (flags & ~CONN_INACTIVE) | (r.flags & CONN_INACTIVE);
  if (destination !== undefined) return;
  const server = serverOf(ipvs, r);
  if (server !== undefined) bindSynced(ipvs, row, server);
}

/**
 * The server in this director's own configuration (ip_vs_find_dest); undefined: the connection stays
 * unbound.
 */
function serverOf(ipvs: Ipvs, r: SyncRecord): Destination | undefined {
  const service = serviceOfPacket(ipvs, r.mark, r.protocol, r.virtual, r.virtualPort);
  if (service === undefined) return undefined;
  const masq = (r.flags & CONN_FORWARD_MASK) === FORWARD_MASQ;
  const port = r.mark !== 0 && !masq ? 0 : r.serverPort;
  return (
    findDestination(service, { address: r.server, port }) ??
    findDestination(service, { address: r.server, port: port === 0 ? r.serverPort : 0 })
  );
}

function ownTimeout(ipvs: Ipvs, r: SyncRecord): number {
  if ((r.flags & CONN_TEMPLATE) !== 0) return OLD_TEMPLATE_TIMEOUT;
  if (r.protocol === PROTO_TCP) return ipvs.tcp.timeouts[r.state] ?? OLD_TEMPLATE_TIMEOUT;
  if (r.protocol === PROTO_SCTP) return ipvs.sctp.timeouts[r.state] ?? OLD_TEMPLATE_TIMEOUT;
  return r.protocol === PROTO_UDP ? ipvs.udpTimeout : OLD_TEMPLATE_TIMEOUT;
}
