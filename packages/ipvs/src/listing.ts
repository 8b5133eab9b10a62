import type { Simulation } from '@lvscope/des';
import { type Ipv4, ipv4, PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { secondsLeft } from './expiry.ts';
import type { Ipvs } from './state.ts';
import { SCTP_STATE_NAMES } from './states/sctp.ts';
import { TCP_STATE_NAMES } from './states/tcp.ts';
import {
  ADDRESS,
  CLIENT,
  CONN_FLAGS,
  CONN_TEMPLATE,
  CONTROLLER,
  DESTINATION,
  FLAGS,
  FREE,
  IN_PACKETS,
  PORT,
  PORTS,
  ROW,
  STATE,
  TEMPLATE_ASSURED,
  VIRTUAL,
  protocolOf,
} from './table.ts';

/** A row of `ipvsadm -Lnc`. */
export interface ConnectionRow {
  readonly row: number;
  /** IP protocol number; 0 for templates of firewall marks, whose `virtual` is the mark. */
  readonly protocol: number;
  readonly client: Ipv4;
  /** 0 for templates. */
  readonly clientPort: number;
  readonly virtual: Ipv4;
  /** 65535 for templates that nothing matches any more. */
  readonly virtualPort: number;
  /** 0.0.0.0 for a bypass. */
  readonly destinationAddress: Ipv4;
  readonly destinationPort: number;
  /** The kernel's word: ESTABLISHED, SYN_RECV, UDP, NONE, ASSURED … */
  readonly state: string;
  /** Whole seconds left, rounded down as the kernel prints them; 0 for a while when the timer is late. */
  readonly expiresInSeconds: number;
  readonly template: boolean;
  /** CONN_* bits. */
  readonly flags: number;
  /** -1 for a bypass. */
  readonly serviceId: number;
  /** -1 for a bypass. */
  readonly destinationId: number;
  readonly inPackets: number;
  /** Row of the controlling template or connection, -1 = none. */
  readonly controller: number;
  /** A template of `--pe sip`: its call's. */
  readonly callId: string | undefined;
}

function stateName(protocol: number, state: number, template: boolean): string {
  if (template) return state === TEMPLATE_ASSURED ? 'ASSURED' : 'NONE';
  switch (protocol) {
    case PROTO_TCP:
      return TCP_STATE_NAMES[state]!;
    case PROTO_UDP:
      return 'UDP';
    case PROTO_SCTP:
      return SCTP_STATE_NAMES[state]!;
    default:
      return 'NONE';
  }
}

/** undefined where the row is free. */
export function connectionRow(ipvs: Ipvs, sim: Simulation, row: number): ConnectionRow | undefined {
  const t = ipvs.table;
  if (!(row >= 0 && row < t.end) || protocolOf(t, row) === FREE) return undefined;
  const protocol = protocolOf(t, row);
  const flags = t.rows[row * ROW + FLAGS]! & CONN_FLAGS;
  const template = (flags & CONN_TEMPLATE) !== 0;
  const destinationId = t.rows[row * ROW + DESTINATION]!;
  return {
    row,
    protocol,
    client: ipv4(t.rows[row * ROW + CLIENT]!),
    clientPort: t.rows[row * ROW + PORTS]! >>> 16,
    virtual: ipv4(t.rows[row * ROW + VIRTUAL]!),
    virtualPort: t.rows[row * ROW + PORTS]! & 0xffff,
    destinationAddress: ipv4(t.rows[row * ROW + ADDRESS]!),
    destinationPort: t.rows[row * ROW + PORT]!,
    state: stateName(protocol, t.rows[row * ROW + STATE]!, template),
    expiresInSeconds: secondsLeft(ipvs, sim, row),
    template,
    flags,
    serviceId: destinationId < 0 ? -1 : ipvs.destinationsById[destinationId]!.serviceId,
    destinationId,
    inPackets: t.rows[row * ROW + IN_PACKETS]!,
    controller: t.rows[row * ROW + CONTROLLER]!,
    callId: t.callIds.get(row),
  };
}

/** All rows, in table order, which is no order that the kernel would show: compare as a set. */
export function connectionRows(ipvs: Ipvs, sim: Simulation): ConnectionRow[] {
  const rows: ConnectionRow[] = [];
  for (let row = 0; row < ipvs.table.end; row++) {
    const found = connectionRow(ipvs, sim, row);
    if (found !== undefined) rows.push(found);
  }
  return rows;
}

/** Rows of the table, templates included. */
export function countConnections(ipvs: Ipvs): number {
  return ipvs.table.live;
}
