import { parseMac } from '@lvscope/inet';
import {
  flush,
  forgetConnections,
  getSysctl,
  type Ipvs,
  IPVS_SYSCTLS,
  setSysctl,
  setTimeouts,
  zeroStats,
} from '@lvscope/ipvs';
import {
  forgetSettings,
  type Host,
  removeAddress,
  removeInterface,
  restoreInterface,
  setFixedCache,
} from '@lvscope/net';
import type { HostSpec } from '@lvscope/scenario';
import { connectHost } from './cabling.ts';
import { noteAddresses } from './machines.ts';
import { stopSync } from './sync.ts';
import type { World } from './world.ts';

/** IPVS' timeouts as the module comes: ESTABLISHED, FIN_WAIT and UDP, seconds. */
const TIMEOUTS = [900, 120, 300] as const;

/**
 * A host has lost its power: addresses that daemons, people and its set-up gave it are gone, a director's
 * connections and its sync daemons. What else does not outlive it goes when it boots.
 */
export function forgetVolatile(world: World, host: Host): void {
  forgetAddresses(world, host);
  connectAgain(world, host);
  const director = world.directors.find((one) => one.host === host.id);
  if (director === undefined) return;
  forgetConnections(director.ipvs, world.sim);
  for (const role of ['master', 'backup'] as const) stopSync(world, director.name, role);
}

/**
 * The kernel as it begins: what commands changed in it, those of the set-up among them, is gone; files stay.
 */
export function forgetTyped(world: World, host: Host): void {
  const { net } = world;
  const spec = specOf(world, host);
  forgetAddresses(world, host);
  forgetSettings(net, host);
  for (const key of world.sysctls.keys()) {
    if (key.startsWith(`${host.name} `)) world.sysctls.delete(key);
  }
  for (const nic of host.interfaces.slice()) {
    const wanted = spec.interfaces.find(({ name }) => name === nic.name);
    if (wanted === undefined && nic.name !== 'lo' && nic.name !== 'tunl0') {
      removeInterface(net, host, nic);
      continue;
    }
    const up = nic.name !== 'tunl0' || (wanted?.addresses.length ?? 0) > 0;
    restoreInterface(net, host, nic, { up, mac: parseMac(wanted?.mac ?? '') });
    if (nic.segment >= 0 && net.link !== undefined) setFixedCache(net, nic, spec.arpCache);
  }
  host.nextInterfaceIndex = host.interfaces.length + 1;
  connectAgain(world, host);
  const director = world.directors.find((one) => one.host === host.id);
  if (director !== undefined) emptyIpvs(world, director.ipvs);
}

const specOf = (world: World, host: Host): HostSpec => world.scenario.hosts[host.id]!;

function forgetAddresses(world: World, host: Host): void {
  for (const { name, addresses } of host.interfaces) {
    for (const { address, prefixLength } of addresses.slice()) {
      removeAddress(world.net, host, name, address, prefixLength);
    }
  }
}

/** Addresses and routes of the document, in which no faults were found. */
function connectAgain(world: World, host: Host): void {
  host.routes.length = 0;
  connectHost(world, specOf(world, host), host.id, []);
  noteAddresses(world, host.name);
}

/** As after `modprobe ip_vs`. */
function emptyIpvs({ sim }: World, ipvs: Ipvs): void {
  forgetConnections(ipvs, sim);
  flush(ipvs, sim);
  zeroStats(ipvs, undefined);
  setTimeouts(ipvs, ...TIMEOUTS);
  for (const { name, default: value } of IPVS_SYSCTLS) {
    if (getSysctl(ipvs, name) !== value) setSysctl(ipvs, sim, name, value);
  }
}
