import type { NeighbourRow } from '@lvscope/cluster';
import { formatIpv4, formatMac } from '@lvscope/inet';

/** States in which a route's use holds on to the entry, so that it is counted (`ref 1`). */
const HELD = new Set(['REACHABLE', 'DELAY', 'PROBE']);

/** `ip neigh show` and `ip -s neigh show`. @param withDevice false where one was asked for */
export function showNeighbours(
  rows: readonly NeighbourRow[],
  withDevice: boolean,
  statistics: boolean,
): string {
  return rows.map((row) => `${showRow(row, withDevice, statistics)} \n`).join('');
}

function showRow(row: NeighbourRow, withDevice: boolean, statistics: boolean): string {
  const { address, device, mac, state, used, confirmed, updated, probes } = row;
  const dev = withDevice ? `dev ${device} ` : '';
  const lladdr = mac === undefined ? '' : `lladdr ${formatMac(mac)} `;
  const ref = HELD.has(state) ? ' ref 1' : '';
  const counts = statistics ? `${ref} used ${used}/${confirmed}/${updated}probes ${probes} ` : '';
  return `${formatIpv4(address)} ${dev}${lladdr}${counts}${state}`;
}
