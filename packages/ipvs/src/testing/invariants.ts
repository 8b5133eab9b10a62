import { CONTROLS, ROW } from '../table.ts';
import { hasTimer } from '../kernel-wheel.ts';
import type { Simulation } from '@lvscope/des';
import { CONN_INACTIVE, type ConnectionRow, connectionRows, type Destination, type Ipvs } from '../index.ts';

/** What must hold after every event, each broken rule as a sentence. */
export function brokenInvariants(ipvs: Ipvs, sim: Simulation): string[] {
  const rows = connectionRows(ipvs, sim);
  const broken: string[] = [];
  if (rows.length !== ipvs.table.live)
    broken.push(`${rows.length} rows are filled, ${ipvs.table.live} are counted`);
  for (const destination of ipvs.destinationsById) broken.push(...ofDestination(destination, rows));
  for (const row of rows) broken.push(...ofRow(ipvs, row, rows));
  return broken;
}

function ofDestination(d: Destination, rows: readonly ConnectionRow[]): string[] {
  const mine = rows.filter((row) => row.destinationId === d.id);
  const templates = mine.filter((row) => row.template).length;
  const connections = mine.length - templates;
  const inactive = mine.filter((row) => !row.template && (row.flags & CONN_INACTIVE) !== 0).length;
  const broken: string[] = [];
  if (d.activeConns + d.inactConns !== connections) {
    broken.push(`server ${d.id}: ${d.activeConns} + ${d.inactConns} connections, but ${connections} rows`);
  }
  if (d.inactConns !== inactive)
    broken.push(`server ${d.id}: ${d.inactConns} inactive, but ${inactive} rows`);
  if (d.persistConns !== templates)
    broken.push(`server ${d.id}: ${d.persistConns} templates, but ${templates} rows`);
  if (d.references !== mine.length)
    broken.push(`server ${d.id}: ${d.references} references, ${mine.length} rows`);
  return broken;
}

function ofRow(ipvs: Ipvs, row: ConnectionRow, rows: readonly ConnectionRow[]): string[] {
  const broken: string[] = [];
  if (!hasTimer(ipvs, row.row)) broken.push(`row ${row.row} has no timer`);
  const controlled = rows.filter((other) => other.controller === row.row).length;
  const counted = ipvs.table.rows[row.row * ROW + CONTROLS]!;
  if (controlled !== counted) broken.push(`row ${row.row} controls ${controlled}, but counts ${counted}`);
  if (row.controller >= 0 && !rows.some((other) => other.row === row.controller)) {
    broken.push(`row ${row.row} is controlled by ${row.controller}, which is gone`);
  }
  return broken;
}
