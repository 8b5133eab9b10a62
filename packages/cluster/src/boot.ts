import { forgetConnections } from '@lvscope/ipvs';
import { addAddress, type Host, removeAddress } from '@lvscope/net';
import type { MovingAddress } from './daemons/addresses.ts';
import { stopSync } from './sync.ts';
import type { World } from './world.ts';

/** The addresses that each host has when its set-up is through: what a boot gives it again, by host. */
export type BootAddresses = readonly (readonly MovingAddress[])[];

export function bootAddresses(world: World): MovingAddress[][] {
  return world.net.hosts.map(addressesOf);
}

const addressesOf = (host: Host): MovingAddress[] =>
  host.interfaces.flatMap(({ name, addresses }) =>
    addresses.map(({ address, prefixLength }) => ({ device: name, address, prefixLength })),
  );

const same = (a: MovingAddress, b: MovingAddress): boolean =>
  a.device === b.device && a.address === b.address && a.prefixLength === b.prefixLength;

/**
 * A host has lost its power: what daemons and people gave it is gone, addresses that moved to it, a
 * director's
 * connections and its sync daemons. Rules and settings stay, as boot scripts would load them again.
 */
export function forgetVolatile(world: World, host: Host): void {
  const wanted = world.boot[host.id] ?? [];
  const there = addressesOf(host);
  for (const { device, address, prefixLength } of there.filter((one) => !wanted.some((w) => same(w, one)))) {
    removeAddress(world.net, host, device, address, prefixLength);
  }
  for (const { device, address, prefixLength } of wanted.filter((one) => !there.some((t) => same(t, one)))) {
    addAddress(world.net, host, device, address, prefixLength);
  }
  const director = world.directors.find((one) => one.host === host.id);
  if (director === undefined) return;
  forgetConnections(director.ipvs, world.sim);
  for (const role of ['master', 'backup'] as const) stopSync(world, director.name, role);
}

/** Commands of a host's set-up that its init runs at every boot, because they start something. */
export function bootCommands(world: World, hostName: string): string[] {
  const setup = world.scenario.hosts.find(({ name }) => name === hostName)?.setup ?? [];
  return setup.filter((line) => /^(systemctl start|service \S+ start|ipvsadm --start-daemon)\b/.test(line));
}
