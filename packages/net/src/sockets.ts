import type { Ipv4 } from '@lvscope/inet';
import { FLAG_QUEUED, STATE_FREE, STATE_NAMES, type SocketStateName } from './socket-table.ts';
import type { Host, Network, SocketId } from './state.ts';

export interface SocketTuple {
  readonly host: number;
  readonly localAddress: Ipv4;
  readonly localPort: number;
  readonly remoteAddress: Ipv4;
  readonly remotePort: number;
}

/** The state as `ss` names it; FREE for a slot that is none. */
export function socketState(net: Network, s: SocketId): SocketStateName {
  return STATE_NAMES[net.sockets.state[s] ?? STATE_FREE]!;
}

export function socketTuple(net: Network, s: SocketId): SocketTuple {
  const t = net.sockets;
  return {
    host: t.host[s]!,
    localAddress: t.localAddress[s]! as Ipv4,
    localPort: t.localPort[s]!,
    remoteAddress: t.remoteAddress[s]! as Ipv4,
    remotePort: t.remotePort[s]!,
  };
}

/** The host that the socket belongs to. */
export function socketHost(net: Network, s: SocketId): Host {
  return net.hosts[net.sockets.host[s]!]!;
}

/** Two integers that are the owner's: net sets them from `connect` or the listener, and never reads them. */
export function socketApp(net: Network, s: SocketId): number {
  return net.sockets.app[s]!;
}
export function setSocketApp(net: Network, s: SocketId, app: number): void {
  net.sockets.app[s] = app;
}
export function socketAppData(net: Network, s: SocketId): number {
  return net.sockets.appData[s]!;
}
export function setSocketAppData(net: Network, s: SocketId, appData: number): void {
  net.sockets.appData[s] = appData;
}

/** Counts how often the slot has been used: with the id it names a socket for good. */
export function socketGeneration(net: Network, s: SocketId): number {
  return net.sockets.generation[s]!;
}

/** Bytes received that the application has not read. */
export function unreadBytes(net: Network, s: SocketId): number {
  return net.sockets.unread[s]!;
}

/** Bytes that are queued or sent and not acknowledged. */
export function unsentBytes(net: Network, s: SocketId): number {
  return Math.max(0, (net.sockets.sndEnd[s]! - net.sockets.sndUna[s]!) | 0);
}

/** How many sockets of the host are in that state; kept at every change, so it costs nothing. */
export function socketCount(host: Host, state: SocketStateName): number {
  return host.socketCounts[STATE_NAMES.indexOf(state)]!;
}

/** All sockets of a host by id: a walk over the table, for commands. Half-open and waiting ones included. */
export function listSockets(net: Network, host: Host): SocketId[] {
  const t = net.sockets;
  const found: SocketId[] = [];
  for (let s = 0; s < t.high; s++) {
    if (t.state[s] !== STATE_FREE && t.host[s] === host.id) found.push(s);
  }
  return found;
}

/** Whether the socket still waits in an accept queue. */
export function isQueued(net: Network, s: SocketId): boolean {
  return (net.sockets.flags[s]! & FLAG_QUEUED) !== 0;
}
