import { PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { schedule } from '@lvscope/des';
import { isLocal } from './addresses.ts';
import { dropPacket } from './drop.ts';
import { icmpError } from './icmp.ts';
import {
  ICMP_ADMIN_PROHIBITED,
  ICMP_FRAGMENTATION_NEEDED,
  ICMP_HOST_UNREACHABLE,
  ICMP_NET_UNREACHABLE,
  ICMP_TIME_EXCEEDED,
  ICMP_UNREACHABLE,
} from './icmp-error.ts';
import { OPTION_MAY_FRAGMENT, wireLength } from './link/fragments.ts';
import { waitForNeighbour } from './neighbour-queue.ts';
import { filterDrops, mixPacket } from './output.ts';
import {
  COUNT,
  DESTINATION,
  DESTINATION_PORT,
  ICMP,
  INNER_DESTINATION,
  INNER_DESTINATION_PORT,
  INNER_SOURCE,
  INNER_SOURCE_PORT,
  INNER_TTL,
  OPTIONS,
  OUTER_DESTINATION,
  OUTER_SOURCE,
  PACKET,
  PROTOCOL,
  SOURCE,
  SOURCE_PORT,
  TTL,
} from './packet-row.ts';
import { changePacket, freePacket, OPTION_DF, packetLength, routedTo, tunnelled } from './packets.ts';
import { astray, findPath } from './paths.ts';
import { type Refusal, refusalOf, sourceFor } from './routes.ts';
import type { Host, NetHooks, NetWorld, Network, PacketId, Path } from './state.ts';
import { slicePacket } from './trains.ts';
import { transmitOver } from './transmit.ts';

/**
 * 'sent' or 'local' (to the host's own stack): the packet is on its way; otherwise it has been answered and
 * dropped.
 */
export type SendResult = 'sent' | 'local' | 'no-route' | 'too-big' | 'ttl-exceeded' | 'filtered';

export interface SendTarget {
  readonly method: 'masq' | 'tunnel' | 'route';
  /** The server's address. */
  readonly address: Ipv4 | number;
  /** masq: written as destination port; 0 leaves it. */
  readonly port: number;
  /** net.ipv4.vs.pmtu_disc; false sends too large packets in fragments. */
  readonly pmtuDisc?: boolean;
  /** The next hop is the packet's own destination where the route has no gateway, not the server. */
  readonly astray?: boolean;
}

/**
 * TTL, MTU, neighbour: passes a packet on towards `link`, over the path there. The packet is the function's
 * from here on.
 * @param link int32, as is `virtual`
 * @param virtual the address that IPVS passes it on for; 0: it is no packet of IPVS'
 */
function passOn(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  packet: PacketId,
  link: number,
  path: Path,
  virtual: number,
  fragment: boolean,
): SendResult {
  const { net } = world;
  const pool = net.packets;
  if (pool.rows[(packet << PACKET) | TTL]! <= 1 || path.kind === 'no-route')
    return refuse(world, hooks, host, packet);
  const mtu = path.out[0]?.mtu ?? 65535;
  const length = net.link === undefined ? packetLength(pool, packet) : wireLength(net, packet);
  if (length > mtu && !fragment && (pool.rows[(packet << PACKET) | OPTIONS]! & OPTION_DF) !== 0) {
    if (pool.rows[(packet << PACKET) | COUNT]! > 1) {
      return passOnOneByOne(world, hooks, host, packet, link, path, virtual);
    }
    return refuseTooBig(world, hooks, host, packet, mtu, virtual);
  }
  pool.rows[(packet << PACKET) | TTL] = pool.rows[(packet << PACKET) | TTL]! - 1;
  mixPacket(world, packet);
  if (transmitOver(world, hooks, host, packet, path) === 'unresolved') {
    waitForNeighbour(world, hooks, host, packet, link);
  }
  return 'sent';
}

/** It has come too far, or there is no route. */
function refuse(world: NetWorld, hooks: NetHooks, host: Host, packet: PacketId): SendResult {
  if (world.net.packets.rows[(packet << PACKET) | TTL]! <= 1) {
    icmpError(world, hooks, host, packet, ICMP_TIME_EXCEEDED, 0, 0);
    dropPacket(world, hooks, host, packet, 'ttl-exceeded');
    return 'ttl-exceeded';
  }
  const refusal = refusalOf(host, routedTo(world.net.packets, packet) >>> 0);
  if (refusal !== 'blackhole') {
    const code = refusal === undefined ? ICMP_NET_UNREACHABLE : REFUSED_WITH[refusal];
    icmpError(world, hooks, host, packet, ICMP_UNREACHABLE, code, 0);
  }
  dropPacket(world, hooks, host, packet, 'no-route');
  return 'no-route';
}

/** ip_error */
const REFUSED_WITH: Readonly<Record<Exclude<Refusal, 'blackhole'>, number>> = {
  unreachable: ICMP_HOST_UNREACHABLE,
  prohibit: ICMP_ADMIN_PROHIBITED,
};

/** A server to which the director has no route: host unreachable, whatever the reason (dst_link_failure). */
function refuseServer(world: NetWorld, hooks: NetHooks, host: Host, packet: PacketId): SendResult {
  icmpError(world, hooks, host, packet, ICMP_UNREACHABLE, ICMP_HOST_UNREACHABLE, 0);
  dropPacket(world, hooks, host, packet, 'no-route');
  return 'no-route';
}

function refuseTooBig(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  packet: PacketId,
  mtu: number,
  virtual: number,
): SendResult {
  const pool = world.net.packets;
  const usable = tunnelled(pool, packet) ? mtu - 20 : mtu;
  const errorSource = virtual !== 0 && isLocal(host, virtual) ? virtual : 0;
  // IPVS has taken one off the TTL before it looks at the MTU, ip_forward has not.
  if (errorSource !== 0) pool.rows[(packet << PACKET) | TTL] = pool.rows[(packet << PACKET) | TTL]! - 1;
  // The error is about the packet as its sender made it.
  pool.rows[(packet << PACKET) | OUTER_DESTINATION] = 0;
  pool.rows[(packet << PACKET) | OUTER_SOURCE] = 0;
  icmpError(
    world,
    hooks,
    host,
    packet,
    ICMP_UNREACHABLE,
    ICMP_FRAGMENTATION_NEEDED,
    usable,
    errorSource >>> 0,
  );
  dropPacket(world, hooks, host, packet, 'too-big');
  return 'too-big';
}

/** Each packet of a train that is too big is refused by itself; the last, shorter one may pass. */
function passOnOneByOne(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  train: PacketId,
  link: number,
  path: Path,
  virtual: number,
): SendResult {
  const pool = world.net.packets;
  const count = pool.rows[(train << PACKET) | COUNT]!;
  let result: SendResult = 'too-big';
  for (let i = 0; i < count; i++) {
    const one = slicePacket(pool, train, i, i + 1);
    result = passOn(world, hooks, host, one, link, path, virtual, false);
  }
  freePacket(pool, train);
  return result;
}

/** Routes a packet on that is for elsewhere. The packet is the function's from here on. */
export function forwardPacket(world: NetWorld, hooks: NetHooks, host: Host, packet: PacketId): SendResult {
  const towards = routedTo(world.net.packets, packet);
  return forwardTowards(world, hooks, host, packet, towards, findPath(world, host, towards, towards));
}

/** The same for who knows what the packet is routed by, and the path there. */
export function forwardTowards(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  packet: PacketId,
  towards: number,
  path: Path,
): SendResult {
  return passOn(world, hooks, host, packet, towards, path, 0, false);
}

/**
 * What a director does with a packet that IPVS gives to a server: masq rewrites the destination and routes;
 * route hands it to the server with the destination as it is; tunnel puts it into an IPIP packet. A server
 * address that is the director's own leads to the local stack. The packet is the function's from here on.
 */
export function sendTo(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  packet: PacketId,
  target: SendTarget,
): SendResult {
  const pool = world.net.packets;
  const vip = pool.rows[(packet << PACKET) | DESTINATION]! | 0;
  const address = target.address | 0;
  if (target.method === 'masq') translateDestination(world.net, packet, address, target.port);
  if (isLocal(host, address)) {
    deliverLocally(world, host, packet);
    return 'local';
  }
  if (target.method === 'tunnel') {
    changePacket(pool, packet);
    const source = sourceFor(host, address >>> 0);
    if (source !== undefined) {
      pool.rows[(packet << PACKET) | OUTER_SOURCE] = source;
      pool.rows[(packet << PACKET) | OUTER_DESTINATION] = address;
      // one is taken off on the way out, and then copied to the outer header (ip_vs_tunnel_xmit)
      pool.rows[(packet << PACKET) | INNER_TTL] = pool.rows[(packet << PACKET) | TTL]! - 1;
    }
    if (world.net.link !== undefined && target.pmtuDisc === false) {
      const options = pool.rows[(packet << PACKET) | OPTIONS]!;
      pool.rows[(packet << PACKET) | OPTIONS] = options | OPTION_MAY_FRAGMENT;
    }
  }
  // what IPVS sends passes LOCAL_OUT, a tunnel's packet with its outer header (ip_vs_xmit.c)
  if (host.filter !== undefined && filterDrops(world, hooks, host, 'OUTPUT', packet, undefined)) {
    return 'filtered';
  }
  const known = findPath(world, host, address, routedTo(pool, packet));
  if (known.kind === 'no-route') return refuseServer(world, hooks, host, packet);
  const path = target.astray === true ? astray(world, host, known, address >>> 0, vip >>> 0) : known;
  return passOn(world, hooks, host, packet, address, path, vip, target.pmtuDisc === false);
}

/** Hands a packet to the host's own stack as if it had come in over lo, past the hooks. */
export function deliverLocally(world: NetWorld, host: Host, packet: PacketId): void {
  const { sim, net } = world;
  schedule(sim, sim.now, net.kinds.process, packet, ~host.interfaces[0]!.id);
}

/** Writes a packet's source, as NAT does with a reply; of an ICMP error also the quoted destination. */
export function translateSource(
  net: Network,
  packet: PacketId,
  address: Ipv4 | number,
  sourcePort: number,
): void {
  const pool = net.packets;
  changePacket(pool, packet);
  pool.rows[(packet << PACKET) | SOURCE] = address;
  if (
    pool.rows[(packet << PACKET) | PROTOCOL] === PROTO_TCP ||
    pool.rows[(packet << PACKET) | PROTOCOL] === PROTO_UDP
  ) {
    if (sourcePort !== 0) pool.rows[(packet << PACKET) | SOURCE_PORT] = sourcePort;
  } else {
    pool.icmp[(packet << ICMP) | INNER_DESTINATION] = address;
    if (sourcePort !== 0) pool.icmp[(packet << ICMP) | INNER_DESTINATION_PORT] = sourcePort;
  }
}

/** Writes a packet's destination; of an ICMP error also the quoted source. */
export function translateDestination(
  net: Network,
  packet: PacketId,
  address: Ipv4 | number,
  destinationPort: number,
): void {
  const pool = net.packets;
  changePacket(pool, packet);
  pool.rows[(packet << PACKET) | DESTINATION] = address;
  if (
    pool.rows[(packet << PACKET) | PROTOCOL] === PROTO_TCP ||
    pool.rows[(packet << PACKET) | PROTOCOL] === PROTO_UDP
  ) {
    if (destinationPort !== 0) pool.rows[(packet << PACKET) | DESTINATION_PORT] = destinationPort;
  } else {
    pool.icmp[(packet << ICMP) | INNER_SOURCE] = address;
    if (destinationPort !== 0) pool.icmp[(packet << ICMP) | INNER_SOURCE_PORT] = destinationPort;
  }
}
