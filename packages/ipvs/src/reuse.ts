import { PROTO_SCTP, PROTO_TCP, TCP_SYN } from '@lvscope/inet';
import type { Packet } from './packet.ts';
import type { Ipvs } from './state.ts';
import { CHUNK_INIT, SCTP_CLOSED } from './states/sctp.ts';
import { TCP_CLOSE, TCP_FIN_WAIT, TCP_TIME_WAIT } from './states/tcp.ts';
import {
  CONN_CONNTRACK,
  CONN_NOOUTPUT,
  CONTROLLER,
  CONTROLS,
  DESTINATION,
  FLAGS,
  ROW,
  STATE,
  protocolOf,
} from './table.ts';

/** Whether the packet opens a connection, on its sender's mind (is_new_conn). */
export function opensConnection(packet: Packet): boolean {
  if (packet.protocol === PROTO_TCP) return (packet.flags & TCP_SYN) !== 0;
  return packet.protocol === PROTO_SCTP && packet.chunk === CHUNK_INIT;
}

/** Whether the old connection is so far gone that a new one was to be expected (is_new_conn_expected). */
function isOver(ipvs: Ipvs, row: number, mode: number): boolean {
  const t = ipvs.table;
  if (t.rows[row * ROW + CONTROLLER]! >= 0) return false;
  const state = t.rows[row * ROW + STATE]!;
  if (protocolOf(t, row) === PROTO_SCTP) return state === SCTP_CLOSED;
  if (state === TCP_TIME_WAIT || state === TCP_CLOSE) return true;
  return (mode & 2) !== 0 && state === TCP_FIN_WAIT && (t.rows[row * ROW + FLAGS]! & CONN_NOOUTPUT) !== 0;
}

/**
 * Whether a SYN (or INIT) that hits this connection is scheduled afresh. In 2.4 and 2.6 it never is:
 * conn_reuse_mode came with 4.1.
 */
export function givesWay(ipvs: Ipvs, row: number): boolean {
  if (!ipvs.kernel.hasConnReuseMode) return false;
  const t = ipvs.table;
  const id = t.rows[row * ROW + DESTINATION]!;
  if (ipvs.sysctls.expire_nodest_conn !== 0 && id >= 0 && ipvs.destinationsById[id]!.weight === 0)
    return true;
  const mode = ipvs.sysctls.conn_reuse_mode;
  if (mode === 0 || !isOver(ipvs, row, mode)) return false;
  return t.rows[row * ROW + CONTROLS] === 0 || !usesOldConntrack(ipvs, row);
}

/** With `conntrack` the SYN still belongs to the old connection's confirmed conntrack entry. */
export function usesOldConntrack(ipvs: Ipvs, row: number): boolean {
  return (ipvs.table.rows[row * ROW + FLAGS]! & CONN_CONNTRACK) !== 0;
}
