import type { Ipv4 } from '@lvscope/inet';
import {
  abort,
  close,
  connect,
  type Host,
  listen,
  send,
  shutdown,
  type UdpDestination,
  udpOpen,
  udpSend,
  type UdpSendResult,
} from '@lvscope/net';
import { peerKey } from './probe-hooks.ts';
import type { ProbeConnection, ProbeDatagramSocket, ResponderConnection } from './probe-state.ts';
import {
  abortSocket,
  bindUdp,
  closeListener,
  closeSocket,
  closeUdp,
  OWNER_PROBE_CLIENT,
  OWNER_PROBE_SERVER,
  setOwner,
} from './transport.ts';
import { HOOKS } from './wiring.ts';
import type { World } from './world.ts';

const RESPONDER_BACKLOG = 128;

/** An address and a port. */
export interface Endpoint {
  readonly address: Ipv4;
  readonly port: number;
}

/**
 * Opens a TCP connection by hand. The kernel goes on trying as a real one does; `connectionOf` tells how it
 * stands.
 * @param source port 0 = one of the ephemeral range
 * @returns the connection's id
 */
export function openConnection(world: World, hostName: string, source: Endpoint, to: Endpoint): number {
  const { probe } = world;
  const host = world.net.hostByName.get(hostName)!;
  const id = probe.connections.length;
  const connection: { -readonly [K in keyof ProbeConnection]: ProbeConnection[K] } = {
    id,
    host: host.id,
    socket: -1,
    status: 'connecting',
    source: source.address,
    sourcePort: source.port,
    destination: to.address,
    destinationPort: to.port,
    received: 0,
  };
  probe.connections.push(connection);
  const socket = connect(world, HOOKS, host, {
    source: source.address,
    sourcePort: source.port,
    destination: to.address,
    destinationPort: to.port,
    app: OWNER_PROBE_CLIENT,
    appData: id,
  });
  if (typeof socket !== 'number') {
    connection.status = socket === 'address-in-use' ? 'in-use' : 'unreachable';
  } else if (connection.status === 'connecting' || connection.status === 'connected') {
    connection.socket = socket;
    connection.sourcePort = world.net.sockets.localPort[socket]!;
  }
  probe.dialled.add(peerKey(connection.source, connection.sourcePort));
  return id;
}

/** How a connection stands; undefined for an id that was never given. */
export function connectionOf(world: World, id: number): Readonly<ProbeConnection> | undefined {
  return world.probe.connections[id];
}

/** The server's end of the connection that last came from this address and port. */
export function acceptedFrom(world: World, client: Endpoint): Readonly<ResponderConnection> | undefined {
  return responderAt(world, client);
}

function responderAt(world: World, client: Endpoint): ResponderConnection | undefined {
  const id = world.probe.byPeer.get(peerKey(client.address, client.port));
  return id === undefined ? undefined : world.probe.accepted[id];
}

/**
 * Closes the probe's side, or gives a connection up that never came about. @returns false where nothing is
 * open
 */
export function closeConnection(world: World, id: number, how: 'fin' | 'rst'): boolean {
  const connection = world.probe.connections[id];
  if (connection === undefined || connection.socket < 0) return false;
  const { socket } = connection;
  connection.socket = -1;
  connection.status = 'closed';
  if (how === 'rst') abortSocket(world, socket);
  else closeSocket(world, socket, true);
  return true;
}

/** Half close: FIN, and still reading. @returns false where nothing is open */
export function shutdownConnection(world: World, id: number): boolean {
  const connection = world.probe.connections[id];
  if (connection === undefined || connection.socket < 0) return false;
  shutdown(world, HOOKS, connection.socket);
  return true;
}

/** @returns false where nothing is open */
export function sendOnConnection(world: World, id: number, bytes: number): boolean {
  const connection = world.probe.connections[id];
  if (connection === undefined || connection.socket < 0) return false;
  return send(world, HOOKS, connection.socket, bytes);
}

/**
 * The server's side, found by the client's address and port, closes. @returns false where it has no socket
 */
export function closeAccepted(world: World, client: Endpoint, how: 'fin' | 'rst'): boolean {
  const connection = responderAt(world, client);
  if (connection === undefined) return false;
  const { socket } = connection;
  connection.socket = -1;
  if (connection.status !== 'reset') connection.status = 'closed';
  if (socket < 0) return false;
  setOwner(world, socket, 0, -1);
  if (how === 'rst') abort(world, HOOKS, socket);
  else close(world, HOOKS, socket);
  return true;
}

