import { armTimer, cancelTimer, sample, type SimTime } from '@lvscope/des';
import {
  acceptFrom,
  closeSocket,
  keepAlive,
  OWNER_SERVER,
  sendBytes,
  setOwner,
  socketPeer,
} from '../transport.ts';
import { addConnection, READING, removeConnection, SERVING } from '../server-table.ts';
import { noteAccepted } from '../bypass.ts';
import { askerKey } from '../client-table.ts';
import type { Server, World } from '../world.ts';

/** Apache's `Timeout`: how long a worker waits for the request of a connection that says nothing. */
const READ_TIMEOUT_SECONDS = 60;

export function serverOf(world: World, slot: number): Server {
  return world.servers[world.connections.server[slot]!]!;
}

function arm(world: World, slot: number, seconds: number): void {
  armTimer(world.sim, world.timers.server, slot, (world.sim.now + Math.floor(seconds * 1e9)) as SimTime);
}

/**
 * Idle workers take connections from the accept queue, oldest first; each holds its worker until it is
 * closed.
 */
export function takeConnections(world: World, index: number): void {
  const server = world.servers[index]!;
  while (server.state === 'running' && server.listener >= 0 && server.workersBusy < server.spec.workers) {
    const socket = acceptFrom(world, server.listener);
    if (socket < 0) return;
  }
}

/** A connection has come into a worker's hands. */
export function connectionAccepted(world: World, index: number, socket: number): void {
  const server = world.servers[index]!;
  const table = world.connections;
  const slot = addConnection(table, index, socket);
  server.workersBusy++;
  server.connectionsAccepted++;
  noteAccepted(world, socket);
  setOwner(world, socket, OWNER_SERVER, slot);
  keepAlive(world, socket); // httpd sets SO_KEEPALIVE on what it accepts
  const peer = socketPeer(world, socket);
  const client = world.askers.get(askerKey(peer.address, peer.port)) ?? -1;
  table.client[slot] = client;
  if (client >= 0) table.generation[slot] = world.clients.generation[client]!;
  arm(world, slot, READ_TIMEOUT_SECONDS);
}

export function serverReceived(world: World, slot: number, bytes: number): void {
  const table = world.connections;
  table.received[slot] = table.received[slot]! + bytes;
  if (table.state[slot] === READING && serverOf(world, slot).state === 'running') serveIfAsked(world, slot);
}

/** The agent at the other end, -1 where it has gone on to another connection or is none of ours. */
function agentOf(world: World, slot: number): number {
  const { client, generation } = world.connections;
  const agent = client[slot]!;
  return agent >= 0 && world.clients.generation[agent] === generation[slot] ? agent : -1;
}

/**
 * A request is whole when all that the agent sent has come; of a stranger, whatever has come is one request.
 */
function serveIfAsked(world: World, slot: number): void {
  const table = world.connections;
  const agent = agentOf(world, slot);
  if (agent >= 0 && table.received[slot]! < world.clients.asked[agent]!) return;
  if (table.received[slot]! <= table.consumed[slot]!) return;
  table.consumed[slot] = table.received[slot]!;
  beginService(world, slot);
}

/** The worker's time for one request begins. */
export function beginService(world: World, slot: number): void {
  world.connections.state[slot] = SERVING;
  arm(world, slot, serviceSeconds(serverOf(world, slot)));
}

export function drawResponseBytes(server: Server): number {
  return Math.max(1, Math.floor(sample(server.streams.response, server.spec.responseBytes) + 0.5));
}

function serviceSeconds(server: Server): number {
  const ms = sample(server.streams.service, server.spec.serviceTimeMs);
  return Math.max(0, ms) / 1000;
}

/** The service is done, or the server's patience with an idle client is over. */
export function workerTimer(world: World, slot: number): void {
  if (world.connections.state[slot] === SERVING) answer(world, serverOf(world, slot), slot);
  else release(world, slot);
}

function answer(world: World, server: Server, slot: number): void {
  const table = world.connections;
  table.served[slot] = table.served[slot]! + 1;
  server.requestsServed++;
  const socket = table.socket[slot]!;
  if (socket < 0) {
    release(world, slot); // the client has reset it meanwhile; the work was for nothing
    return;
  }
  const bytes = drawResponseBytes(server);
  const agent = agentOf(world, slot);
  const keep = agent >= 0 && keepsAlive(world, server, slot, agent);
  if (agent >= 0) {
    world.clients.expected[agent] = world.clients.received[agent]! + bytes;
    world.clients.lastAnswer[agent] = keep ? 0 : 1;
  }
  table.state[slot] = READING;
  sendBytes(world, socket, bytes);
  if (table.server[slot]! < 0 || table.socket[slot] !== socket) return;
  if (keep) arm(world, slot, server.spec.keepAliveTimeoutSeconds);
  else release(world, slot);
}

function keepsAlive(world: World, server: Server, slot: number, agent: number): boolean {
  const { keepAlive, maxKeepAliveRequests } = server.spec;
  if (!keepAlive || world.connections.ended[slot] === 1) return false;
  if (!world.workloads[world.clients.workload[agent]!]!.keepAlive) return false;
  return maxKeepAliveRequests === 0 || world.connections.served[slot]! < maxKeepAliveRequests;
}

/** Closes the connection and frees its worker for the next in the queue. */
function release(world: World, slot: number): void {
  const table = world.connections;
  const index = table.server[slot]!;
  const socket = table.socket[slot]!;
  cancelTimer(world.sim, world.timers.server, slot);
  removeConnection(table, slot);
  world.servers[index]!.workersBusy--;
  if (socket >= 0) closeSocket(world, socket, true);
  takeConnections(world, index);
}

/** The client's FIN. A worker that only waits closes too; one at work answers first. */
export function serverPeerClosed(world: World, slot: number): void {
  const table = world.connections;
  table.ended[slot] = 1;
  if (serverOf(world, slot).state === 'running' && table.state[slot] === READING) release(world, slot);
}

/** The connection is gone. A worker at work finds out when it is done. */
export function serverSocketGone(world: World, slot: number): void {
  const table = world.connections;
  table.socket[slot] = -1;
  if (serverOf(world, slot).state === 'running' && table.state[slot] === READING) release(world, slot);
}

/**
 * A worker that waits looks again: a request may have come, or the client gone, while the process was
 * stopped.
 */
export function lookAgain(world: World, slot: number): void {
  const table = world.connections;
  if (table.state[slot] !== READING) return;
  if (table.ended[slot] === 1 || table.socket[slot]! < 0) release(world, slot);
  else serveIfAsked(world, slot);
}
