import {
  addAddress,
  addInterface,
  addRoute,
  deleteRoute,
  hostNamed,
  interfaceByName,
  lookupRoute,
  removeAddress,
  setArp,
  setInterfaceUp,
  setMac,
  sourceFor,
} from '@lvscope/cluster';
import type { AddressResult, CommandResult, Host, Network, Route, RouteResult } from '@lvscope/cluster';
import { formatIpv4 } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { networkOf, parseIp } from '@lvscope/syntax';
import type { IpCommand, IpRoute, LinkChange } from '@lvscope/syntax';
import { DONE, failed, said } from '../program.ts';
import type { Call } from '../program.ts';
import { showInterfaces, showRoutes } from '../text/ip-show.ts';

/** iproute2's ip: addr, link, route. */
export function ip(call: Call): CommandResult {
  const host = hostNamed(call.world, call.host);
  const read = parseIp(call.args);
  if (!read.ok || !host) {
    const problem = read.ok ? { found: call.host, wanted: 'a host' } : read.problem;
    return failed(1, `ip: ${problem.found} is not understood: wanted ${problem.wanted}`);
  }
  return carryOut(call.world.net, host, read.value);
}

const noDevice = (dev: string): CommandResult => failed(1, `Cannot find device "${dev}"`);
const netlink = (text: string): CommandResult => failed(2, `RTNETLINK answers: ${text}`);

function carryOut(net: Network, host: Host, command: IpCommand): CommandResult {
  switch (command.kind) {
    case 'addr-add':
    case 'addr-del': {
      const { address, prefixLength } = command.address;
      const { dev } = command;
      if (command.kind === 'addr-del') {
        return addressAnswer(removeAddress(net, host, dev, address, prefixLength), dev);
      }
      const scope = command.scope === 'host' || command.scope === 'link' ? command.scope : undefined;
      return addressAnswer(addAddress(net, host, dev, address, prefixLength, scope), dev);
    }
    case 'addr-show':
    case 'link-show': {
      const { dev } = command;
      if (dev !== undefined && !interfaceByName(host, dev))
        return failed(1, `Device "${dev}" does not exist.`);
      return said(showInterfaces(net, host, dev, command.kind === 'addr-show'));
    }
    case 'link-set':
      return setLink(net, host, command.dev, command.changes);
    case 'link-add':
      if (command.type !== 'dummy') return failed(2, 'Error: Unknown device type.');
      if (interfaceByName(host, command.name)) return netlink('File exists');
      addInterface(net, host, { name: command.name, up: false });
      return DONE;
    case 'route-add':
      return routeAnswer(addRoute(net, host, routeOf(command.route)), command.route);
    case 'route-del':
      return routeAnswer(deleteRoute(net, host, fillRoute(host, command.route)), command.route);
    case 'route-replace':
      return replaceRoute(net, host, command.route);
    case 'route-show':
      return said(showRoutes(host));
    case 'route-get':
      return getRoute(host, command.address);
  }
}

function addressAnswer(result: AddressResult, dev: string): CommandResult {
  switch (result) {
    case 'ok':
      return DONE;
    case 'no-such-device':
      return noDevice(dev);
    case 'exists':
      return netlink('File exists');
    case 'no-such-address':
      return netlink('Cannot assign requested address');
  }
}

function routeAnswer(result: RouteResult, route: IpRoute): CommandResult {
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
      return failed(2, 'Error: Nexthop has invalid gateway.');
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
function fillRoute(host: Host, route: IpRoute): Route {
  const wanted = routeOf(route);
  const found = host.routes.find(
    (one) =>
      one.type === wanted.type &&
      one.network === wanted.network &&
      one.prefixLength === wanted.prefixLength &&
      (wanted.via === undefined || one.via === wanted.via) &&
      (wanted.dev === undefined || one.dev === wanted.dev) &&
      (wanted.source === undefined || one.source === wanted.source),
  );
  return found ?? wanted;
}

function replaceRoute(net: Network, host: Host, route: IpRoute): CommandResult {
  const { type, destination } = route;
  const old = fillRoute(host, { type, destination, via: undefined, dev: undefined, source: undefined });
  const removed = deleteRoute(net, host, old) === 'ok';
  const result = addRoute(net, host, routeOf(route));
  if (result !== 'ok' && removed) addRoute(net, host, old);
  return routeAnswer(result, route);
}

function setLink(net: Network, host: Host, dev: string, changes: readonly LinkChange[]): CommandResult {
  const nic = interfaceByName(host, dev);
  if (!nic) return noDevice(dev);
  for (const change of changes) {
    if (change.kind === 'arp') setArp(net, nic, change.on);
    else if (change.kind === 'address') setMac(net, nic, change.mac);
    else if (change.kind === 'up' || change.kind === 'down')
      setInterfaceUp(net, host, dev, change.kind === 'up');
    else return failed(1, `ip: link set ${change.kind}: not part of this simulation`);
  }
  return DONE;
}

/** The line for an on-link or routed address is recorded; that for a local one is not. */
function getRoute(host: Host, address: Ipv4): CommandResult {
  const text = formatIpv4(address);
  if (host.local.has(address)) return said(`local ${text} dev lo src ${text} uid 0 \n    cache <local> \n`);
  const route = lookupRoute(host, address);
  const source = sourceFor(host, address);
  if (route?.dev === undefined) return netlink('Network is unreachable');
  const via = route.via === undefined ? '' : ` via ${formatIpv4(route.via)}`;
  const from = source === undefined ? '' : ` src ${formatIpv4(source)}`;
  return said(`${text}${via} dev ${route.dev}${from} uid 0 \n    cache \n`);
}
