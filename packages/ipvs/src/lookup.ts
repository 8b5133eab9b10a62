import type { Ipvs } from './state.ts';
import { FORWARD_MASQ, type Packet } from './packet.ts';
import {
  ADDRESS,
  CLIENT,
  CONN_ENGINE_DATA,
  CONN_FLAGS,
  CONN_FORWARD_MASK,
  CONN_TEMPLATE,
  type ConnectionTable,
  FLAGS,
  firstRow,
  NEXT,
  PORT,
  PORTS,
  PROTOCOL_SHIFT,
  ROW,
  VIRTUAL,
} from './table.ts';

/** In FLAGS: the protocol, and whether it is a template. */
const KIND = ~CONN_FLAGS | CONN_TEMPLATE;

/** The connection whose client sends this packet (ip_vs_conn_in_get), -1 = none. */
export function findForward(t: ConnectionTable, p: Packet): number {
  const client = p.source | 0;
  const virtual = p.destination | 0;
  const protocol = p.protocol;
  const kind = protocol << PROTOCOL_SHIFT;
  const ports = (p.sourcePort << 16) | p.destinationPort;
  const rows = t.rows;
  let row = firstRow(t, protocol, client, p.sourcePort);
  while (row >= 0) {
    const at = row * ROW;
    if (
      rows[at + CLIENT] === client &&
      rows[at + PORTS] === ports &&
      rows[at + VIRTUAL] === virtual &&
      (rows[at + FLAGS]! & KIND) === kind
    ) {
      return row;
    }
    row = rows[at + NEXT]!;
  }
  return -1;
}

/**
 * The connection whose server sends this packet (ip_vs_conn_out_get), -1 = none. A NAT server speaks from
 * its own address, others from the virtual one.
 */
export function findReply(t: ConnectionTable, p: Packet): number {
  const client = p.destination | 0;
  const server = p.source | 0;
  const { protocol, sourcePort, destinationPort } = p;
  const kind = protocol << PROTOCOL_SHIFT;
  const rows = t.rows;
  let row = firstRow(t, protocol, client, destinationPort);
  while (row >= 0) {
    const at = row * ROW;
    const ports = rows[at + PORTS]!;
    const flags = rows[at + FLAGS]!;
    if (rows[at + CLIENT] === client && ports >>> 16 === destinationPort && (flags & KIND) === kind) {
      const masq = (flags & CONN_FORWARD_MASK) === FORWARD_MASQ;
      const address = masq ? rows[at + ADDRESS] : rows[at + VIRTUAL];
      const port = masq ? rows[at + PORT] : ports & 0xffff;
      if (address === server && port === sourcePort) return row;
    }
    row = rows[at + NEXT]!;
  }
  return -1;
}

/** The template of a client network (ip_vs_ct_in_get), none of a call's; -1 = none. Addresses as int32. */
export function findTemplate(
  t: ConnectionTable,
  protocol: number,
  client: number,
  virtual: number,
  virtualPort: number,
): number {
  const kind = (protocol << PROTOCOL_SHIFT) | CONN_TEMPLATE;
  const rows = t.rows;
  let row = firstRow(t, protocol, client, 0);
  while (row >= 0) {
    const at = row * ROW;
    if (
      rows[at + CLIENT] === client &&
      rows[at + PORTS] === virtualPort &&
      rows[at + VIRTUAL] === virtual &&
      (rows[at + FLAGS]! & (KIND | CONN_ENGINE_DATA)) === kind
    ) {
      return row;
    }
    row = rows[at + NEXT]!;
  }
  return -1;
}

/** Whether the director has this connection, named by what its client's packets bear; for observers. */
export function knowsConnection(
  ipvs: Ipvs,
  protocol: number,
  client: { readonly address: number; readonly port: number },
  virtual: { readonly address: number; readonly port: number },
): boolean {
  const ports = (client.port << 16) | virtual.port;
  const { rows } = ipvs.table;
  let row = firstRow(ipvs.table, protocol, client.address | 0, client.port);
  for (; row >= 0; row = rows[row * ROW + NEXT]!) {
    const at = row * ROW;
    if (rows[at + CLIENT] !== (client.address | 0) || rows[at + PORTS] !== ports) continue;
    if (rows[at + VIRTUAL] !== (virtual.address | 0)) continue;
    if ((rows[at + FLAGS]! & KIND) === protocol << PROTOCOL_SHIFT) return true;
  }
  return false;
}
