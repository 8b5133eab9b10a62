import { isLocal } from './addresses.ts';
import { isMulticast } from './groups.ts';
import { AT_HOST, FILTERED, FOREIGN, HERE, ONWARDS, TOWARDS, WAY, WIRE } from './link/wires.ts';
import { pathIndex } from './paths.ts';
import type { Host, NetHooks, NetInterface, Network } from './state.ts';

/** Whether what comes in at an interface needs no look at any of this: PLAIN. */
export function isPlain(net: Network, hooks: NetHooks, host: Host, nic: NetInterface): boolean {
  return (
    !net.mixedMtu &&
    (net.wires.words[nic.id << WIRE]! & FILTERED) === 0 &&
    host.packetCostNs === 0 &&
    host.taps.length === 0 &&
    host.mangle.length === 0 &&
    host.redirects.length === 0 &&
    host.filter === undefined &&
    hooks.prerouting === undefined
  );
}

/** For a plain interface: whether it may be the source of what comes in (martians); it is remembered. */
export function isForeign(net: Network, interfaceId: number, source: number): boolean {
  const { words } = net.wires;
  const w = interfaceId << WIRE;
  if (isLocal(net.hosts[words[w | AT_HOST]!]!, source)) return false;
  words[w | FOREIGN] = source;
  return true;
}

/** For a plain interface: the way of what comes in, which is remembered. */
export function findWay(net: Network, interfaceId: number, towards: number): number {
  const { words } = net.wires;
  const w = interfaceId << WIRE;
  const host = net.hosts[words[w | AT_HOST]!]!;
  const forwards =
    host.sysctl.ip_forward !== 0 &&
    host.role !== 'director' &&
    host.exceptions.size === 0 &&
    !isMulticast(towards);
  let way = HERE;
  if (!isLocal(host, towards)) way = forwards ? pathIndex(net, host, towards, towards) : ONWARDS;
  words[w | TOWARDS] = towards;
  words[w | WAY] = way;
  return way;
}
