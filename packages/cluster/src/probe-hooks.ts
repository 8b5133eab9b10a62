import type { CloseReason, PacketId, SocketId } from '@lvscope/net';
import { ipv4 } from '@lvscope/inet';
import { readPacket } from '@lvscope/net';
import type { ResponderConnection, Sighting } from './probe-state.ts';
import { closeSocket, OWNER_MASK, OWNER_PROBE_SERVER, answerFrom, setOwner } from './transport.ts';
import type { World } from './world.ts';

/** Who is at the other end of a responder's connection. */
export function peerKey(address: number, port: number): number {
  return address * 65536 + port;
}

export function probeConnected(world: World, id: number): void {
  world.probe.connections[id]!.status = 'connected';
}

export function probeReceived(world: World, id: number, bytes: number): void {
  world.probe.connections[id]!.received += bytes;
}

/** A probe closes at once when it reads the server's FIN. */
export function probeRemoteClosed(world: World, id: number): void {
  const connection = world.probe.connections[id]!;
  connection.status = 'eof';
  const socket = connection.socket;
  connection.socket = -1;
  closeSocket(world, socket, true);
}

export function probeClosed(world: World, id: number, reason: CloseReason): void {
  const connection = world.probe.connections[id]!;
  const before = connection.status;
  connection.socket = -1;
  if (before === 'closed' || before === 'eof') return;
  if (reason === 'refused' || reason === 'unreachable' || reason === 'timeout') connection.status = reason;
  else if (reason === 'reset') connection.status = before === 'connecting' ? 'refused' : 'reset';
  else connection.status = 'closed';
}

export function probeAccepted(world: World, socket: SocketId): void {
  const { probe, net } = world;
  const s = net.sockets;
  const connection: ResponderConnection = {
    host: net.hosts[s.host[socket]!]!.name,
    socket,
    client: ipv4(s.remoteAddress[socket]!),
    clientPort: s.remotePort[socket]!,
    address: ipv4(s.localAddress[socket]!),
    port: s.localPort[socket]!,
    received: 0,
    hold: probe.hold,
    status: 'open',
  };
  const id = probe.accepted.push(connection) - 1;
  const key = peerKey(connection.client, connection.clientPort);
  const earlier = probe.byPeer.get(key);
  if (earlier !== undefined && !probe.dialled.has(key)) letGo(world, earlier);
  probe.byPeer.set(key, id);
  setOwner(world, socket, OWNER_PROBE_SERVER, id);
}

/**
 * The test program keeps one connection for an address and port. One that a new connection replaces is held
 * no longer: its side closes as soon as the client's FIN has been read, at once where it has been.
 */
function letGo(world: World, id: number): void {
  const connection = world.probe.accepted[id]!;
  connection.hold = false;
  if (connection.status === 'eof') closeResponder(world, connection);
}

function closeResponder(world: World, connection: ResponderConnection): void {
  const { socket } = connection;
  connection.socket = -1;
  connection.status = 'closed';
  if (socket >= 0) closeSocket(world, socket, true);
}

export function responderReceived(world: World, id: number, bytes: number): void {
  world.probe.accepted[id]!.received += bytes;
}

export function responderRemoteClosed(world: World, id: number): void {
  const connection = world.probe.accepted[id]!;
  connection.status = 'eof';
  if (!connection.hold) closeResponder(world, connection);
}

/** Once it has read the end, the program no longer listens to the socket: it does not hear of a reset. */
export function responderClosed(world: World, id: number, reason: CloseReason): void {
  const connection = world.probe.accepted[id]!;
  connection.socket = -1;
  if (connection.status === 'open') connection.status = reason === 'reset' ? 'reset' : 'closed';
}

export function probeDatagram(world: World, socket: SocketId, packet: PacketId): void {
  const { net, probe } = world;
  const { bytes, ...ends } = readPacket(net.packets, packet);
  const host = net.sockets.host[socket]!;
  const sighting: Sighting = {
    at: world.sim.now,
    host: net.hosts[host]!.name,
    source: ends.from,
    sourcePort: ends.fromPort,
    destination: ends.to,
    destinationPort: ends.toPort,
    bytes,
  };
  if ((net.sockets.app[socket]! & OWNER_MASK) !== OWNER_PROBE_SERVER) {
    probe.datagramSockets[net.sockets.appData[socket]!]!.received.push(sighting);
    return;
  }
  probe.heard.push(sighting);
  if (probe.udpSilent) return;
  answerFrom(world, { socket, ...ends }, bytes);
}

export function probeDatagramError(world: World, id: number, type: number, code: number): void {
  world.probe.datagramSockets[id]!.errors.push(type * 256 + code);
}
