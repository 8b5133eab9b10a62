import { hostNamed, listNeighbours, type NeighbourRow } from '@lvscope/cluster';
import { formatIpv4, formatMac } from '@lvscope/inet';
import type { Session } from './session.ts';

/** `ip -s neigh show [dev …]`, a line each. */
export function neighbourLines(session: Session, hostName: string, device: string): string[] {
  const host = hostNamed(session.world, hostName);
  if (!host) return [];
  const rows = listNeighbours(session.world, host, device === '' ? undefined : device);
  return rows.map((row) => {
    const dev = device === '' ? ` dev ${row.device}` : '';
    const times = `${row.used}/${row.confirmed}/${row.updated}`;
    return `${formatIpv4(row.address)}${dev} ${lladdr(row)} used ${times}probes ${row.probes} ${row.state}`;
  });
}

/** `ip neigh show address dev …` without the address: `lladdr 02:… STALE`; empty where there is no entry. */
export function neighbourWord(session: Session, hostName: string, device: string, address: string): string {
  const host = hostNamed(session.world, hostName);
  const rows = host ? listNeighbours(session.world, host, device) : [];
  const row = rows.find((one) => formatIpv4(one.address) === address);
  return row ? `${lladdr(row)}${row.state}`.trim() : '';
}

const lladdr = ({ mac }: NeighbourRow): string => (mac === undefined ? '' : `lladdr ${formatMac(mac)} `);
