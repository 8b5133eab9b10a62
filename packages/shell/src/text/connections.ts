import { formatIpv4, protocolName } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { nameOfPort } from '@lvscope/syntax';
import type { PortName } from '@lvscope/syntax';
import { left } from './columns.ts';
import type { ListedConnection } from './listed.ts';

interface ConnectionFormat {
  readonly persistentConn: boolean;
  readonly names: readonly PortName[];
}

/** `-c`, with -n where `names` is empty; with `persistentConn` the title has the columns of engines. */
export function formatConnections(
  connections: readonly ListedConnection[],
  options: ConnectionFormat,
): string {
  const title = `pro expire ${left('state', 11)} ${left('source', 18)} ${left('virtual', 18)} `;
  const last = options.persistentConn
    ? `${left('destination', 18)} ${left('pe name', 16)} pe_data`
    : 'destination';
  const rows = connections.map((row) => formatConnection(row, options));
  return `IPVS connection entries\n${title}${last}\n${rows.join('')}`;
}

function formatConnection(row: ListedConnection, { persistentConn, names }: ConnectionFormat): string {
  const { protocol } = row;
  const end = (address: Ipv4, port: number): string =>
    `${formatIpv4(address)}:${nameOfPort(names, port, protocol)}`;
  const name = left(protocolName(protocol), 3);
  const state = left(row.state, 11);
  const client = left(end(row.client, row.clientPort), 18);
  const virtual = left(end(row.virtual, row.virtualPort), 18);
  const destination = end(row.destination, row.destinationPort);
  const ends =
    persistentConn && row.callId !== undefined
      ? `${left(destination, 16)} ${left('sip', 18)} ${row.callId}`
      : destination;
  return `${name} ${formatExpiry(row.expires)} ${state} ${client} ${virtual} ${ends}\n`;
}

/** Minutes and seconds in six columns: `14:56 `. */
export function formatExpiry(seconds: number): string {
  const minutes = String(Math.floor(seconds / 60)).padStart(2, '0');
  return left(`${minutes}:${String(seconds % 60).padStart(2, '0')}`, 6);
}
