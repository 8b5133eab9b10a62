import { addConnection, removeConnection } from '../server-table.ts';
import { answerFrom } from '../transport.ts';
import type { Datagram, World } from '../world.ts';
import { beginService, drawResponseBytes, serverOf } from './worker.ts';

/** A UDP request: an idle worker takes it, else it waits in the socket's buffer, as far as that goes. */
export function serveDatagram(world: World, index: number, datagram: Datagram): void {
  const server = world.servers[index]!;
  if (server.state === 'running' && server.workersBusy < server.spec.workers) take(world, index, datagram);
  else if (server.waiting.length < server.spec.backlog) server.waiting.push(datagram);
}

function take(world: World, index: number, datagram: Datagram): void {
  world.servers[index]!.workersBusy++;
  const slot = addConnection(world.connections, index, -1);
  world.datagrams.set(slot, datagram);
  beginService(world, slot);
}

/** The answer goes back from the address that was asked, as a name server's does. */
export function answerDatagram(world: World, slot: number): void {
  const server = serverOf(world, slot);
  const index = world.connections.server[slot]!;
  const datagram = world.datagrams.get(slot);
  world.datagrams.delete(slot);
  removeConnection(world.connections, slot);
  server.workersBusy--;
  server.requestsServed++;
  if (datagram !== undefined) answerFrom(world, datagram, drawResponseBytes(server));
  takeDatagrams(world, index);
}

/** What waited in the buffer, while there are workers for it. */
export function takeDatagrams(world: World, index: number): void {
  const server = world.servers[index]!;
  while (server.state === 'running' && server.workersBusy < server.spec.workers) {
    const datagram = server.waiting.shift();
    if (datagram === undefined) return;
    take(world, index, datagram);
  }
}
