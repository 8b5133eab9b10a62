import { lossOf } from './jitter.ts';
import type { Ipv4 } from '@lvscope/inet';
import { isLocal } from './addresses.ts';
import { NETWORK_BITS, networkSlot, PATH_ROW, pathSlot } from './path-cache.ts';
import { exceptionFor } from './route-exceptions.ts';
import { lookupRoute, sourceFor } from './routes.ts';
import { filtersForward } from './rules.ts';
import type { Host, NetInterface, Network, NetWorld, Path, PathCache, Segment } from './state.ts';

const MAX_HOPS = 32;

/**
 * How a packet for `destination` goes on from `host`, the first hop chosen by the route to `link` (the same
 * address, or the real server's when a director sends by direct routing). Routers without rules and taps
 * are passed through. Addresses may be int32: then none has to be put on the heap.
 */
export function findPath(world: NetWorld, host: Host, link: number, destination: number): Path {
  const path = world.net.pathCache.found[pathIndex(world.net, host, link | 0, destination | 0)]!;
  return host.exceptions.size === 0 ? path : pathByException(world, host, link, path);
}

/** The same where the host has been told of another gateway. */
function pathByException(world: NetWorld, host: Host, link: number, path: Path): Path {
  if (world.net.link === undefined || path.kind !== 'hops') return path;
  const gateway = exceptionFor(world, host, link >>> 0)?.gateway ?? 0;
  return gateway === 0 ? path : { ...path, nextHop: gateway as Ipv4, neighbour: undefined };
}

/** Bytes that a packet of the host's own may have: the interface's MTU, or what is known of the path. */
export function mtuTowards(world: NetWorld, host: Host, destination: number): number {
  return mtuOver(world, host, destination, findPath(world, host, destination, destination));
}

/** The same over the path that was found already. */
export function mtuOver(world: NetWorld, host: Host, destination: number, path: Path): number {
  const mtu = path.out[0]?.mtu ?? 65535;
  if (host.exceptions.size === 0) return mtu;
  const learnt = exceptionFor(world, host, destination >>> 0)?.mtu ?? 0;
  return learnt === 0 ? mtu : Math.min(learnt, mtu);
}

/**
 * Where in the cache's `found` the path of a host stands that knows no exceptions to its routes.
 * @param link int32, as is `destination`
 */
export function pathIndex(net: Network, host: Host, link: number, destination: number): number {
  const { networks } = net.pathCache;
  const network = link >> NETWORK_BITS;
  const n = networkSlot(host.id, network) * PATH_ROW;
  if (networks[n] === host.id + 1 && networks[n + 1] === network) return networks[n + 2]!;
  return indexOf(net, host, link, destination);
}

/** The address's network is not known to go one way. */
function indexOf(net: Network, host: Host, link: number, destination: number): number {
  const { rows } = net.pathCache;
  // At packet level a path is one hop, and where it ends decides nothing.
  const end = net.link === undefined ? destination : 0;
  const at = pathSlot(host.id, link, end) * PATH_ROW;
  if (rows[at] === host.id + 1 && rows[at + 1] === link && rows[at + 2] === end) return rows[at + 3]!;
  return otherIndex(net, host, link, destination, end, at);
}

/** Not where it was looked for first. */
function otherIndex(
  net: Network,
  host: Host,
  link: number,
  destination: number,
  end: number,
  at: number,
): number {
  const { rows } = net.pathCache;
  const other = at ^ PATH_ROW;
  if (rows[other] === host.id + 1 && rows[other + 1] === link && rows[other + 2] === end) {
    return rows[other + 3]!;
  }
  const index = workOut(net, host, link >>> 0, destination >>> 0);
  rows.copyWithin(other, at, at + PATH_ROW);
  rows[at] = host.id + 1;
  rows[at + 1] = link;
  rows[at + 2] = end;
  rows[at + 3] = index;
  return index;
}

/** Where in the cache's `found` the path stands. */
function workOut(net: Network, host: Host, link: number, destination: number): number {
  const { byRoute } = net.pathCache;
  const route = net.link === undefined || isLocal(host, link) ? undefined : lookupRoute(host, link);
  const gateway = route?.via === undefined ? undefined : route;
  const same = gateway && byRoute.get(gateway);
  const index = same ?? placeOf(net.pathCache, walk(net, host, link, destination));
  if (gateway !== undefined) {
    byRoute.set(gateway, index);
    keepNetwork(net, host, link, index);
  }
  return index;
}

/** The place of a path; one that is like it is there already, or it gets one. */
function placeOf({ found, known }: PathCache, path: Path): number {
  const hops = path.out.map((nic) => nic.id).join();
  const name = `${path.kind} ${path.stop} ${path.source} ${path.nextHop} ${hops}`;
  let index = known.get(name);
  if (index === undefined) {
    index = found.push(path) - 1;
    known.set(name, index);
  }
  return index;
}

/**
 * The address's whole network goes the same way, unless the host tells its addresses apart.
 * @param address of another host: so no local route that is wider than a network has any of it
 */
