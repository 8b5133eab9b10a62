import { hostNamed, type World } from '@lvscope/cluster';
import type { HostCondition } from './api.ts';

/** What of a host can be broken or put right, as it is now; undefined where there is no such host. */
export function conditionOf(world: World, name: string): HostCondition | undefined {
  const host = hostNamed(world, name);
  if (host === undefined) return undefined;
  const here = world.servers.filter((server) => server.hostName === name);
  return {
    host: name,
    power: host.power,
    interfaces: host.interfaces
      .filter((nic) => nic.segment >= 0)
      .map((nic) => ({ name: nic.name, up: nic.up, network: world.net.segments[nic.segment]?.name ?? '' })),
    services: [...new Set(here.map((server) => server.name))].map((service) => ({
      name: service,
      state: here.find((server) => server.name === service)?.state ?? 'stopped',
    })),
  };
}
