import { TICK_NS } from '@lvscope/des';
import { inPrefix, type Ipv4 } from '@lvscope/inet';
import { isLocal } from '../addresses.ts';
import { icmpError } from '../icmp.ts';
import { ICMP_REDIRECT } from '../icmp-error.ts';
import { OUTER_SOURCE, PACKET, SOURCE, TTL } from '../packet-row.ts';
import { tunnelled } from '../packets.ts';
import { gatewayFor, learnGateway } from '../route-exceptions.ts';
import { lookupRoute } from '../routes.ts';
import type { Host, NetHooks, NetInterface, NetWorld, PacketId, Path } from '../state.ts';
import { createNeighbour, findNeighbour, solicit } from './neighbours.ts';
import { largerOf } from './settings.ts';

const REDIRECT_HOST = 1;

/** net.ipv4.route.redirect_load, redirect_number and redirect_silence at 250 ticks a second. */
const LOAD_TICKS = 5;
const MOST = 9;
const SILENCE_TICKS = LOAD_TICKS << (MOST + 1);

/**
 * A forwarding host that sends a packet back out of the interface it came in by tells its sender, where that
 * is a neighbour, the shorter way (net/ipv4/route.c, __mkroute_input and ip_rt_send_redirect): with
 * `send_redirects` of `all` or of the interface. Each redirect waits twice as long as the one before; after
 * nine that were ignored there is silence until the sender has been quiet for 20 s.
 */
export function maybeRedirect(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  nic: NetInterface,
  packet: PacketId,
  path: Path,
): void {
  const pool = world.net.packets;
  if (path.out[0] !== nic || pool.rows[(packet << PACKET) | TTL]! <= 1) return;
  if (largerOf(world, nic, 'send_redirects') === 0) return;
  const sender = tunnelled(pool, packet)
    ? pool.rows[(packet << PACKET) | OUTER_SOURCE]!
    : pool.rows[(packet << PACKET) | SOURCE]!;
  const back = lookupRoute(host, sender);
  if (back === undefined || back.dev !== nic.name || back.via !== undefined) return;
  const gateway = path.nextHop;
  if (!sharesMedium(world, nic) && !bothOn(nic, sender, gateway)) return;
  if (!allowed(world, host, sender)) return;
  // ip_forward has taken one off the TTL by now
  pool.rows[(packet << PACKET) | TTL] = pool.rows[(packet << PACKET) | TTL]! - 1;
  icmpError(world, hooks, host, packet, ICMP_REDIRECT, REDIRECT_HOST, 0, 0, gateway);
  pool.rows[(packet << PACKET) | TTL] = pool.rows[(packet << PACKET) | TTL]! + 1;
}

function allowed(world: NetWorld, host: Host, sender: number): boolean {
  const { redirects } = world.net.link!.hosts[host.id]!;
  const now = Math.floor(world.sim.now / TICK_NS);
  let peer = redirects.get(sender);
  if (peer === undefined) {
    peer = { sent: 0, last: now };
    redirects.set(sender, peer);
  }
  if (now > peer.last + SILENCE_TICKS) peer.sent = 0;
  if (peer.sent >= MOST) {
    peer.last = now;
    return false;
  }
  if (peer.sent > 0 && now <= peer.last + (LOAD_TICKS << peer.sent)) return false;
  peer.last = now;
  peer.sent++;
  return true;
}

const sharesMedium = (world: NetWorld, nic: NetInterface): boolean =>
  largerOf(world, nic, 'shared_media') !== 0;

/** Whether one network of the interface has both addresses (inet_addr_onlink). */
function bothOn(nic: NetInterface, a: number, b: number): boolean {
  return nic.addresses.some(
    (own) =>
      inPrefix(a as Ipv4, own.address, own.prefixLength) &&
      inPrefix(b as Ipv4, own.address, own.prefixLength),
  );
}

/**
 * A redirect about a packet of the host's own (__ip_do_redirect): heeded when it comes from the gateway in
 * use, when `accept_redirects` allows it (a host that forwards needs it on `all` and the interface, another
 * one on either) and when the new gateway's MAC is known; else that is asked for first.
 */
export function heedRedirect(
  world: NetWorld,
  host: Host,
  from: number,
  destination: number,
  gateway: number,
): void {
  const link = world.net.link;
  if (link === undefined || gatewayFor(world, host, destination) !== from || gateway === from) return;
  const route = lookupRoute(host, destination);
  const nic = host.interfaces.find(({ name }) => name === route?.dev);
  if (nic === undefined) return;
  const all = link.hosts[host.id]!.all.accept_redirects !== 0;
  const own = link.ports[nic.id]!.conf.accept_redirects !== 0;
  if (!(host.sysctl.ip_forward !== 0 ? all && own : all || own)) return;
  if (sharesMedium(world, nic)) {
    if (isLocal(host, gateway) || gateway === 0) return;
  } else {
    if (!bothOn(nic, gateway, from)) return;
    const known = host.routes.some(({ via, prefixLength }) => prefixLength === 0 && via === gateway);
    if (largerOf(world, nic, 'secure_redirects') !== 0 && !known) return;
  }
  const entry = findNeighbour(world, nic, gateway) ?? createNeighbour(world, nic, gateway);
  if (entry.state === 'NONE' || entry.state === 'FAILED' || entry.state === 'INCOMPLETE') {
    solicit(world, host, nic, entry);
    return;
  }
  learnGateway(world, host, destination, gateway);
}
