import { armTimer, cancelTimer, mixEvent, type Simulation, timerExpiry } from '@lvscope/des';
import { removeConnection } from './connection.ts';
import { endControl } from './control.ts';
import { fireTime, HZ, isSameSlot, jiffies, nextTick } from './jiffies.ts';
import type { Ipvs } from './state.ts';
import { syncProlonged } from './sync-master.ts';
import {
  CONN_TEMPLATE,
  CONTROLLER,
  CONTROLS,
  DESTINATION,
  EXPIRES,
  FLAGS,
  FREE,
  PROTOCOL,
  ROW,
  STATE,
  TEMPLATE_ASSURED,
  TIMEOUT,
} from './table.ts';

/**
 * Seconds that a row gets again and again while it controls others; a template keeps this timeout for good.
 */
const CONTROLLER_EXTENSION = 60;

/** Starts a row's timer anew with its timeout. */
export function restartTimer(ipvs: Ipvs, sim: Simulation, row: number): void {
  const rows = ipvs.table.rows;
  const now = jiffies(ipvs, sim.now);
  const expires = now + rows[row * ROW + TIMEOUT]! * HZ;
  rows[row * ROW + EXPIRES] = expires;
  const at = fireTime(ipvs, now, expires);
  if (!isSameSlot(at, timerExpiry(sim, ipvs.bank, row))) armTimer(sim, ipvs.bank, row, at);
}

/** Whole seconds until a row's timer is due, rounded down as the kernel prints them. */
export function secondsLeft(ipvs: Ipvs, sim: Simulation, row: number): number {
  const left = (ipvs.table.rows[row * ROW + EXPIRES]! - jiffies(ipvs, sim.now)) | 0;
  return left > 0 ? Math.floor(left / HZ) : 0;
}

/** Lets the timer fire at the next tick (ip_vs_conn_expire_now); until then the row is there, and counts. */
export function expireNow(ipvs: Ipvs, sim: Simulation, row: number): void {
  const now = jiffies(ipvs, sim.now);
  ipvs.table.rows[row * ROW + EXPIRES] = now;
  armTimer(sim, ipvs.bank, row, nextTick(ipvs, now));
}

/** The timer of this row fired (ip_vs_conn_expire). */
export function connectionTimer(ipvs: Ipvs, sim: Simulation, row: number): void {
  const t = ipvs.table;
  mixEvent(ipvs.timerPrint, sim, row);
  if (t.rows[row * ROW + CONTROLS]! > 0) {
    t.rows[row * ROW + TIMEOUT] = CONTROLLER_EXTENSION;
    if (ipvs.syncMaster !== undefined) syncProlonged(ipvs, sim, row);
    restartTimer(ipvs, sim, row);
    return;
  }
  const controller = t.rows[row * ROW + CONTROLLER]!;
  // Only the defence and the sweep take the timeout away: then an idle controller goes along.
  const forced = t.rows[row * ROW + TIMEOUT] === 0;
  if (controller >= 0) endControl(t, row);
  removeConnection(ipvs, row);
  if (controller >= 0 && forced && isDispensable(ipvs, controller)) dropConnection(ipvs, sim, controller);
}

function isDispensable(ipvs: Ipvs, row: number): boolean {
  const t = ipvs.table;
  if (!ipvs.kernel.templatesAreAssured || t.rows[row * ROW + CONTROLS]! > 0) return false;
  return (t.rows[row * ROW + FLAGS]! & CONN_TEMPLATE) === 0 || t.rows[row * ROW + STATE] !== TEMPLATE_ASSURED;
}

/** Removes a row that controls nobody, at once (ip_vs_conn_del). */
export function dropConnection(ipvs: Ipvs, sim: Simulation, row: number): void {
  cancelTimer(sim, ipvs.bank, row);
  if (ipvs.table.rows[row * ROW + CONTROLLER]! >= 0) ipvs.table.rows[row * ROW + TIMEOUT] = 0;
  connectionTimer(ipvs, sim, row);
}

/** All connections and templates are gone at once, as when the machine loses its power. */
export function forgetConnections(ipvs: Ipvs, sim: Simulation): void {
  const t = ipvs.table;
  // what is controlled goes first
  for (const controlling of [false, true]) {
    for (let row = 0; row < t.end; row++) {
      if (t.rows[row * ROW + PROTOCOL] === FREE) continue;
      if (controlling || t.rows[row * ROW + CONTROLS] === 0) dropConnection(ipvs, sim, row);
    }
  }
}

/**
 * Removes the connections of servers that are gone, and what controlled them
 * (ip_vs_expire_nodest_conn_flush).
 */
export function sweepOrphans(ipvs: Ipvs, sim: Simulation): void {
  const t = ipvs.table;
  for (let row = 0; row < t.end; row++) {
    if (t.rows[row * ROW + PROTOCOL] === FREE || t.rows[row * ROW + CONTROLS]! > 0) continue;
    const id = t.rows[row * ROW + DESTINATION]!;
    if (id < 0 || ipvs.destinationsById[id]!.available) continue;
    const controller = t.rows[row * ROW + CONTROLLER]!;
    dropConnection(ipvs, sim, row);
    if (
      controller >= 0 &&
      t.rows[controller * ROW + PROTOCOL] !== FREE &&
      t.rows[controller * ROW + CONTROLS] === 0
    ) {
      dropConnection(ipvs, sim, controller);
    }
  }
}
