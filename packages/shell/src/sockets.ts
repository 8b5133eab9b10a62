import { hostNamed, listSockets, socketState, socketTuple, unreadBytes, unsentBytes } from '@lvscope/cluster';
import type { World } from '@lvscope/cluster';
import { formatIpv4, PROTO_UDP } from '@lvscope/inet';

/** A socket of a host as ss and netstat list it. */
export interface SocketRow {
  readonly protocol: 'tcp' | 'udp';
  /** As ss names it: ESTAB, TIME-WAIT, LISTEN, UNCONN … */
  readonly state: string;
  readonly received: number;
  readonly sent: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly peerAddress: string;
  /** 0: anybody's. */
  readonly peerPort: number;
}

/** Listeners first, then connections in the order of the socket table. */
export function socketRows(world: World, hostName: string): SocketRow[] {
  const host = hostNamed(world, hostName);
  if (host === undefined) return [];
  const listeners = [...host.listeners.values()].flat().filter(({ open }) => open);
  const rows: SocketRow[] = listeners
    .filter(({ protocol }) => protocol !== PROTO_UDP)
    .map((one) => ({
      protocol: 'tcp',
      state: 'LISTEN',
      received: one.waiting,
      sent: one.backlog,
      localAddress: formatIpv4(one.address),
      localPort: one.port,
      peerAddress: '0.0.0.0',
      peerPort: 0,
    }));
  for (const socket of listSockets(world.net, host)) {
    const state = socketState(world.net, socket);
    const { localAddress, localPort, remoteAddress, remotePort } = socketTuple(world.net, socket);
    const udp = state === 'UDP';
    if (state === 'CLOSED' || state === 'FREE') continue;
    rows.push({
      protocol: udp ? 'udp' : 'tcp',
      state: udp ? (remotePort === 0 ? 'UNCONN' : 'ESTAB') : state,
      received: udp ? 0 : unreadBytes(world.net, socket),
      sent: udp || state === 'TIME-WAIT' ? 0 : unsentBytes(world.net, socket),
      localAddress: formatIpv4(localAddress),
      localPort,
      peerAddress: formatIpv4(remoteAddress),
      peerPort: remotePort,
    });
  }
  return rows.sort((a, b) => Number(a.protocol === 'tcp') - Number(b.protocol === 'tcp'));
}
