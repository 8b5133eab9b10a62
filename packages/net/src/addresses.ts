import type { Ipv4 } from '@lvscope/inet';
import { inPrefix } from '@lvscope/inet';
import { interfaceByName } from './configuration.ts';
import { FOREIGN, forgetLocal, LOCAL, localSet, localSlot, setsOf, UNKNOWN } from './local-cache.ts';
import { forgetPaths } from './path-cache.ts';
import { addConnectedRoute, removeConnectedRoute } from './routes.ts';
import type { Host, Network } from './state.ts';

export type AddressResult = 'ok' | 'no-such-device' | 'exists' | 'no-such-address';

/** `ip addr add address/prefixLength dev …`; a prefix shorter than 32 brings its connected route. */
export function addAddress(
  net: Network,
  host: Host,
  dev: string,
  address: Ipv4,
  prefixLength: number,
  scope?: 'link' | 'host',
  label?: string,
): AddressResult {
  const nic = interfaceByName(host, dev);
  if (nic === undefined) return 'no-such-device';
  if (nic.addresses.some((a) => a.address === address && a.prefixLength === prefixLength)) return 'exists';
  nic.addresses.push({
    address,
    prefixLength,
    ...(scope !== undefined && { scope }),
    ...(label !== undefined && label !== dev && { label }),
  });
  host.local.set(address, (host.local.get(address) ?? 0) + 1);
  forgetLocal(host);
  if (nic.up) addConnectedRoute(host, nic, { address, prefixLength });
  forgetPaths(net);
  return 'ok';
}

/** `ip addr del …`. */
export function removeAddress(
  net: Network,
  host: Host,
  dev: string,
  address: Ipv4,
  prefixLength: number,
): AddressResult {
  const nic = interfaceByName(host, dev);
  if (nic === undefined) return 'no-such-device';
  const at = nic.addresses.findIndex((a) => a.address === address && a.prefixLength === prefixLength);
  if (at < 0) return 'no-such-address';
  nic.addresses.splice(at, 1);
  const left = (host.local.get(address) ?? 1) - 1;
  if (left > 0) host.local.set(address, left);
  else host.local.delete(address);
  forgetLocal(host);
  removeConnectedRoute(host, nic, { address, prefixLength });
  forgetPaths(net);
  return 'ok';
}

/**
 * Whether a packet to this address is the host's own: its addresses, 127/8, and `ip route add local …`
 * prefixes.
 * @param address also as int32
 */
export function isLocal(host: Host, address: Ipv4 | number): boolean {
  if (((host.localSets >>> localSet(address)) & 1) === 0 && address >>> 24 !== 127) return false;
  return isInCache(host, address);
}

function isInCache(host: Host, address: Ipv4 | number): boolean {
  const cache = host.localCache;
  const slot = localSlot(address);
  const verdict = cache[slot | 1]!;
  if (cache[slot] !== (address | 0) || verdict === UNKNOWN) return findOut(host, address >>> 0);
  return verdict === LOCAL;
}

function findOut(host: Host, address: number): boolean {
  if (host.localSets === -1) host.localSets = setsOf(host);
  const local = looksLocal(host, address);
  const slot = localSlot(address);
  host.localCache[slot] = address;
  host.localCache[slot | 1] = local ? LOCAL : FOREIGN;
  return local;
}

function looksLocal(host: Host, address: Ipv4 | number): boolean {
  if (host.local.has(address)) return true;
  if (address >>> 24 === 127) return true;
  for (const route of host.routes) {
    if (route.type === 'local' && inPrefix(address as Ipv4, route.network, route.prefixLength)) return true;
  }
  return false;
}

/** A gratuitous ARP: from now on this host is the one that its segments believe to have the address. */
export function announce(net: Network, host: Host, address: Ipv4): void {
  for (const nic of host.interfaces) {
    if (nic.segment >= 0 && nic.up) net.segments[nic.segment]!.announced.set(address, host.id);
  }
  forgetPaths(net);
}
