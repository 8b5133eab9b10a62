import { hostNamed, interfaceCounters, listNeighbours } from '@lvscope/cluster';
import type { Host, World } from '@lvscope/cluster';
import { formatIpv4, formatMac, netmask } from '@lvscope/inet';
import { socketRows } from './sockets.ts';
import { isRejecting, mainRoutes } from './text/ip-routes.ts';

/** Files below /proc that show what a host is and does; undefined: there is no such one. */
export function readProcFile(world: World, hostName: string, path: string): string | undefined {
  const host = hostNamed(world, hostName);
  if (host === undefined) return undefined;
  switch (path) {
    case '/proc/net/arp':
      return arp(world, host);
    case '/proc/net/dev':
      return dev(world, host);
    case '/proc/net/route':
      return route(host);
    case '/proc/net/tcp':
      return tcp(world, hostName);
    case '/proc/uptime':
      return `${(world.sim.now / 1e9).toFixed(2)} ${(world.sim.now / 1e9).toFixed(2)}\n`;
    case '/proc/version':
      return `Linux version ${host.kernel}\n`;
    default:
      return undefined;
  }
}

export const PROC_FILES: readonly string[] = [
  '/proc/net/arp',
  '/proc/net/dev',
  '/proc/net/ip_vs',
  '/proc/net/ip_vs_conn',
  '/proc/net/ip_vs_conn_sync',
  '/proc/net/ip_vs_stats',
  '/proc/net/route',
  '/proc/net/tcp',
  '/proc/uptime',
  '/proc/version',
];

/** net/ipv4/arp.c, arp_format_neigh_entry */
function arp(world: World, host: Host): string {
  const header = 'IP address       HW type     Flags       HW address            Mask     Device\n';
  const rows = listNeighbours(world, host).map(({ address, mac, state, device }) => {
    const flags = state === 'PERMANENT' ? '0x6' : mac === undefined ? '0x0' : '0x2';
    const hardware = mac === undefined ? '00:00:00:00:00:00' : formatMac(mac);
    const first = `${formatIpv4(address).padEnd(16)} 0x1         ${flags.padEnd(11)}`;
    return `${first} ${hardware}     *        ${device}\n`;
  });
  return header + rows.join('');
}

/** net/core/net-procfs.c, dev_seq_printf_stats */
function dev(world: World, host: Host): string {
  const header =
    'Inter-|   Receive                                                |  Transmit\n' +
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo' +
    ' colls carrier compressed\n';
  const cell = (value: number, width: number): string => String(value).padStart(width);
  const rows = host.interfaces.map((nic) => {
    const { receivedBytes, receivedPackets, sentBytes, sentPackets } = interfaceCounters(world.net, nic);
    const received = `${cell(receivedBytes, 7)} ${cell(receivedPackets, 7)}`;
    const sent = `${cell(sentBytes, 8)} ${cell(sentPackets, 7)}    0 ${cell(nic.droppedPackets, 4)}`;
    const name = nic.name.padStart(6);
    return (
      `${name}: ${received}    0    0    0     0          0         0 ` +
      `${sent}    0     0       0          0\n`
    );
  });
  return header + rows.join('');
}

/** An address as a little-endian machine prints its four bytes: the last octet first. */
const hexOf = (address: number): string => {
  const octets = [address & 255, (address >>> 8) & 255, (address >>> 16) & 255, address >>> 24];
  return octets
    .map((octet) => octet.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
};

/** net/ipv4/fib_trie.c, fib_route_seq_show */
function route(host: Host): string {
  const header =
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT' +
    ' '.repeat(55) +
    '\n';
  const rows = mainRoutes(host).map((one) => {
    const { dev: name = '*', network, prefixLength, via } = one;
    const rejects = isRejecting(one) ? 0x200 : 0;
    const flags = 1 | (via === undefined ? 0 : 2) | (prefixLength === 32 ? 4 : 0) | rejects;
    const words = [name, hexOf(network), hexOf(via ?? 0), flags.toString(16).toUpperCase().padStart(4, '0')];
    const line = [...words, 0, 0, 0, hexOf(netmask(prefixLength) >>> 0), 0, 0, 0].join('\t');
    return `${line.padEnd(127)}\n`;
  });
  return header + rows.join('');
}

/** Numbers of TCP states (include/net/tcp_states.h). */
const STATES: readonly string[] = [
  '',
  'ESTAB',
  'SYN-SENT',
  'SYN-RECV',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'CLOSED',
  'CLOSE-WAIT',
  'LAST-ACK',
  'LISTEN',
  'CLOSING',
];

const quadOf = (text: string): number => text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** net/ipv4/tcp_ipv4.c, tcp4_seq_show: the columns that the simulation knows; the others are 0. */
function tcp(world: World, hostName: string): string {
  const header =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
  const hex = (value: number, digits: number): string =>
    value.toString(16).toUpperCase().padStart(digits, '0');
  const rows = socketRows(world, hostName)
    .filter(({ protocol }) => protocol === 'tcp')
    .map(({ localAddress, localPort, peerAddress, peerPort, state, sent, received }, i) => {
      const local = `${hexOf(quadOf(localAddress))}:${hex(localPort, 4)}`;
      const peer = `${hexOf(quadOf(peerAddress))}:${hex(peerPort, 4)}`;
      const queues =
        state === 'LISTEN' ? `00000000:${hex(received, 8)}` : `${hex(sent, 8)}:${hex(received, 8)}`;
      const number = hex(Math.max(0, STATES.indexOf(state)), 2);
      const line = `${String(i).padStart(4)}: ${local} ${peer} ${number} ${queues}`;
      return `${`${line} 00:00000000 00000000     0        0 0`.padEnd(149)}\n`;
    });
  return `${header.padEnd(149)}\n${rows.join('')}`;
}
