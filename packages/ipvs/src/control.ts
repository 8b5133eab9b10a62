import type { Ipvs } from './state.ts';
import { CONN_TEMPLATE, type ConnectionTable, TEMPLATE_ASSURED } from './table.ts';

/** `controller` (a template, or FTP's control connection) lives at least as long as `row`. */
export function addControl(t: ConnectionTable, row: number, controller: number): void {
  t.controller[row] = controller;
  t.controls[controller]!++;
}

/** Ends that. */
export function endControl(t: ConnectionTable, row: number): void {
  const controller = t.controller[row]!;
  if (controller < 0) return;
  t.controller[row] = -1;
  t.controls[controller]!--;
}

/** A connection got through to its server: its template is worth keeping (ip_vs_control_assure_ct). */
export function assureTemplate(ipvs: Ipvs, row: number): void {
  const t = ipvs.table;
  const controller = t.controller[row]!;
  if (controller < 0 || (t.flags[controller]! & CONN_TEMPLATE) === 0) return;
  if (ipvs.kernel.templatesAreAssured) t.state[controller] = TEMPLATE_ASSURED;
}
