import type { Ipvs } from './state.ts';
import {
  CONN_TEMPLATE,
  CONTROLLER,
  CONTROLS,
  FLAGS,
  ROW,
  STATE,
  TEMPLATE_ASSURED,
  type ConnectionTable,
} from './table.ts';

/** `controller` (a template, or FTP's control connection) lives at least as long as `row`. */
export function addControl(t: ConnectionTable, row: number, controller: number): void {
  t.rows[row * ROW + CONTROLLER] = controller;
  t.rows[controller * ROW + CONTROLS]!++;
}

/** Ends that. */
export function endControl(t: ConnectionTable, row: number): void {
  const controller = t.rows[row * ROW + CONTROLLER]!;
  if (controller < 0) return;
  t.rows[row * ROW + CONTROLLER] = -1;
  t.rows[controller * ROW + CONTROLS]!--;
}

/** A connection got through to its server: its template is worth keeping (ip_vs_control_assure_ct). */
export function assureTemplate(ipvs: Ipvs, row: number): void {
  const t = ipvs.table;
  const controller = t.rows[row * ROW + CONTROLLER]!;
  if (controller < 0 || (t.rows[controller * ROW + FLAGS]! & CONN_TEMPLATE) === 0) return;
  if (ipvs.kernel.templatesAreAssured) t.rows[controller * ROW + STATE] = TEMPLATE_ASSURED;
}
