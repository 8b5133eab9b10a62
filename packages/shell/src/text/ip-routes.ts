import { refusalOf } from '@lvscope/cluster';
import type { Host, Route } from '@lvscope/cluster';
import { formatIpv4, inPrefix, netmask } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { printIpRoute } from '@lvscope/syntax';
import type { Prefix } from '@lvscope/syntax';
import { addressesOf } from './ip-links.ts';

export interface RouteQuery {
  readonly table: 'main' | 'local' | 'cache';
  /** Only this very destination. */
  readonly to: Prefix | undefined;
  readonly dev: string | undefined;
}

/** The host's main table in the kernel's order: the default route first, then by network. */
export function mainRoutes(host: Host): Route[] {
  return host.routes
    .filter((route) => route.type !== 'local')
    .sort(
      (a, b) =>
        Number(a.prefixLength > 0) - Number(b.prefixLength > 0) ||
        a.network - b.network ||
        b.prefixLength - a.prefixLength,
    );
}

/** `ip route show`: each line ends in a blank, as the tool's do. */
export function showRoutes(host: Host, { table, to, dev }: RouteQuery): string {
  if (table === 'cache') return '';
  if (table === 'local') return localTable(host);
  return mainRoutes(host)
    .filter((route) => dev === undefined || route.dev === dev)
    .filter((route) => to === undefined || meant(route, to))
    .map((route) => `${showRoute(host, route, dev !== undefined)} \n`)
    .join('');
}

/** `ip route show PREFIX` means the routes of exactly this prefix, `match` aside. */
const meant = (route: Route, to: Prefix): boolean =>
  route.prefixLength === to.prefixLength && inPrefix(to.address, route.network, route.prefixLength);

function showRoute(host: Host, route: Route, withoutDevice: boolean): string {
  const text = printIpRoute({
    type: route.type,
    destination: { address: route.network, prefixLength: route.prefixLength },
    via: route.via,
    dev: withoutDevice ? undefined : route.dev,
    source: undefined,
  });
  if (route.type !== 'unicast') return text;
  const source = route.source === undefined ? '' : ` src ${formatIpv4(route.source)}`;
  if (route.via !== undefined) return text + source;
  return `${text}${isConnected(host, route) ? ' proto kernel' : ''} scope link${source}`;
}

/** Whether an address of the interface brought the route. */
function isConnected(host: Host, route: Route): boolean {
  const nic = host.interfaces.find(({ name }) => name === route.dev);
  return (
    nic?.addresses.some(
      ({ address, prefixLength }) =>
        prefixLength === route.prefixLength &&
        address === route.source &&
        (address & netmask(prefixLength)) >>> 0 === route.network,
    ) ?? false
  );
}

/** RTF_REJECT: /proc/net/route and net-tools mark it; other routes without a device have `*` for one. */
export const isRejecting = ({ type }: Route): boolean => type === 'unreachable' || type === 'prohibit';

/** An error of a system call: its number, and what the C library says of it. */
export interface SystemError {
  readonly code: number;
  readonly text: string;
}

/** Why nothing can be sent to an address to which there is no unicast route (fib_props). */
export function unreachableError(host: Host, destination: Ipv4): SystemError {
  switch (refusalOf(host, destination)) {
    case 'unreachable':
      return { code: 113, text: 'No route to host' };
    case 'blackhole':
      return { code: 22, text: 'Invalid argument' };
    case 'prohibit':
      return { code: 13, text: 'Permission denied' };
    case undefined:
      return { code: 101, text: 'Network is unreachable' };
  }
}

export const unreachableText = (host: Host, destination: Ipv4): string =>
  unreachableError(host, destination).text;

interface LocalEntry {
  readonly at: number;
  readonly text: string;
}

/** The local table: what the host answers for, by address, and `ip route add local`. */
function localTable(host: Host): string {
  const entries: LocalEntry[] = [];
  for (const nic of host.interfaces) {
    if (!nic.up) continue;
    for (const { address, prefixLength } of addressesOf(nic)) {
      const own = formatIpv4(address);
      const from = ` dev ${nic.name} proto kernel scope`;
      const mask = netmask(prefixLength);
      const network = (address & mask) >>> 0;
      if (nic.name === 'lo' && prefixLength < 32) {
        entries.push({
          at: network,
          text: `local ${formatIpv4(network as Ipv4)}/${prefixLength}${from} host src ${own}`,
        });
      }
      entries.push({ at: address, text: `local ${own}${from} host src ${own}` });
      if (prefixLength > 30) continue;
      const last = (network | ~mask) >>> 0;
      entries.push({ at: last, text: `broadcast ${formatIpv4(last as Ipv4)}${from} link src ${own}` });
    }
  }
  for (const route of host.routes) {
    // those of lo's addresses are listed with the address
    if (route.type !== 'local' || route.source !== undefined) continue;
    const destination = { address: route.network, prefixLength: route.prefixLength };
    const text = printIpRoute({
      type: 'local',
      destination,
      via: undefined,
      dev: route.dev ?? 'lo',
      source: undefined,
    });
    entries.push({ at: route.network, text: `${text} scope host` });
  }
  const texts = entries.sort((a, b) => a.at - b.at).map(({ text }) => `${text} \n`);
  return [...new Set(texts)].join('');
}