export function shutdownAccepted(world: World, client: Endpoint): boolean {
  const connection = responderAt(world, client);
  if (connection === undefined || connection.socket < 0) return false;
  shutdown(world, HOOKS, connection.socket);
  return true;
}

export function sendFromAccepted(world: World, client: Endpoint, bytes: number): boolean {
  const connection = responderAt(world, client);
  if (connection === undefined || connection.socket < 0) return false;
  return send(world, HOOKS, connection.socket, bytes);
}

/**
 * Whether responders leave their side open when the client has closed: of one connection, or of all to come.
 * @returns false where the client has no connection
 */
export function setHold(world: World, client: Endpoint | undefined, hold: boolean): boolean {
  if (client === undefined) {
    world.probe.hold = hold;
    return true;
  }
  const connection = responderAt(world, client);
  if (connection === undefined) return false;
  connection.hold = hold;
  return true;
}

/**
 * A test program on a port: TCP accepts at once, reads everything, answers nothing and closes on the
 * client's FIN;
 * UDP echoes. @returns false where the port is taken
 */
export function listenResponder(
  world: World,
  hostName: string,
  protocol: 'tcp' | 'udp',
  port: number,
): boolean {
  const host = world.net.hostByName.get(hostName)!;
  const listener =
    protocol === 'tcp'
      ? listenTcpResponder(world, host, port)
      : bindUdp(world, host.id, port, OWNER_PROBE_SERVER);
  if (listener < 0) return false;
  world.probe.responders.push({ host: hostName, protocol, port, listener });
  return true;
}

function listenTcpResponder(world: World, host: Host, port: number): number {
  const options = { port, backlog: RESPONDER_BACKLOG, autoAccept: true, app: OWNER_PROBE_SERVER };
  const listener = listen(world, host, options);
  return typeof listener === 'string' ? -1 : listener.id;
}

/** Its listening socket closes: the host refuses from now on; what was accepted lives. */
export function unlistenResponder(
  world: World,
  hostName: string,
  protocol: 'tcp' | 'udp',
  port: number,
): boolean {
  const { responders } = world.probe;
  const at = responders.findIndex((r) => r.host === hostName && r.protocol === protocol && r.port === port);
  const responder = responders[at];
  if (responder === undefined) return false;
  responders.splice(at, 1);
  if (protocol === 'tcp') closeListener(world, responder.listener);
  else closeUdp(world, responder.listener);
  return true;
}

/** UDP responders hear and do not answer. */
export function setUdpSilent(world: World, silent: boolean): void {
  world.probe.udpSilent = silent;
}

/**
 * A UDP socket by hand, connected where `to` is given (then ICMP errors come to it).
 * @returns its id, -1 where the port is taken or there is no route
 */
export function openDatagramSocket(world: World, hostName: string, source: Endpoint, to?: Endpoint): number {
  const host = world.net.hostByName.get(hostName)!;
  const id = world.probe.datagramSockets.length;
  const socket = udpOpen(world, host, {
    source: source.address,
    sourcePort: source.port,
    ...(to === undefined ? {} : { destination: to.address, destinationPort: to.port }),
    app: OWNER_PROBE_CLIENT,
    appData: id,
  });
  if (typeof socket !== 'number') return -1;
  const sourcePort = world.net.sockets.localPort[socket]!;
  const opened: ProbeDatagramSocket = {
    host: host.id,
    socket,
    source: source.address,
    sourcePort,
    errors: [],
    received: [],
  };
  world.probe.datagramSockets.push(opened);
  return id;
}

export function datagramSocketOf(world: World, id: number): Readonly<ProbeDatagramSocket> | undefined {
  return world.probe.datagramSockets[id];
}

export function sendDatagramBy(
  world: World,
  id: number,
  to: Endpoint,
  bytes: number,
  pathMtuDiscovery: NonNullable<UdpDestination['pathMtuDiscovery']> = 'want',
): UdpSendResult {
  const opened = world.probe.datagramSockets[id];
  if (opened === undefined) return 'no-route';
  return udpSend(world, HOOKS, opened.socket, bytes, {
    destination: to.address,
    destinationPort: to.port,
    pathMtuDiscovery,
  });
}

export function closeDatagramSocket(world: World, id: number): void {
  const opened = world.probe.datagramSockets[id];
  if (opened !== undefined) closeUdp(world, opened.socket);
}
