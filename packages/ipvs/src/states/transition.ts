import { PROTO_SCTP, PROTO_TCP, PROTO_UDP, TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '@lvscope/inet';
import { assureTemplate } from '../control.ts';
import type { Packet } from '../packet.ts';
import type { Ipvs, ProtocolTables } from '../state.ts';
import {
  CONN_INACTIVE,
  CONN_NOOUTPUT,
  CONTROLLER,
  DESTINATION,
  FLAGS,
  ROW,
  STATE,
  TIMEOUT,
  protocolOf,
} from '../table.ts';
import { SCTP_ESTABLISHED, sctpRow } from './sctp.ts';
import {
  DIRECTION_INPUT,
  DIRECTION_INPUT_ONLY,
  DIRECTION_OUTPUT,
  TCP_CLOSE,
  TCP_ESTABLISHED,
  TCP_STATES,
} from './tcp.ts';

/**
 * Lets a packet move its connection's state, its server's counters and the timeout that its timer gets next.
 * @param reply whether the server sent it
 */
export function transition(ipvs: Ipvs, row: number, packet: Packet, reply: boolean): void {
  const t = ipvs.table;
  const protocol = protocolOf(t, row);
  if (protocol === PROTO_UDP) {
    t.rows[row * ROW + TIMEOUT] = ipvs.udpTimeout;
    if (reply) assureTemplate(ipvs, row);
    return;
  }
  let inputOnly = false;
  const flags = t.rows[row * ROW + FLAGS]!;
  if ((flags & CONN_NOOUTPUT) !== 0) {
    if (reply) t.rows[row * ROW + FLAGS] = flags & ~CONN_NOOUTPUT;
    else inputOnly = true;
  }
  if (protocol === PROTO_TCP) {
    const direction = reply ? DIRECTION_OUTPUT : inputOnly ? DIRECTION_INPUT_ONLY : DIRECTION_INPUT;
    enter(
      ipvs,
      row,
      ipvs.tcp,
      nextTcpState(ipvs, direction, packet.flags, t.rows[row * ROW + STATE]!),
      TCP_ESTABLISHED,
    );
  } else if (protocol === PROTO_SCTP) {
    const start = sctpRow(reply ? 1 : inputOnly ? 2 : 0, packet.chunk);
    enter(ipvs, row, ipvs.sctp, ipvs.sctp.table[start + t.rows[row * ROW + STATE]!]!, SCTP_ESTABLISHED);
  }
}

/** The first of RST, SYN, FIN, ACK that is set decides; a segment with none of them closes. */
function nextTcpState(ipvs: Ipvs, direction: number, flags: number, state: number): number {
  let event = 0;
  if ((flags & TCP_RST) !== 0) event = 3;
  else if ((flags & TCP_SYN) !== 0) event = 0;
  else if ((flags & TCP_FIN) !== 0) event = 1;
  else if ((flags & TCP_ACK) !== 0) event = 2;
  else return TCP_CLOSE;
  return ipvs.tcp.table[(direction + event) * TCP_STATES + state]!;
}

function enter(ipvs: Ipvs, row: number, tables: ProtocolTables, state: number, established: number): void {
  const t = ipvs.table;
  t.rows[row * ROW + TIMEOUT] = tables.timeouts[state]!;
  if (t.rows[row * ROW + STATE] === state) return;
  t.rows[row * ROW + STATE] = state;
  const id = t.rows[row * ROW + DESTINATION]!;
  if (id >= 0) {
    const flags = t.rows[row * ROW + FLAGS]!;
    const inactive = (flags & CONN_INACTIVE) !== 0;
    const active = tables.active[state] === 1;
    if (inactive === active) {
      const destination = ipvs.destinationsById[id]!;
      destination.activeConns += active ? 1 : -1;
      destination.inactConns += active ? -1 : 1;
      t.rows[row * ROW + FLAGS] = flags ^ CONN_INACTIVE;
    }
  }
  if (state === established && t.rows[row * ROW + CONTROLLER]! >= 0) assureTemplate(ipvs, row);
}
