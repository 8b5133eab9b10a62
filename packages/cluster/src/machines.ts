import type { Ipvs } from '@lvscope/ipvs';
import type { Host } from '@lvscope/net';
import type { World } from './world.ts';

export function hostNamed(world: World, name: string): Host | undefined {
  return world.net.hostByName.get(name);
}

/** The IPVS of a host; undefined where the host is no director. */
export function ipvsOf(world: World, hostName: string): Ipvs | undefined {
  return world.directors.find((director) => director.name === hostName)?.ipvs;
}
