import { abort, listSockets, setHostPower } from '@lvscope/net';
import {
  abortSocket,
  bindUdp,
  closeListener,
  closeSocket,
  closeUdp,
  listenTcp,
  OWNER_SERVER,
  ownerCode,
} from '../transport.ts';
import { endProcessesOf } from '../processes/table.ts';
import { forgetVolatile } from '../boot.ts';
import { removeConnection } from '../server-table.ts';
import { cancelTimer } from '@lvscope/des';
import { HOOKS } from '../wiring.ts';
import { ACCEPTED, type Outcome, type Server, type World } from '../world.ts';
import { answerDatagram, takeDatagrams } from './datagram.ts';
import { lookAgain, serverOf, takeConnections, workerTimer } from './worker.ts';

export type ServiceAction = 'stop' | 'start' | 'hang' | 'continue';

function serversOf(world: World, host: string, name: string | undefined): number[] {
  const found: number[] = [];
  for (const [i, server] of world.servers.entries()) {
    if (server.hostName === host && (name === undefined || server.name === name)) found.push(i);
  }
  return found;
}

/**
 * What `systemctl stop httpd`, `systemctl start httpd`, `kill -STOP` and `kill -CONT` do to a server program.
 * A stopped one refuses, and the kernel closes its connections; a hung one (SIGSTOP) lets the kernel accept
 * until
 * the backlog is full, and answers nothing.
 */
export function setService(world: World, host: string, name: string, action: ServiceAction): Outcome {
  const found = serversOf(world, host, name);
  if (found.length === 0) return { ok: false, reason: `${host} has no service called ${name}` };
  for (const index of found) {
    const server = world.servers[index]!;
    if (action === 'stop') stop(world, index, server, closeSocket);
    else if (action === 'start') start(world, index, server);
    else if (action === 'hang' && server.state === 'running') server.state = 'hung';
    else if (action === 'continue' && server.state === 'hung') resume(world, index, server);
  }
  return ACCEPTED;
}

/**
 * Pulls a host's plug, or puts it back. Without power it is silent, and its programs and sockets are gone
 * when it
 * comes back; its server programs start again by themselves. What a boot does besides: `bootHost`.
 * @param spared the group of the command line that does it, which lives to see its end
 */
export function setPower(world: World, host: string, power: boolean, spared = 0): Outcome {
  const machine = world.net.hostByName.get(host);
  if (machine === undefined) return { ok: false, reason: `no host is called ${host}` };
  if (machine.power === power) return ACCEPTED;
  if (!power) endProcessesOf(world, host, spared);
  setHostPower(world.net, machine, power);
  if (!power) forgetVolatile(world, machine);
  for (const index of serversOf(world, host, undefined)) {
    if (power) start(world, index, world.servers[index]!);
    else stop(world, index, world.servers[index]!, abortSocket);
  }
  if (!power) for (const socket of listSockets(world.net, machine)) abort(world, HOOKS, socket);
  return ACCEPTED;
}

/** Opens the server's listening socket. */
export function start(world: World, index: number, server: Server): void {
  if (server.listener >= 0) return;
  server.state = 'running';
  const { spec } = server;
  server.listener =
    spec.protocol === 'tcp'
      ? listenTcp(world, server.host, spec.port, spec.backlog, ownerCode(OWNER_SERVER, index))
      : bindUdp(world, server.host, spec.port, ownerCode(OWNER_SERVER, index));
}

function stop(
  world: World,
  index: number,
  server: Server,
  end: (world: World, socket: number, graceful: boolean) => void,
): void {
  if (server.listener < 0) return;
  if (server.spec.protocol === 'tcp') closeListener(world, server.listener);
  else closeUdp(world, server.listener);
  server.listener = -1;
  server.state = 'stopped';
  server.waiting.length = 0;
  const table = world.connections;
  for (let slot = 0; slot < table.slots.length; slot++) {
    if (table.server[slot] !== index) continue;
    const socket = table.socket[slot]!;
    cancelTimer(world.sim, world.timers.server, slot);
    world.datagrams.delete(slot);
    removeConnection(table, slot);
    if (socket >= 0) end(world, socket, true);
  }
  server.workersBusy = 0;
}

/** A stopped process goes on: what waited for it happens now. */
function resume(world: World, index: number, server: Server): void {
  server.state = 'running';
  const table = world.connections;
  for (let slot = 0; slot < table.slots.length; slot++) {
    if (table.server[slot] !== index) continue;
    if (table.stalled[slot] === 1) {
      table.stalled[slot] = 0;
      serverTimer(world, slot);
    } else {
      lookAgain(world, slot);
    }
  }
  takeConnections(world, index);
  takeDatagrams(world, index);
}

/**
 * The server's timer of a connection or datagram. A process that is stopped does what is due when it goes
 * on.
 */
export function serverTimer(world: World, slot: number): void {
  const server = serverOf(world, slot);
  if (server.state === 'hung') world.connections.stalled[slot] = 1;
  else if (server.spec.protocol === 'udp') answerDatagram(world, slot);
  else workerTimer(world, slot);
}
