import type { Ipv4 } from '@lvscope/inet';
import {
  addDestination,
  addService,
  deleteDestination,
  type DestinationSettings,
  editDestination,
  findDestination,
  findService,
  type Ipvs,
  type ServiceKey,
  type ServiceSettings,
} from '@lvscope/ipvs';
import type { World } from '../world.ts';

/** A server of a pool, as a checking daemon sees it. */
export interface PoolServer {
  readonly address: Ipv4;
  readonly port: number;
  readonly settings: DestinationSettings;
}

/** A virtual service that a daemon keeps. */
export interface Pool {
  readonly key: ServiceKey;
  readonly settings: ServiceSettings;
}

/** `ipvsadm -A`; one that is there stays as it is. */
export function makeService(world: World, ipvs: Ipvs, pool: Pool): void {
  if (findService(ipvs, pool.key) === undefined)
    addService(ipvs, world.sim, { key: pool.key, ...pool.settings });
}

/** `ipvsadm -a`, or -e where the server is there. */
export function putServer(world: World, ipvs: Ipvs, pool: Pool, server: PoolServer, weight: number): void {
  const service = findService(ipvs, pool.key);
  if (service === undefined) return;
  const there = findDestination(service, server);
  const change = there === undefined ? addDestination : editDestination;
  change(ipvs, world.sim, pool.key, server, { ...server.settings, weight });
}

/** `ipvsadm -d` */
export function takeServer(world: World, ipvs: Ipvs, pool: Pool, server: PoolServer): void {
  deleteDestination(ipvs, world.sim, pool.key, server);
}

/** Whether the server is in its service. */
export function isThere(ipvs: Ipvs, pool: Pool, server: PoolServer): boolean {
  const service = findService(ipvs, pool.key);
  return service !== undefined && findDestination(service, server) !== undefined;
}
