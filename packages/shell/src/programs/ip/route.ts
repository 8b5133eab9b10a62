import {
  addRoute,
  deleteRoute,
  exceptionFor,
  forgetExceptions,
  lookupRoute,
  sourceFor,
} from '@lvscope/cluster';
import type {
  CommandResult,
  Host,
  Network,
  Route,
  RouteException,
  RouteResult,
  World,
} from '@lvscope/cluster';
import { formatIpv4, inPrefix } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { networkOf } from '@lvscope/syntax';
import type { IpCommand, IpRoute } from '@lvscope/syntax';
import { DONE, said } from '../../program.ts';
import type { RouteQuery } from '../../text/ip-routes.ts';
import { mainRoutes, unreachableText } from '../../text/ip-routes.ts';
import { extended, netlink, noDevice } from './answers.ts';

type Change = Extract<IpCommand, { readonly route: IpRoute }>;

export function changeRoute(net: Network, host: Host, { kind, route }: Change): CommandResult {
  switch (kind) {
    case 'route-add':
    case 'route-append':
      return answer(addRoute(net, host, routeOf(route)), route);
    case 'route-del':
      return answer(deleteRoute(net, host, found(host, route) ?? routeOf(route)), route);
    case 'route-change':
    case 'route-replace': {
      const { destination } = route;
      // of another type, too, as long as it is in the same table
      const type = route.type === 'local' ? 'local' : 'unicast';
      const old = found(host, { type, destination, via: undefined, dev: undefined, source: undefined });
      if (old === undefined && kind === 'route-change') return netlink('No such file or directory');
      if (old !== undefined) deleteRoute(net, host, old);
      const result = addRoute(net, host, routeOf(route));
      if (result !== 'ok' && old !== undefined) addRoute(net, host, old);
      return answer(result, route);
    }
  }
}

function answer(result: RouteResult, route: IpRoute): CommandResult {
  switch (result) {
    case 'ok':
      return DONE;
    case 'exists':
      return netlink('File exists');
    case 'no-such-route':
      return netlink('No such process');
    case 'no-such-device':
      return noDevice(route.dev ?? '');
    case 'gateway-unreachable':
      return extended('Nexthop has invalid gateway.');
  }
}

/** The route as the network keeps it: what was not said is absent. */
function routeOf(route: IpRoute): Route {
  const { address, prefixLength } = networkOf(route.destination);
  return {
    type: route.type,
    network: address,
    prefixLength,
    ...(route.via !== undefined && { via: route.via }),
    ...(route.dev !== undefined && { dev: route.dev }),
    ...(route.source !== undefined && { source: route.source }),
  };
}

/** The first of the host's routes that a deletion means: what is left out may be anything. */
function found(host: Host, route: IpRoute): Route | undefined {
  const wanted = routeOf(route);
  return host.routes.find(
    (one) =>
      // without a type one of any is meant
      (one.type === wanted.type || (wanted.type === 'unicast' && one.type !== 'local')) &&
      one.network === wanted.network &&
      one.prefixLength === wanted.prefixLength &&
      (wanted.via === undefined || one.via === wanted.via) &&
      (wanted.dev === undefined || one.dev === wanted.dev) &&
      (wanted.source === undefined || one.source === wanted.source),
  );
}

export function flushRoutes(net: Network, host: Host, { table, to, dev }: RouteQuery): CommandResult {
  if (table === 'cache') forgetExceptions(host);
  if (table !== 'main') return DONE;
  for (const route of mainRoutes(host)) {
    if (dev !== undefined && route.dev !== dev) continue;
    if (to !== undefined && !inPrefix(route.network, to.address, to.prefixLength)) continue;
    deleteRoute(net, host, route);
  }
  return DONE;
}

/** The line for an on-link or routed address is recorded, also what ICMP has taught about it. */
export function getRoute(world: World, host: Host, address: Ipv4): CommandResult {
  const text = formatIpv4(address);
  const prefix = host.routes.find(
    (one) => one.type === 'local' && inPrefix(address, one.network, one.prefixLength),
  );
  if (host.local.has(address) || address >>> 24 === 127 || prefix !== undefined) {
    const source = host.local.has(address) ? text : formatIpv4(prefix?.source ?? address);
    return said(`local ${text} dev lo src ${source} uid 0 \n    cache <local> \n`);
  }
  const route = lookupRoute(host, address);
  const source = sourceFor(host, address);
  if (route?.dev === undefined) return netlink(unreachableText(host, address));
  const learnt = exceptionFor(world, host, address);
  const gateway = learnt?.gateway || route.via;
  const via = gateway === undefined ? '' : ` via ${formatIpv4(gateway as Ipv4)}`;
  const from = source === undefined ? '' : ` src ${formatIpv4(source)}`;
  return said(`${text}${via} dev ${route.dev}${from} uid 0 \n    cache ${learntText(world, learnt)}\n`);
}

/** What a redirect or an ICMP "fragmentation needed" has left in the routing cache. */
function learntText(world: World, learnt: RouteException | undefined): string {
  if (learnt === undefined) return '';
  const redirected = learnt.gateway === 0 ? '' : '<redirected> ';
  const seconds = Math.floor((learnt.expiresAt - world.sim.now) / 1e9);
  return `${redirected}expires ${seconds}sec ${learnt.mtu === 0 ? '' : `mtu ${learnt.mtu} `}`;
}
