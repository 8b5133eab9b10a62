import { packetRow, readPacket } from '@lvscope/net';
import type { CloseReason, DropReason, Host, Listener, NetHooks, PacketId, SocketId } from '@lvscope/net';
import { directorForward, directorLocalIn, directorLocalOut } from './director.ts';
import {
  probeAccepted,
  probeClosed,
  probeConnected,
  probeDatagram,
  probeDatagramError,
  probeReceived,
  probeRemoteClosed,
  responderClosed,
  responderReceived,
  responderRemoteClosed,
} from './probe-hooks.ts';
import { processDatagram, processPacket, processSocketClosed } from './processes/hooks.ts';
import { tell } from './processes/table.ts';
import { serveDatagram } from './server/datagram.ts';
import {
  connectionAccepted,
  serverPeerClosed,
  serverReceived,
  serverSocketGone,
  takeConnections,
} from './server/worker.ts';
import { syncDatagram } from './sync.ts';
import {
  OWNER_CLIENT,
  OWNER_MASK,
  OWNER_PROBE_CLIENT,
  OWNER_PROBE_SERVER,
  OWNER_PROCESS,
  OWNER_SERVER,
  OWNER_SYNC,
  ownerIndex,
} from './transport.ts';
import { HOOKS as TABLE } from './wiring.ts';
import {
  agentConnected,
  agentGaveUp,
  agentPeerClosed,
  agentReceived,
  agentReset,
  agentUnreachable,
} from './workload/agent.ts';
import type { World } from './world.ts';

function ownerOf(world: World, socket: SocketId): number {
  return world.net.sockets.app[socket]! & OWNER_MASK;
}

function slotOf(world: World, socket: SocketId): number {
  return world.net.sockets.appData[socket]!;
}

function accepted(world: World, socket: SocketId): void {
  const app = world.net.sockets.app[socket]!;
  if ((app & OWNER_MASK) === OWNER_SERVER) connectionAccepted(world, ownerIndex(app), socket);
  else if ((app & OWNER_MASK) === OWNER_PROBE_SERVER) probeAccepted(world, socket);
}

function waiting(world: World, listener: Listener): void {
  if ((listener.app & OWNER_MASK) === OWNER_SERVER) takeConnections(world, ownerIndex(listener.app));
}

function connected(world: World, socket: SocketId): void {
  const owner = ownerOf(world, socket);
  if (owner === OWNER_CLIENT) agentConnected(world, slotOf(world, socket));
  else if (owner === OWNER_PROBE_CLIENT) probeConnected(world, slotOf(world, socket));
  else if (owner === OWNER_PROCESS) tell(world, slotOf(world, socket), { kind: 'connected', socket });
}

function received(world: World, socket: SocketId, bytes: number): void {
  switch (ownerOf(world, socket)) {
    case OWNER_CLIENT:
      return agentReceived(world, slotOf(world, socket), bytes);
    case OWNER_SERVER:
      return serverReceived(world, slotOf(world, socket), bytes);
    case OWNER_PROBE_CLIENT:
      return probeReceived(world, slotOf(world, socket), bytes);
    case OWNER_PROBE_SERVER:
      return responderReceived(world, slotOf(world, socket), bytes);
    case OWNER_PROCESS:
      return tell(world, slotOf(world, socket), { kind: 'received', socket, bytes });
  }
}

function remoteClosed(world: World, socket: SocketId): void {
  switch (ownerOf(world, socket)) {
    case OWNER_CLIENT:
      return agentPeerClosed(world, slotOf(world, socket));
    case OWNER_SERVER:
      return serverPeerClosed(world, slotOf(world, socket));
    case OWNER_PROBE_CLIENT:
      return probeRemoteClosed(world, slotOf(world, socket));
    case OWNER_PROBE_SERVER:
      return responderRemoteClosed(world, slotOf(world, socket));
    case OWNER_PROCESS:
      return tell(world, slotOf(world, socket), { kind: 'remote-closed', socket });
  }
}

function closed(world: World, socket: SocketId, reason: CloseReason): void {
  const slot = slotOf(world, socket);
  switch (ownerOf(world, socket)) {
    case OWNER_CLIENT:
      return agentClosed(world, slot, reason);
    case OWNER_SERVER:
      return serverSocketGone(world, slot);
    case OWNER_PROBE_CLIENT:
      return probeClosed(world, slot, reason);
    case OWNER_PROBE_SERVER:
      return responderClosed(world, slot, reason);
    case OWNER_PROCESS:
      return processSocketClosed(world, slot, socket, reason);
  }
}

function agentClosed(world: World, slot: number, reason: CloseReason): void {
  switch (reason) {
    case 'refused':
    case 'reset':
    case 'closed':
      return agentReset(world, slot);
    case 'unreachable':
      return agentUnreachable(world, slot, false);
    case 'timeout':
      return agentGaveUp(world, slot);
  }
}

function datagram(world: World, _host: Host, socket: SocketId, packet: PacketId): void {
  const { net } = world;
  const app = net.sockets.app[socket]!;
  switch (app & OWNER_MASK) {
    case OWNER_CLIENT:
      return agentReceived(world, slotOf(world, socket), Math.max(1, readPacket(net.packets, packet).bytes));
    case OWNER_SERVER:
      return serveDatagram(world, ownerIndex(app), { socket, ...readPacket(net.packets, packet) });
    case OWNER_SYNC:
      return syncDatagram(world, ownerIndex(app), packet);
    case OWNER_PROBE_CLIENT:
    case OWNER_PROBE_SERVER:
      return probeDatagram(world, socket, packet);
    case OWNER_PROCESS:
      return processDatagram(world, slotOf(world, socket), socket, packet);
  }
}

function datagramError(world: World, socket: SocketId, type: number, code: number): void {
  const owner = ownerOf(world, socket);
  if (owner === OWNER_CLIENT) agentUnreachable(world, slotOf(world, socket), type === 3 && code === 3);
  else if (owner === OWNER_PROBE_CLIENT) probeDatagramError(world, slotOf(world, socket), type, code);
  else if (owner === OWNER_PROCESS) {
    tell(world, slotOf(world, socket), { kind: 'datagram-error', socket, type, code });
  }
}

function dropped(world: World, host: Host, packet: PacketId, reason: DropReason): void {
  const { drops } = world.observation;
  let counts = drops[host.id];
  if (counts === undefined) {
    counts = new Map();
    drops[host.id] = counts;
  }
  counts.set(
    reason,
    (counts.get(reason) ?? 0) + world.net.packets.rows[(packet << packetRow.PACKET) | packetRow.COUNT]!,
  );
}

/** What happens where, in the kernel's order. */
export const HOOKS: NetHooks<World> = Object.assign(TABLE, {
  localIn: directorLocalIn,
  forward: directorForward,
  localOut: directorLocalOut,
  accepted,
  waiting,
  connected,
  received,
  remoteClosed,
  closed,
  datagram,
  datagramError,
  message: processPacket,
  dropped,
});
