import { PROTO_TCP } from '@lvscope/inet';
import { knowsConnection, type ServiceKey, services } from '@lvscope/ipvs';
import { createHistory, type History, historyAt } from './history.ts';
import type { World } from './world.ts';

/** Connections of one virtual address and port that came to a real server past every director. */
export interface Bypass {
  /** Since the start. */
  connections: number;
  readonly history: History;
}

const bypassKey = (address: number, port: number): string => `${address}:${port}`;

/** The port of the virtual service of this address: the port itself, 0 = one of all ports, -1 = none. */
function virtualPort(world: World, address: number, port: number): number {
  for (const { ipvs } of world.directors) {
    for (const { key } of services(ipvs)) {
      if (key.kind !== 'address' || key.protocol !== PROTO_TCP || key.address !== address) continue;
      if (key.port === port || key.port === 0) return key.port;
    }
  }
  return -1;
}

/**
 * A real server has accepted a TCP connection. If it was made to a virtual service and no director has it,
 * the client’s frames came straight to the server: whoever sent them takes the server’s MAC for the VIP’s.
 * Connection level has no ARP, so nothing can go past a director there; services by firewall mark have no
 * address to be recognised by.
 */
export function noteAccepted(world: World, socket: number): void {
  if (world.net.link === undefined) return;
  const { localAddress, localPort, remoteAddress, remotePort } = world.net.sockets;
  const virtual = { address: localAddress[socket]!, port: localPort[socket]! };
  const client = { address: remoteAddress[socket]!, port: remotePort[socket]! };
  if (world.directors.some(({ ipvs }) => knowsConnection(ipvs, PROTO_TCP, client, virtual))) return;
  const port = virtualPort(world, virtual.address, virtual.port);
  if (port < 0) return;
  const key = bypassKey(virtual.address, port);
  let bypass = world.observation.bypasses.get(key);
  if (bypass === undefined) {
    bypass = { connections: 0, history: createHistory(world.observation.second) };
    world.observation.bypasses.set(key, bypass);
  }
  bypass.connections++;
}

/** Once a second. */
export function sampleBypasses(world: World, second: number): void {
  for (const { connections, history } of world.observation.bypasses.values()) {
    history.values[second % history.values.length] = connections;
  }
}

/** Connections of a service past every director: since the start, and since a second of the past. */
export function bypassesOf(world: World, key: ServiceKey, since: number): { all: number; fresh: number } {
  const { bypasses } = world.observation;
  const found = key.kind === 'address' ? bypasses.get(bypassKey(key.address, key.port)) : undefined;
  if (found === undefined) return { all: 0, fresh: 0 };
  return { all: found.connections, fresh: found.connections - historyAt(found.history, since) };
}
