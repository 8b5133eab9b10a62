import { inPrefix, ipv4, netmask } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { forgetLocal } from './local-cache.ts';
import { forgetPaths } from './path-cache.ts';
import type { Host, InterfaceAddress, NetInterface, Network, Route } from './state.ts';

/** Types of routes that let nothing through and say so in ways of their own (fib_props). */
export type Refusal = 'unreachable' | 'blackhole' | 'prohibit';

export type RouteResult = 'ok' | 'exists' | 'no-such-route' | 'no-such-device' | 'gateway-unreachable';

function sameRoute(a: Route, b: Route): boolean {
  return (
    a.type === b.type &&
    a.network === b.network &&
    a.prefixLength === b.prefixLength &&
    (b.via === undefined || a.via === b.via) &&
    (b.dev === undefined || a.dev === b.dev)
  );
}

/**
 * `ip route add [local] network/prefixLength [via …] [dev …] [src …]`. A gateway must be on a connected
 * network.
 */
export function addRoute(net: Network, host: Host, wanted: Route): RouteResult {
  const network = ipv4(wanted.network & netmask(wanted.prefixLength));
  let route: Route = { ...wanted, network };
  if (route.type === 'unicast' && route.dev === undefined) {
    const towards = route.via === undefined ? undefined : lookupRoute(host, route.via);
    if (towards?.dev === undefined || towards.via !== undefined) return 'gateway-unreachable';
    route = { ...route, dev: towards.dev };
  }
  if (route.dev !== undefined && !host.interfaces.some((nic) => nic.name === route.dev))
    return 'no-such-device';
  if (
    host.routes.some(
      (r) =>
        (r.type === 'local') === (route.type === 'local') &&
        r.network === network &&
        r.prefixLength === route.prefixLength,
    )
  ) {
    return 'exists';
  }
  host.routes.push(route);
  forgetLocal(host);
  forgetPaths(net);
  return 'ok';
}

/** `ip route del …`: the first route that has all that is given. */
export function deleteRoute(net: Network, host: Host, wanted: Route): RouteResult {
  const exact = { ...wanted, network: ipv4(wanted.network & netmask(wanted.prefixLength)) };
  const at = host.routes.findIndex((r) => sameRoute(r, exact));
  if (at < 0) return 'no-such-route';
  const [gone] = host.routes.splice(at, 1);
  // one that no packet has taken goes unnoticed (fib_table_delete)
  forgetLocal(host, gone?.accessed === true);
  host.exceptions.clear();
  forgetPaths(net);
  return 'ok';
}

/** The unicast route with the longest prefix, where no other that lets nothing through has a longer one. */
export function lookupRoute(host: Host, destination: Ipv4 | number): Route | undefined {
  const best = longestRoute(host, destination);
  return best?.type === 'unicast' ? best : undefined;
}

/** By which type of route a packet is refused to which there is no unicast one; undefined: there is none. */
export function refusalOf(host: Host, destination: Ipv4 | number): Refusal | undefined {
  const type = longestRoute(host, destination)?.type;
  return type === 'unreachable' || type === 'blackhole' || type === 'prohibit' ? type : undefined;
}

/** Of the main table, whatever its type; of equals the first. */
function longestRoute(host: Host, destination: Ipv4 | number): Route | undefined {
  let best: Route | undefined;
  for (const route of host.routes) {
    if (route.type === 'local') continue;
    if (best !== undefined && route.prefixLength <= best.prefixLength) continue;
    if (inPrefix(destination as Ipv4, route.network, route.prefixLength)) best = route;
  }
  return best;
}

/**
 * The address that a packet from here to there starts out with when its sender has not bound one;
 * undefined: no route.
 */
export function sourceFor(host: Host, destination: Ipv4 | number): Ipv4 | undefined {
  const route = lookupRoute(host, destination);
  if (route === undefined) return undefined;
  if (route.source !== undefined) return route.source;
  const nic = host.interfaces.find((i) => i.name === route.dev);
  const next = route.via ?? (destination as Ipv4);
  const onLink = nic?.addresses.find((a) => inPrefix(next, a.address, a.prefixLength));
  return (onLink ?? nic?.addresses[0])?.address;
}

/**
 * What comes with an address: the route to its network; on lo the whole network is the host's own
 * (fib_add_ifaddr).
 */
export function addConnectedRoute(host: Host, nic: NetInterface, a: InterfaceAddress): void {
  const own = nic.name === 'lo' && a.address >>> 24 !== 127;
  if (a.prefixLength === 32 || (nic.segment < 0 && !own)) return;
  const type = own ? 'local' : 'unicast';
  const network = ipv4(a.address & netmask(a.prefixLength));
  const known = host.routes.some(
    (r) =>
      r.type === type && r.network === network && r.prefixLength === a.prefixLength && r.dev === nic.name,
  );
  if (known) return;
  host.routes.push({
    type,
    network,
    prefixLength: a.prefixLength,
    dev: nic.name,
    source: a.address,
  });
}

export function removeConnectedRoute(host: Host, nic: NetInterface, a: InterfaceAddress): void {
  const network = ipv4(a.address & netmask(a.prefixLength));
  const at = host.routes.findIndex(
    (r) =>
      r.via === undefined &&
      r.network === network &&
      r.prefixLength === a.prefixLength &&
      r.dev === nic.name &&
      r.source === a.address,
  );
  if (at >= 0) host.routes.splice(at, 1);
  addConnectedRoutes(host, nic);
}

export function addConnectedRoutes(host: Host, nic: NetInterface): void {
  if (!nic.up) return;
  for (const a of nic.addresses) addConnectedRoute(host, nic, a);
}

export function dropRoutesOf(host: Host, dev: string): void {
  host.routes = host.routes.filter((r) => r.type === 'local' || r.dev !== dev);
  host.exceptions.clear();
}
