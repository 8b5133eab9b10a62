import type { Ipv4 } from '@lvscope/inet';
import { type Ipvs, setLocalAddresses } from '@lvscope/ipvs';
import { broadcastsOf, type Host } from '@lvscope/net';
import { noteHolders } from './beliefs.ts';
import { noteMoves } from './ha/moves.ts';
import type { World } from './world.ts';

export function hostNamed(world: World, name: string): Host | undefined {
  return world.net.hostByName.get(name);
}

/** The IPVS of a host; undefined where the host is no director. */
export function ipvsOf(world: World, hostName: string): Ipvs | undefined {
  return world.directors.find((director) => director.name === hostName)?.ipvs;
}

/** After a command on a host: who holds which address now. */
export function noteAddresses(world: World, hostName: string): void {
  const host = hostNamed(world, hostName);
  if (host === undefined) return;
  for (const nic of host.interfaces) {
    if (nic.segment < 0) continue;
    for (const { address } of nic.addresses) {
      const holder = world.hostByAddress.get(address);
      if (holder === undefined || !world.net.hosts[holder]!.local.has(address)) {
        world.hostByAddress.set(address, host.id);
      }
    }
  }
  const ipvs = ipvsOf(world, hostName);
  if (ipvs !== undefined) {
    setLocalAddresses(ipvs, [...host.local.keys()] as Ipv4[], host.interfaces.flatMap(broadcastsOf));
  }
  noteHolders(world);
  noteMoves(world, host);
}
