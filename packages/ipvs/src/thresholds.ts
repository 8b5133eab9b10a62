import type { Destination } from './service.ts';

/** Connections that count against the thresholds: templates do not. */
function totalConns(d: Destination): number {
  return d.activeConns + d.inactConns;
}

/** After a connection or template was bound (ip_vs_bind_dest). */
export function markWhenFull(d: Destination): void {
  if (d.upperThreshold !== 0 && totalConns(d) >= d.upperThreshold) d.overloaded = true;
}

/** After a connection or template of it was removed (ip_vs_unbind_dest). */
export function clearWhenRelieved(d: Destination): void {
  if (!d.overloaded) return;
  if (d.lowerThreshold !== 0) {
    if (totalConns(d) < d.lowerThreshold) d.overloaded = false;
  } else if (d.upperThreshold === 0 || totalConns(d) * 4 < d.upperThreshold * 3) {
    d.overloaded = false;
  }
}

/** After an edit: the recordings of 6.1 show that it sets or clears the mark at once by the same rules. */
export function remarkAfterEdit(d: Destination): void {
  clearWhenRelieved(d);
  markWhenFull(d);
}
