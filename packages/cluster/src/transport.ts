import { formatIpv4, type Ipv4 } from '@lvscope/inet';
import {
  abort,
  acceptNext,
  close,
  connect,
  forgetPaths,
  type Host,
  type Listener,
  listen,
  send,
  setKeepAlive,
  setSocketApp,
  setSocketAppData,
  udpClose,
  udpOpen,
  udpSend,
  unlisten,
} from '@lvscope/net';
import type { SocketCounts } from './view.ts';
import type { Datagram, Director, Failure, World } from './world.ts';
import { HOOKS } from './wiring.ts';

/** Who owns a socket: the low bits of its `app`; the server's index stands above. */
export const OWNER_NOBODY = 0;
export const OWNER_CLIENT = 1;
export const OWNER_SERVER = 2;
export const OWNER_PROBE_CLIENT = 3;
export const OWNER_PROBE_SERVER = 4;
/** A process of the process table: the socket's `appData` is its pid. */
export const OWNER_PROCESS = 5;
/** A director's sync daemon; its index stands above. */
export const OWNER_SYNC = 7;
const OWNER_BITS = 3;
export const OWNER_MASK: number = (1 << OWNER_BITS) - 1;

export function ownerCode(owner: number, index: number): number {
  return (index << OWNER_BITS) | owner;
}

export function ownerIndex(app: number): number {
  return app >> OWNER_BITS;
}

export function hostAt(world: World, host: number): Host {
  return world.net.hosts[host]!;
}

/** What opening a socket gave. */
export interface Opened {
  /** -1 = it failed. */
  readonly socket: number;
  readonly localPort: number;
  readonly failure: Failure;
}

function failed(failure: Failure): Opened {
  return { socket: -1, localPort: 0, failure };
}

/** connect(2) from this address and a port of the ephemeral range. */
export function openTcp(
  world: World,
  host: number,
  source: Ipv4,
  destination: Ipv4,
  destinationPort: number,
  owner: number,
  slot: number,
  clock?: number,
): Opened {
  const socket = connect(world, HOOKS, hostAt(world, host), {
    source,
    sourcePort: 0,
    destination,
    destinationPort,
    app: owner,
    appData: slot,
    ...(clock !== undefined && { clock }),
  });
  if (typeof socket !== 'number') return failed(socket === 'ports-exhausted' ? socket : 'unreachable');
  return { socket, localPort: world.net.sockets.localPort[socket]!, failure: 'timeout' };
}

/** A UDP socket that is connected to where it asks. */
export function openUdp(
  world: World,
  host: number,
  source: Ipv4,
  destination: Ipv4,
  destinationPort: number,
  owner: number,
  slot: number,
): Opened {
  const socket = udpOpen(world, hostAt(world, host), {
    source,
    destination,
    destinationPort,
    app: owner,
    appData: slot,
  });
  if (typeof socket !== 'number') return failed(socket === 'ports-exhausted' ? socket : 'unreachable');
  return { socket, localPort: world.net.sockets.localPort[socket]!, failure: 'timeout' };
}

export function sendBytes(world: World, socket: number, bytes: number): void {
  send(world, HOOKS, socket, bytes);
}

/** One datagram to where the socket is connected: so many bytes that nobody reads. */
export function sendDatagram(world: World, socket: number, bytes: number): void {
  udpSend(world, HOOKS, socket, bytes);
}

/** The same, with what it says. */
export function sendText(world: World, socket: number, bytes: Uint8Array): void {
  udpSend(world, HOOKS, socket, bytes.length, undefined, bytes);
}

/** SO_KEEPALIVE. */
export function keepAlive(world: World, socket: number): void {
  setKeepAlive(world, socket, true);
}

export function setOwner(world: World, socket: number, app: number, slot: number): void {
  setSocketApp(world.net, socket, app);
  setSocketAppData(world.net, socket, slot);
}

/**
 * The owner lets go of its socket. With `graceful` the kernel still says goodbye, else the socket is gone
 * already.
 */
