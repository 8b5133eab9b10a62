import { inPrefix, ipv4, type Ipv4 } from '@lvscope/inet';
import { isLocal } from '../addresses.ts';
import { lookupRoute } from '../routes.ts';
import type { Host, InterfaceAddress, NetInterface, NetWorld } from '../state.ts';
import type { InterfaceConf } from './state.ts';

/**
 * Settings of which the larger of `all` and the interface's own counts (IN_DEV_MAXCONF); see ip-sysctl.rst.
 */
export function largerOf(world: NetWorld, nic: NetInterface, name: keyof InterfaceConf): number {
  const link = world.net.link!;
  return Math.max(link.hosts[nic.host]!.all[name], link.ports[nic.id]!.conf[name]);
}

/** RT_SCOPE_UNIVERSE 0, RT_SCOPE_LINK 253, RT_SCOPE_HOST 254. */
const SCOPE_LINK = 253;
const SCOPE_HOST = 254;

function scopeOf(a: InterfaceAddress): number {
  if (a.scope === 'host') return SCOPE_HOST;
  return a.scope === 'link' ? SCOPE_LINK : 0;
}

/**
 * Whether arp_ignore forbids an answer for `target` to `sender` (net/ipv4/arp.c, arp_ignore;
 * net/ipv4/devinet.c, confirm_addr_indev).
 */
export function ignoresArp(
  world: NetWorld,
  host: Host,
  nic: NetInterface,
  sender: number,
  target: number,
): boolean {
  switch (largerOf(world, nic, 'arp_ignore')) {
    case 1:
      return !confirms(nic, 0, target, SCOPE_HOST);
    case 2:
      return !confirms(nic, sender, target, SCOPE_HOST);
    case 3:
      return !host.interfaces.some((any) => confirms(any, 0, target, SCOPE_LINK));
    case 8:
      return true;
    default:
      return false;
  }
}

function confirms(nic: NetInterface, sender: number, target: number, widest: number): boolean {
  let found = false;
  let same = false;
  for (const a of nic.addresses) {
    if (!found && a.address === target && Math.max(scopeOf(a), SCOPE_LINK) <= widest) {
      found = true;
      if (same) break;
    }
    if (!same) {
      const onNet = (who: number): boolean => inPrefix(ipv4(who), a.address, a.prefixLength);
      same = onNet(target) && (sender === 0 || onNet(sender));
      if (same && found) break;
    }
  }
  return same && found;
}

/**
 * arp_filter: the answer would leave by another interface than the one that was asked; by lo, where the
 * sender's network is the host's own.
 */
export function filtersArp(world: NetWorld, host: Host, nic: NetInterface, sender: number): boolean {
  const link = world.net.link!;
  const settings = link.ports[nic.id]!.conf.arp_filter !== 0 || link.hosts[host.id]!.all.arp_filter !== 0;
  return settings && (isLocal(host, sender) || lookupRoute(host, sender)?.dev !== nic.name);
}

/**
 * The address that an ARP request goes out with when nothing else decides: the interface's first primary
 * one whose network has the target, else its first one, else one of another interface (inet_select_addr
 * with RT_SCOPE_LINK). 0: none.
 */
export function selectAddress(host: Host, nic: NetInterface, target: number): number {
  let first = 0;
  for (const a of primaries(nic)) {
    if (inPrefix(ipv4(target), a.address, a.prefixLength)) return a.address;
    if (first === 0) first = a.address;
  }
  if (first !== 0) return first;
  for (const other of host.interfaces) {
    const primary = primaries(other).find((a) => a.scope === undefined && other.name !== 'lo');
    if (primary !== undefined) return primary.address;
  }
  return 0;
}

/** Addresses that are no host-scope ones and not secondary to an earlier one of the same network. */
function primaries(nic: NetInterface): InterfaceAddress[] {
  return nic.addresses.filter(
    (a, i) =>
      a.scope !== 'host' &&
      !nic.addresses
        .slice(0, i)
        .some((b) => b.prefixLength === a.prefixLength && inPrefix(a.address, b.address, b.prefixLength)),
  );
}

/** The `hidden` patch of 2.2 and 2.4: an address of a hidden interface is answered for on that one only. */
export function isHidden(world: NetWorld, host: Host, nic: NetInterface, target: number): boolean {
  const link = world.net.link!;
  if (link.hosts[host.id]!.all.hidden === 0) return false;
  return host.interfaces.some(
    (other) =>
      other !== nic &&
      link.ports[other.id]!.conf.hidden !== 0 &&
      other.addresses.some(({ address }) => address === target),
  );
}

/**
 * The source of an ARP request of `host` for `target`, by arp_announce (net/ipv4/arp.c, arp_solicit).
 * @param waiting source address of the packet that waits for the answer; 0 = no packet
 */
export function announcedSource(
  world: NetWorld,
  host: Host,
  nic: NetInterface,
  target: number,
  waiting: number,
): number {
  if (waiting !== 0 && isLocal(host, waiting) && !isHidden(world, host, nic, waiting)) {
    const level = largerOf(world, nic, 'arp_announce');
    if (level === 0 || (level === 1 && onLink(nic, target, waiting))) return waiting;
  }
  return selectAddress(host, nic, target);
}

/** Whether one network of the interface has both (inet_addr_onlink). */
function onLink(nic: NetInterface, a: number, b: number): boolean {
  return nic.addresses.some(
    (own) =>
      inPrefix(a as Ipv4, own.address, own.prefixLength) &&
      inPrefix(b as Ipv4, own.address, own.prefixLength),
  );
}

/**
 * Without rp_filter the kernel looks at the host's addresses alone, unless somebody has added local routes
 * (fib_has_custom_local_routes); those that the addresses of lo bring do not count.
 */
function isOwn(host: Host, source: number): boolean {
  if (host.local.has(source) || source >>> 24 === 127) return true;
  return host.routes.some((route) => route.type === 'local' && route.source === undefined);
}

/**
 * Whether the source of what came in is believed (fib_validate_source): not one of the host's own, and with
 * rp_filter 1 the way back must be the way it came, with 2 there must be one.
 */
export function sourceTrouble(
  world: NetWorld,
  host: Host,
  nic: NetInterface,
  source: number,
): 'martian-source' | 'rp-filter' | undefined {
  const link = world.net.link!;
  const { all } = link.hosts[host.id]!;
  const { conf } = link.ports[nic.id]!;
  const filter = Math.max(all.rp_filter, conf.rp_filter);
  const local = isLocal(host, source) && (filter !== 0 || isOwn(host, source));
  if (local && all.accept_local === 0 && conf.accept_local === 0) return 'martian-source';
  if (filter === 0 || local) return undefined;
  const back = lookupRoute(host, source);
  if (back === undefined || (filter === 1 && back.dev !== nic.name)) return 'rp-filter';
  return undefined;
}
