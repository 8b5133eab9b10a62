import { protocolName } from '@lvscope/inet';
import { parseIpv6Groups } from '@lvscope/syntax';
import type { ServiceSettings } from '@lvscope/syntax';
import { hex, left, right } from './columns.ts';
import { METHOD_WORD } from './listed.ts';
import type { ListedConnection, ListedNumbers, ListedServer, ListedService } from './listed.ts';
import { formatVersionLine } from './services.ts';

/** Ticks a second of the recorded kernel (CONFIG_HZ): /proc/net/ip_vs shows timeouts in them. */
export const KERNEL_HZ = 250;

const TITLE =
  'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n';

/** /proc/net/ip_vs: services and servers in the kernel's order, addresses and ports in hexadecimal. */
export function formatProcServices(services: readonly ListedService[], tableSize: number): string {
  const entries = services.map((listed) => procService(listed) + listed.servers.map(procServer).join(''));
  return formatVersionLine(tableSize) + TITLE + entries.join('');
}

function procService({ service, settings }: ListedService): string {
  const { scheduler } = settings;
  const ops = settings.onePacket ? 'ops ' : '';
  const persistent = procPersistence(settings, service.kind === 'address6');
  if (service.kind === 'fwmark') return `FWM  ${hex(service.mark, 8)} ${scheduler} ${ops}${persistent}\n`;
  const protocol = protocolName(service.protocol);
  const port = hex(service.port, 4);
  return service.kind === 'address'
    ? `${protocol}  ${hex(service.address, 8)}:${port} ${scheduler} ${ops} ${persistent}\n`
    : // not recorded: the kernel's IPv6 line has no room for ops
      `${protocol}  [${fullIpv6(service.address)}]:${port} ${scheduler} ${persistent}\n`;
}

function procPersistence(settings: ServiceSettings, six: boolean): string {
  const { persistenceSeconds, netmask, prefixLength } = settings;
  if (persistenceSeconds === 0) return '';
  return `persistent ${persistenceSeconds * KERNEL_HZ} ${procMask(netmask, prefixLength, six)}`;
}

/** The kernel swaps the bytes of the mask; of an IPv6 prefix length too, which makes 128 80000000. */
function procMask(netmask: number, prefixLength: number, six: boolean): string {
  return six ? hex(prefixLength * 0x1000000, 8) : hex(netmask, 8);
}

/** All eight groups with four digits each, as the kernel's %pI6. */
function fullIpv6(text: string): string {
  return (parseIpv6Groups(text) ?? []).map((group) => hex(group, 4).toLowerCase()).join(':');
}

function procServer(listed: ListedServer): string {
  const { server } = listed;
  const name = server.family === 4 ? hex(server.address, 8) : `[${fullIpv6(server.address)}]`;
  const conns = `${left(String(listed.activeConns), 10)} ${left(String(listed.inactConns), 10)}`;
  const forward = left(METHOD_WORD[listed.method], 7);
  return `  -> ${name}:${hex(server.port, 4)}      ${forward} ${left(String(listed.weight), 6)} ${conns}\n`;
}

const CONNECTIONS_TITLE = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n';

/** The columns of a connection that both its files begin with. */
function endsAndState(row: ListedConnection): string {
  const client = `${hex(row.client, 8)} ${hex(row.clientPort, 4)}`;
  const virtual = `${hex(row.virtual, 8)} ${hex(row.virtualPort, 4)}`;
  const destination = `${hex(row.destination, 8)} ${hex(row.destinationPort, 4)}`;
  const protocol = left(protocolName(row.protocol), 3);
  return `${protocol} ${client} ${virtual} ${destination} ${left(row.state, 11)}`;
}

/** /proc/net/ip_vs_conn. */
export function formatProcConnections(connections: readonly ListedConnection[]): string {
  const rows = connections.map((row) => {
    const engine = row.callId === undefined ? '' : ` sip ${row.callId}`;
    return `${endsAndState(row)} ${right(String(row.expires), 7)}${engine}\n`;
  });
  return CONNECTIONS_TITLE + rows.join('');
}

const ORIGINS_TITLE = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n';

/** /proc/net/ip_vs_conn_sync: who saw each connection first. */
export function formatProcOrigins(connections: readonly ListedConnection[]): string {
  const rows = connections.map((row) => {
    const origin = left(row.synced ? 'SYNC' : 'LOCAL', 6);
    return `${endsAndState(row)} ${origin} ${right(String(row.expires), 7)}\n`;
  });
  return ORIGINS_TITLE + rows.join('');
}

/** Five numbers in hexadecimal, right-aligned: three of 8 columns, two of 16. */
function hexNumbers(n: ListedNumbers): string {
  const small = [n.conns, n.inPackets, n.outPackets].map((value) => right(hex(value, 1), 8));
  const large = [n.inBytes, n.outBytes].map((value) => right(hex(value, 1), 16));
  return [...small, ...large].join(' ');
}

/** /proc/net/ip_vs_stats: of the whole director, in hexadecimal. */
export function formatProcStats(stats: ListedNumbers, rates: ListedNumbers): string {
  return (
    '   Total Incoming Outgoing         Incoming         Outgoing\n' +
    '   Conns  Packets  Packets            Bytes            Bytes\n' +
    `${hexNumbers(stats)}\n\n` +
    ' Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n' +
    `${hexNumbers(rates)}\n`
  );
}

/**
 * /proc/net/ip_vs_stats_percpu of a machine with one CPU.
 * @param live counters not yet folded in, and never zeroed
 */
export function formatProcPercpu(live: ListedNumbers, stats: ListedNumbers, rates: ListedNumbers): string {
  return (
    '       Total Incoming Outgoing         Incoming         Outgoing\n' +
    'CPU    Conns  Packets  Packets            Bytes            Bytes\n' +
    `  0 ${hexNumbers(live)}\n  ~ ${hexNumbers(stats)}\n\n` +
    '     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n' +
    `    ${hexNumbers(rates)}\n`
  );
}
