import type { Packet } from './packet.ts';
import { FORWARD_MASQ } from './packet.ts';
import { CONN_FORWARD_MASK, CONN_TEMPLATE, type ConnectionTable, firstRow } from './table.ts';

/** The connection whose client sends this packet (ip_vs_conn_in_get), -1 = none. */
export function findForward(t: ConnectionTable, p: Packet): number {
  const client = p.source | 0;
  const virtual = p.destination | 0;
  const { protocol, sourcePort, destinationPort } = p;
  let row = firstRow(t, protocol, client, sourcePort);
  for (; row >= 0; row = t.next[row]!) {
    if (
      t.client[row] === client &&
      t.clientPort[row] === sourcePort &&
      t.virtual[row] === virtual &&
      t.virtualPort[row] === destinationPort &&
      t.protocol[row] === protocol &&
      (t.flags[row]! & CONN_TEMPLATE) === 0
    ) {
      return row;
    }
  }
  return -1;
}

/**
 * The connection whose server sends this packet (ip_vs_conn_out_get), -1 = none. A NAT server speaks from its own
 * address, others from the virtual one.
 */
export function findReply(t: ConnectionTable, p: Packet): number {
  const client = p.destination | 0;
  const server = p.source | 0;
  const { protocol, sourcePort, destinationPort } = p;
  let row = firstRow(t, protocol, client, destinationPort);
  for (; row >= 0; row = t.next[row]!) {
    if (
      t.client[row] !== client ||
      t.clientPort[row] !== destinationPort ||
      t.protocol[row] !== protocol ||
      (t.flags[row]! & CONN_TEMPLATE) !== 0
    ) {
      continue;
    }
    const masq = (t.flags[row]! & CONN_FORWARD_MASK) === FORWARD_MASQ;
    if (masq && t.address[row] === server && t.port[row] === sourcePort) return row;
    if (!masq && t.virtual[row] === server && t.virtualPort[row] === sourcePort) return row;
  }
  return -1;
}

/** The template of a client network (ip_vs_ct_in_get), -1 = none. Addresses as int32. */
export function findTemplate(
  t: ConnectionTable,
  protocol: number,
  client: number,
  virtual: number,
  virtualPort: number,
): number {
  let row = firstRow(t, protocol, client, 0);
  for (; row >= 0; row = t.next[row]!) {
    if (
      t.client[row] === client &&
      t.clientPort[row] === 0 &&
      t.virtual[row] === virtual &&
      t.virtualPort[row] === virtualPort &&
      t.protocol[row] === protocol &&
      (t.flags[row]! & CONN_TEMPLATE) !== 0
    ) {
      return row;
    }
  }
  return -1;
}
