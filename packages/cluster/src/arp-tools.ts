import {
  arpByHand,
  type ArpPacket,
  askByHand,
  BROADCAST_MAC,
  deleteNeighbour as deleteIn,
  fixedCacheOf,
  flushNeighbours as flushIn,
  gratuitousArp,
  type Host,
  interfaceByName,
  macId,
  type NudState,
  replaceNeighbour as replaceIn,
  shortenFixedCache,
  sendEcho,
} from '@lvscope/net';
import type { Ipv4 } from '@lvscope/inet';
import { HOOKS } from './wiring.ts';
import type { World } from './world.ts';

function at(world: World, hostName: string): Host | undefined {
  return world.net.hostByName.get(hostName);
}

/**
 * One ARP request by hand (`arping`): who has `target`? @returns false where there is no such interface, or
 * at connection level
 */
export function askWho(
  world: World,
  hostName: string,
  device: string,
  target: Ipv4,
  options: { readonly source?: Ipv4; readonly mac?: number } = {},
): boolean {
  const host = at(world, hostName);
  const nic = host && interfaceByName(host, device);
  const { link } = world.net;
  if (host === undefined || nic === undefined || link === undefined) return false;
  askByHand(world, host, nic, target, options.source, macId(link, options.mac ?? BROADCAST_MAC));
  return true;
}

/** One gratuitous ARP (`arping -U`, `-A`), to all or to one MAC; false as for `askWho`. */
export function announceAddress(
  world: World,
  hostName: string,
  device: string,
  address: Ipv4,
  kind: 'request' | 'reply' = 'request',
  target: Ipv4 = address,
  mac: number = BROADCAST_MAC,
): boolean {
  const host = at(world, hostName);
  const nic = host && interfaceByName(host, device);
  const { link } = world.net;
  if (host === undefined || nic === undefined || link === undefined) return false;
  gratuitousArp(world, host, nic, address, kind, target, macId(link, mac));
  return true;
}

/** Seconds of a fixed cache's entries, on all interfaces of a host; undefined where its caches are Linux'. */
export function cacheLifetime(world: World, hostName: string): number | undefined {
  const nics = at(world, hostName)?.interfaces ?? [];
  return nics.map((nic) => fixedCacheOf(world.net, nic)?.lifetimeSeconds).find((one) => one !== undefined);
}

/**
 * `arp timeout` of a switch or router: entries that are older go at once. @returns false where it is
 * Linux
 */
export function setCacheLifetime(world: World, hostName: string, seconds: number): boolean {
  const host = at(world, hostName);
  if (host === undefined || cacheLifetime(world, hostName) === undefined) return false;
  for (const nic of host.interfaces) shortenFixedCache(world, nic, seconds);
  return true;
}

/** `ip neigh replace`; false where there is no such interface. */
export function replaceNeighbour(
  world: World,
  hostName: string,
  device: string,
  address: Ipv4,
  mac: number,
  state: NudState = 'PERMANENT',
): boolean {
  const host = at(world, hostName);
  return host !== undefined && replaceIn(world, HOOKS, host, device, address, mac, state);
}

/** `ip neigh del`; false where there is no such entry. */
export function deleteNeighbour(world: World, hostName: string, device: string, address: Ipv4): boolean {
  const host = at(world, hostName);
  return host !== undefined && deleteIn(world, host, device, address);
}

/** `ip neigh flush`. @returns how many entries */
export function flushNeighbours(world: World, hostName: string, device?: string, address?: Ipv4): number {
  const host = at(world, hostName);
  return host === undefined ? 0 : flushIn(world, host, device, address);
}

/**
 * One ARP frame with these fields out of an interface. @param destination the frame's, 48 bits
 * @returns false where there is no such interface, or at connection level
 */
export function sendArpFrame(
  world: World,
  hostName: string,
  device: string,
  packet: ArpPacket,
  destination: number = BROADCAST_MAC,
): boolean {
  const host = at(world, hostName);
  const nic = host && interfaceByName(host, device);
  if (host === undefined || nic === undefined || world.net.link === undefined) return false;
  arpByHand(world, host, nic, packet, destination);
  return true;
}

/** What is in an echo request beside where it goes. */
export interface Echo {
  readonly id: number;
  readonly number: number;
  /** Bytes of data, 56. */
  readonly bytes?: number;
  readonly source?: Ipv4;
  readonly ttl?: number;
  /** DF in its header, true. */
  readonly dontFragment?: boolean;
}

/** One ICMP echo request (`ping -c 1`). @returns false where there is no route */
export function ping(world: World, hostName: string, destination: Ipv4, echo: Echo): boolean {
  const host = at(world, hostName);
  return host !== undefined && sendEcho(world, HOOKS, host, destination, echo);
}