export function closeSocket(world: World, socket: number, graceful: boolean): void {
  setOwner(world, socket, OWNER_NOBODY, -1);
  if (graceful) close(world, HOOKS, socket);
}

export function closeUdp(world: World, socket: number): void {
  udpClose(world, socket);
}

export function abortSocket(world: World, socket: number): void {
  setOwner(world, socket, OWNER_NOBODY, -1);
  abort(world, HOOKS, socket);
}

/** @returns the listener's id, -1 where the port is taken */
export function listenTcp(world: World, host: number, port: number, backlog: number, app: number): number {
  const listener = listen(world, hostAt(world, host), { port, backlog, autoAccept: false, app });
  return typeof listener === 'string' ? -1 : listener.id;
}

/** @returns the bound socket, -1 where the port is taken */
export function bindUdp(world: World, host: number, port: number, app: number): number {
  const socket = udpOpen(world, hostAt(world, host), { sourcePort: port, app });
  return typeof socket === 'number' ? socket : -1;
}

export function listenerOf(world: World, id: number): Listener {
  return world.net.listeners[id]!;
}

export function closeListener(world: World, id: number): void {
  unlisten(world, HOOKS, listenerOf(world, id));
}

/** accept(2): the oldest connection that waits, or -1. The `accepted` hook has been called for it. */
export function acceptFrom(world: World, listener: number): number {
  return acceptNext(world, HOOKS, listenerOf(world, listener));
}

export function socketPeer(world: World, socket: number): { address: number; port: number } {
  const { remoteAddress, remotePort } = world.net.sockets;
  return { address: remoteAddress[socket]!, port: remotePort[socket]! };
}

/** A datagram from the address and port that was asked, back to who asked. */
export function answerFrom(world: World, asked: Datagram, bytes: number): void {
  udpSend(world, HOOKS, asked.socket, bytes, {
    source: asked.to,
    destination: asked.from,
    destinationPort: asked.fromPort,
  });
}

/** The host that holds an address on an interface of its own wire (not lo, not tunl0). */
export function hostOfAddress(world: World, address: Ipv4): Host | undefined {
  const index = world.hostByAddress.get(address);
  return index === undefined ? undefined : world.net.hosts[index];
}

/** Sockets of a host by state, in words. */
export function socketCountsOf(host: Host): SocketCounts {
  const n = host.socketCounts;
  return {
    established: n[1]!,
    synSent: n[2]!,
    synRecv: n[3]!,
    finWait1: n[4]!,
    finWait2: n[5]!,
    timeWait: n[6]!,
    closeWait: n[8]!,
    lastAck: n[9]!,
    closing: n[11]!,
  };
}

/** A real server's name: its host's, or the address where no host has it. */
export function serverName(world: World, director: Director, destination: number): string {
  const d = director.ipvs.destinationsById[destination];
  if (d === undefined) return `#${destination}`;
  return hostOfAddress(world, d.address)?.name ?? d.address6 ?? formatIpv4(d.address);
}

export function socketsEstablished(world: World, address: Ipv4): number {
  return hostOfAddress(world, address)?.socketCounts[1] ?? NaN;
}

export function socketsInTimeWait(world: World, address: Ipv4): number {
  return hostOfAddress(world, address)?.socketCounts[6] ?? NaN;
}

/** After a sysctl that routes depend on was written. */
export function refreshPaths(world: World): void {
  forgetPaths(world.net);
}

/** The host whose socket is at the other end of a connection: who answers behind a virtual address. */
export function otherEndOf(world: World, socket: number): string | undefined {
  const t = world.net.sockets;
  for (let s = 0; s < t.high; s++) {
    if (s === socket || t.state[s] === 0) continue;
    const same = t.remoteAddress[s] === t.localAddress[socket] && t.remotePort[s] === t.localPort[socket];
    if (same && t.host[s] !== t.host[socket]) return world.net.hosts[t.host[s]!]!.name;
  }
  return undefined;
}
