import { forgetPlain } from './link/wires.ts';
import { lookupRoute } from './routes.ts';
import type { Host, NetWorld } from './state.ts';

/** net.ipv4.route.mtu_expires, gc_timeout (which redirects live for) and min_pmtu. */
const MTU_EXPIRES_NS = 600e9;
const REDIRECT_EXPIRES_NS = 300e9;
const MIN_PMTU = 552;

/** What a host has learnt about the way to one destination (struct fib_nh_exception). */
export interface RouteException {
  /** The gateway that a redirect named; 0 = the route's own. */
  gateway: number;
  /** Path MTU, bytes; 0 = the interface's. */
  mtu: number;
  expiresAt: number;
}

/** What the host remembers about the way to an address, where that is still valid. */
export function exceptionFor(world: NetWorld, host: Host, destination: number): RouteException | undefined {
  if (host.exceptions.size === 0) return undefined;
  const known = host.exceptions.get(destination);
  return known === undefined || world.sim.now >= known.expiresAt ? undefined : known;
}

function remember(world: NetWorld, host: Host, destination: number, lifeNs: number): RouteException {
  let known = exceptionFor(world, host, destination);
  if (known === undefined) {
    known = { gateway: 0, mtu: 0, expiresAt: 0 };
    host.exceptions.set(destination, known);
    forgetPlain(world.net);
  }
  known.expiresAt = world.sim.now + lifeNs;
  return known;
}

/**
 * An ICMP "fragmentation needed" about a packet of the host's own (__ip_rt_update_pmtu): every connection to
 * that destination goes by it for ten minutes. It is renewed only in the second half of its life.
 */
export function learnMtu(world: NetWorld, host: Host, destination: number, mtu: number): void {
  const known = exceptionFor(world, host, destination);
  const learnt = Math.max(mtu, MIN_PMTU);
  if (known !== undefined && known.mtu !== 0) {
    if (known.mtu < learnt) return;
    const fresh = world.sim.now < known.expiresAt - MTU_EXPIRES_NS / 2;
    if (known.mtu === learnt && fresh) return;
  }
  remember(world, host, destination, MTU_EXPIRES_NS).mtu = learnt;
}

/** When the host learnt the path MTU that it goes by, ns; -1: it has learnt none. */
export function mtuLearntAt(world: NetWorld, host: Host, destination: number): number {
  const known = exceptionFor(world, host, destination);
  return known === undefined || known.mtu === 0 ? -1 : known.expiresAt - MTU_EXPIRES_NS;
}

/** A redirect that the host heeds: for five minutes packets for the destination go to that gateway. */
export function learnGateway(world: NetWorld, host: Host, destination: number, gateway: number): void {
  remember(world, host, destination, REDIRECT_EXPIRES_NS).gateway = gateway;
}

/** The gateway of packets for an address now; 0 where it is on the link, undefined without a route. */
export function gatewayFor(world: NetWorld, host: Host, destination: number): number | undefined {
  const route = lookupRoute(host, destination);
  if (route === undefined) return undefined;
  return exceptionFor(world, host, destination)?.gateway || (route.via ?? 0);
}

/** `ip route flush cache`: nothing that was learnt holds any longer. */
export function forgetExceptions(host: Host): void {
  host.routeChanges++;
  host.exceptions.clear();
}