function keepNetwork(net: Network, host: Host, address: number, index: number): void {
  const network = (address | 0) >> NETWORK_BITS;
  for (const route of host.routes) {
    if (route.prefixLength > 32 - NETWORK_BITS && (route.network | 0) >> NETWORK_BITS === network) return;
  }
  for (const own of host.local.keys()) if ((own | 0) >> NETWORK_BITS === network) return;
  const { networks } = net.pathCache;
  const n = networkSlot(host.id, network) * PATH_ROW;
  networks[n] = host.id + 1;
  networks[n + 1] = network;
  networks[n + 2] = index;
}

function dead(
  kind: Path['kind'],
  out: readonly NetInterface[] = [],
  nextHop = 0,
  stop = -1,
  source = 0,
): Path {
  return {
    kind,
    out,
    segments: [],
    stop,
    delayNs: 0,
    shaped: false,
    source: source as Ipv4,
    nextHop: nextHop as Ipv4,
    neighbour: undefined,
  };
}

function walk(net: Network, from: Host, link: number, destination: number): Path {
  if (isLocal(from, link)) return dead('local', [], 0, from.interfaces[0]!.id, link);
  const source = sourceFor(from, link) ?? (0 as Ipv4);
  const out: NetInterface[] = [];
  const segments: Segment[] = [];
  let host = from;
  let target = link;
  let stop = -1;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const route = lookupRoute(host, target);
    const nic = route && host.interfaces.find((i) => i.name === route.dev);
    if (route === undefined || nic === undefined || nic.segment < 0) {
      if (hop === 0) return dead('no-route');
      break;
    }
    route.accessed = true;
    const segment = net.segments[nic.segment]!;
    if (hop > 0 && nic.mtu < out[hop - 1]!.mtu) break; // this router may have to refuse it
    const nextHop = route.via ?? target;
    if (net.link !== undefined) return oneHop(nic, segment, nextHop, source);
    const receiver = resolve(net, segment, nextHop, nic);
    if (receiver === undefined) {
      if (hop === 0) return dead('unresolved', [nic], nextHop, -1, source);
      break;
    }
    out.push(nic);
    segments.push(segment);
    stop = receiver.id;
    host = net.hosts[receiver.host]!;
    target = destination;
    // a frame that the receiver's device may not take is shown to it
    if (receiver.mtu < nic.mtu || !passesThrough(host) || isLocal(host, destination)) break;
  }
  let delayNs = 0;
  for (const segment of segments) delayNs += segment.delayNs;
  const shaped = segments.some((segment, i) => isShaped(segment, out[i]!));
  return {
    kind: 'hops',
    out,
    segments,
    stop,
    delayNs,
    shaped,
    source,
    nextHop: 0 as Ipv4,
    neighbour: undefined,
  };
}

/**
 * The path of a packet that takes the route to `link` and asks there for its own destination, as the route
 * names no next hop (rt_nexthop); with a gateway it is the same.
 */
export function astray(
  { net }: NetWorld,
  host: Host,
  path: Path,
  link: Ipv4 | number,
  destination: Ipv4 | number,
): Path {
  const nic = path.out[0];
  if (nic === undefined || lookupRoute(host, link)?.via !== undefined) return path;
  const segment = net.segments[nic.segment]!;
  if (net.link !== undefined) return oneHop(nic, segment, destination, path.source);
  const receiver = resolve(net, segment, destination, nic);
  if (receiver === undefined) return dead('unresolved', [nic], destination, -1, path.source);
  return { ...oneHop(nic, segment, 0, path.source), stop: receiver.id };
}

function isShaped(segment: Segment, nic: NetInterface): boolean {
  const impaired = nic.netemDelayNs > 0 || lossOf(segment, nic) > 0;
  return segment.bandwidthBitsPerSecond > 0 || segment.jitterNs > 0 || impaired;
}

/** Packet level goes hop by hop: who has the next one's address is its neighbour cache's to know. */
function oneHop(nic: NetInterface, segment: Segment, nextHop: Ipv4 | number, source: Ipv4): Path {
  const { delayNs } = segment;
  const shaped = isShaped(segment, nic);
  return {
    kind: 'hops',
    out: [nic],
    segments: [segment],
    stop: -1,
    delayNs,
    shaped,
    source,
    nextHop: nextHop as Ipv4,
    neighbour: undefined,
  };
}

function passesThrough(host: Host): boolean {
  return (
    host.role === 'router' &&
    host.sysctl.ip_forward !== 0 &&
    host.taps.length === 0 &&
    host.mangle.length === 0 &&
    !filtersForward(host) &&
    host.packetCostNs === 0
  );
}

/**
 * Who answers an ARP request for the address on the segment: the last to announce it, else the interface
 * that has it, else a host that has it elsewhere and whose arp_ignore lets it answer.
 */
export function resolve(
  net: Network,
  segment: Segment,
  address: number,
  asking: NetInterface,
): NetInterface | undefined {
  const announcer = segment.announced.get(address);
  let holder: NetInterface | undefined;
  let willing: NetInterface | undefined;
  for (const nic of segment.interfaces) {
    const host = net.hosts[nic.host]!;
    if (nic.host === asking.host || !nic.up || !host.power) continue;
    if (nic.addresses.some((a) => a.address === address)) {
      if (nic.host === announcer) return nic;
      holder ??= nic;
    } else if (host.sysctl.arp_ignore === 0 && isLocal(host, address)) {
      if (nic.host === announcer) willing = nic;
      willing ??= nic;
    }
  }
  return holder ?? willing;
}
