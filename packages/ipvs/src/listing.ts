import type { Simulation } from '@lvscope/des';
import type { Ipv4 } from '@lvscope/inet';
import type { Ipvs } from './state.ts';

/** A row of `ipvsadm -Lnc`. */
export interface ConnectionRow {
  readonly row: number;
  /** IP protocol number; 0 for templates of firewall marks, whose `virtual` is the mark. */
  readonly protocol: number;
  readonly client: Ipv4;
  readonly clientPort: number;
  readonly virtual: Ipv4;
  readonly virtualPort: number;
  readonly destinationAddress: Ipv4;
  readonly destinationPort: number;
  /** The kernel's word: ESTABLISHED, SYN_RECV, UDP, NONE, ASSURED … */
  readonly state: string;
  /** Whole seconds left, rounded down as the kernel prints them. */
  readonly expiresInSeconds: number;
  readonly template: boolean;
  /** CONN_* bits. */
  readonly flags: number;
  /** -1 for a bypass. */
  readonly serviceId: number;
  readonly destinationId: number;
  readonly inPackets: number;
  /** Row of the controlling template or connection, -1 = none. */
  readonly controller: number;
}

/** undefined where the row is free. */
export function connectionRow(_ipvs: Ipvs, _sim: Simulation, _row: number): ConnectionRow | undefined {
  return undefined;
}

/** All rows, in table order, which is no order that the kernel would show. */
export function connectionRows(_ipvs: Ipvs, _sim: Simulation): ConnectionRow[] {
  return [];
}

/** Rows of the table, templates included. */
export function countConnections(ipvs: Ipvs): number {
  return ipvs.table.live;
}
